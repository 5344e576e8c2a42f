/** Learning from texts alone, on the small networks. */
import { beforeAll, expect, it } from 'vitest';
import type { KernelRunner } from '../../gpu/kernel';
import { sharedRunner } from '../../gpu/testing/harness';
import { Random } from '../../math/random';
import { type Config, parseConfig } from '../config';
import type { Corpus } from '../networks';
import { SMALL_E, smallNetworks } from '../testing/small-networks';
import { Trainer } from '../trainer';

let runner: KernelRunner;
beforeAll(async () => {
  runner = await sharedRunner();
});

/** Texts that their features tell apart: one word, said again and again. */
const REPEATED: Corpus = {
  draw: (random) => new Array<number>(3 + random.integer(2)).fill(10 + random.integer(4)).join(' '),
};

const SMALL = {
  imagesPerBatch: 4,
  samplesPerImage: 4,
  trainingPictures: 9,
  responseLength: 5,
  minResponse: 2,
  prefixLength: 2,
  minibatches: 2,
  learningRate: 0.01,
  warmStartNoise: 0.001,
};

async function small(settings: Partial<Config>, corpus?: Corpus): Promise<Trainer> {
  const networks = { ...(await smallNetworks(runner)), corpus };
  const trainer = await Trainer.create(networks, parseConfig({ ...SMALL, ...settings }));
  const random = new Random(9);
  trainer.setPictures(
    Float32Array.from({ length: 9 * SMALL_E }, () => 3 * random.normal()),
    0,
  );
  return trainer;
}

const lossOf = async (trainer: Trainer) => {
  const { steps } = await trainer.iterate();
  return steps.reduce((sum, { ppo }) => sum + ppo.nllLoss, 0) / steps.length;
};

it('learns to write a text back from its feature, then goes over to PPO', async () => {
  const trainer = await small({ warmStartUpdates: 30 }, REPEATED);
  const losses: number[] = [];
  for (let update = 0; update < 30; update++) losses.push(await lossOf(trainer));
  expect(losses[0]).toBeGreaterThan(4); // of 97 tokens: log 97 is 4.6
  // The language model is random: its words are hard to steer.
  expect(losses.at(-1)).toBeLessThan(losses[0]! - 0.4);
  const { steps } = await trainer.iterate();
  expect(steps).toHaveLength(4 * 2); // PPO's epochs again
  expect(steps[0]!.ppo.ratioMean).toBeCloseTo(1, 3);
  await trainer.destroy();
});

it('leaves a value head as it is, and goes on from a stored state bit for bit', async () => {
  const settings = { warmStartUpdates: 4, advantage: 'gae' as const };
  const whole = await small(settings, REPEATED);
  for (let update = 0; update < 2; update++) await whole.iterate();
  const state = await whole.state();
  const head = state.parameters.find(({ name }) => name.startsWith('value_head'))!;
  expect(head.value.every((value) => value === 0)).toBe(true);
  const expected = [await lossOf(whole), await lossOf(whole)];
  const resumed = await small(settings, REPEATED);
  resumed.restore(state);
  expect([await lossOf(resumed), await lossOf(resumed)]).toEqual(expected);
  await whole.destroy();
  await resumed.destroy();
});

it('says what is missing: a corpus, or texts that are long enough', async () => {
  const without = await small({ warmStartUpdates: 1 });
  await expect(without.iterate()).rejects.toThrow('needs texts to learn from');
  const short = await small({ warmStartUpdates: 1, minResponse: 4 }, { draw: () => '1 2' });
  await expect(short.iterate()).rejects.toThrow('none has the 4 tokens');
  await without.destroy();
  await short.destroy();
});
