/** Sample pictures to try at once: clean drawings in the world's colours, some of held-out pairs. */
import { isHeldOutPair } from '../../worlds/shapes/scene';
import type { Stamp } from './paint';

export interface SamplePicture {
  name: string;
  ground: string;
  stamps: readonly Stamp[];
}

export const SAMPLE_PICTURES: readonly SamplePicture[] = [
  {
    name: 'A large red circle in the middle',
    ground: '#fdfdfb',
    stamps: [{ shape: 'circle', colour: 'red', x: 0.5, y: 0.5, radius: 0.26 }],
  },
  {
    name: 'A small blue star at the top left',
    ground: '#fbf6e6',
    stamps: [{ shape: 'star', colour: 'blue', x: 0.24, y: 0.24, radius: 0.12 }],
  },
  {
    name: 'A large yellow heart at the bottom right',
    ground: '#eef4fb',
    stamps: [{ shape: 'heart', colour: 'yellow', x: 0.73, y: 0.73, radius: 0.21 }],
  },
  {
    name: 'A small green triangle on the left',
    ground: '#fdfdfb',
    stamps: [{ shape: 'triangle', colour: 'green', x: 0.24, y: 0.5, radius: 0.12 }],
  },
  {
    name: 'A large purple ring at the top',
    ground: '#f3f8f1',
    stamps: [{ shape: 'ring', colour: 'purple', x: 0.5, y: 0.26, radius: 0.2 }],
  },
  {
    name: 'A small black cross at the bottom',
    ground: '#fbeff0',
    stamps: [{ shape: 'cross', colour: 'black', x: 0.5, y: 0.77, radius: 0.12 }],
  },
  {
    name: 'A large orange square on the right',
    ground: '#fdfdfb',
    stamps: [{ shape: 'square', colour: 'orange', x: 0.74, y: 0.5, radius: 0.21 }],
  },
  {
    name: 'A large blue square in the middle',
    ground: '#fbf6e6',
    stamps: [{ shape: 'square', colour: 'blue', x: 0.5, y: 0.5, radius: 0.24 }],
  },
  {
    name: 'A small orange circle at the top right',
    ground: '#eef4fb',
    stamps: [{ shape: 'circle', colour: 'orange', x: 0.76, y: 0.24, radius: 0.115 }],
  },
  {
    name: 'A large yellow star at the bottom left',
    ground: '#fdfdfb',
    stamps: [{ shape: 'star', colour: 'yellow', x: 0.27, y: 0.73, radius: 0.21 }],
  },
  {
    name: 'A large red heart left of a small black triangle',
    ground: '#f3f8f1',
    stamps: [
      { shape: 'heart', colour: 'red', x: 0.27, y: 0.48, radius: 0.2 },
      { shape: 'triangle', colour: 'black', x: 0.77, y: 0.5, radius: 0.115 },
    ],
  },
  {
    name: 'A small pink diamond above a large green square',
    ground: '#f4f1fa',
    stamps: [
      { shape: 'diamond', colour: 'pink', x: 0.5, y: 0.22, radius: 0.12 },
      { shape: 'square', colour: 'green', x: 0.5, y: 0.72, radius: 0.2 },
    ],
  },
];

/** Whether the projector never trains on one of its pairs of colour and shape. */
export const isUnseen = ({ stamps }: SamplePicture): boolean =>
  stamps.some(({ colour, shape }) => isHeldOutPair(colour, shape));
