/** What a world makes of a generator: streams apart, held out as asked for, attributes by their names. */
import { expect, it } from 'vitest';
import { createWorld } from './world';

interface Scene {
  number: number;
  heldOut: boolean;
}

const world = createWorld<Scene, boolean>({
  modality: 'sound',
  attributes: ['number', 'colour'],
  sample: (random, heldOut) => ({ number: random.integer(1e6), heldOut }),
  draw: ({ number }) => Float32Array.of(number),
  caption: ({ number, heldOut }, style) => `${style} ${number}${heldOut ? ' held out' : ''}`,
  fullCaption: ({ number }) => `the ${number}`,
  wholeCaptions: ({ number }) => [`the ${number}`, `a ${number}`],
  attributesNamed: ({ number }, text) => [
    { attribute: 'number', right: text.includes(String(number)) },
    { attribute: 'colour', right: true },
    { attribute: 'colour', right: text.includes('red') },
  ],
  isHeldOut: ({ heldOut }) => heldOut,
  options: { training: false, evaluation: true, watched: (index) => index % 2 === 0 },
});

it('draws every item from a stream of its own, the same at any time', () => {
  const all = [
    ...world.watched(3),
    ...world.evaluation(3),
    ...Array.from({ length: 3 }, (_, index) => world.training(index)),
  ];
  const truths = all.map(({ truth }) => truth);
  expect(new Set(truths).size).toBe(9);
  expect(world.training(2).truth).toBe(truths[8]);
  expect(world.evaluation(1)[0]!.truth).toBe(truths[3]);
});

it('holds out what is evaluated, and nothing of what is trained on', () => {
  expect(world.evaluation(4).map(({ heldOut }) => heldOut)).toEqual([true, true, true, true]);
  expect(world.watched(4).map(({ heldOut }) => heldOut)).toEqual([true, false, true, false]);
  expect(world.training(7).heldOut).toBe(false);
});

it('says what is true of an item and which attributes a text names right', () => {
  const [item] = world.evaluation(1);
  const number = (item!.input as Float32Array)[0]!;
  expect(item!.references()).toEqual([`the ${number}`, `a ${number}`]);
  expect(item!.namedRight(`a red ${number}`)).toEqual({ number: true, colour: true });
  expect(item!.namedRight(`a ${number}`)).toEqual({ number: true, colour: false });
});
