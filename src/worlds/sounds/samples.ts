/** Sounds to try at once, some of held-out pairs; each is the same whenever it is drawn. */
import { Random } from '../../math/random';
import { fullCaption } from './captions';
import { isHeldOut, type Scene } from './scene';
import { drawSound } from './synthesis';

export interface SampleSound {
  name: string;
  scene: Scene;
}

const SEED = 48;

const SCENES: readonly Scene[] = [
  { instrument: 'flute', pitch: 'high', melody: 'rising', rhythm: 'slowly' },
  { instrument: 'trumpet', pitch: 'medium', melody: 'falling', rhythm: 'quickly' },
  { instrument: 'bell', pitch: 'high', melody: 'steady', rhythm: 'twice' },
  { instrument: 'drum', pitch: 'low', melody: 'steady', rhythm: 'unevenly' },
  { instrument: 'violin', pitch: 'medium', melody: 'rising', rhythm: 'once' },
  { instrument: 'harp', pitch: 'medium', melody: 'rising', rhythm: 'quickly' },
];

/** "A rising high flute played slowly" */
const nameOf = (scene: Scene): string => {
  const text = fullCaption(scene).replace(/ \.$/, '');
  return text.charAt(0).toUpperCase() + text.slice(1);
};

export const SAMPLE_SOUNDS: readonly SampleSound[] = SCENES.map((scene) => ({
  name: nameOf(scene),
  scene,
}));

/** @param rate samples a second */
export const sampleSound = ({ scene }: SampleSound, rate: number): Float32Array =>
  drawSound(scene, new Random(SEED), rate);

/** Whether the projector never trains on its instrument with its rhythm. */
export const isUnseen = ({ scene }: SampleSound): boolean => isHeldOut(scene);
