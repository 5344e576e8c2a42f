/** A short run with each kind of projector, on a small random GPT-2 whose words depend much on its prefix. */
import { beforeAll, describe, expect, it } from 'vitest';
import { Gpt2Cache } from '../../frozen/gpt2/cache';
import { Gpt2Differentiable } from '../../frozen/gpt2/differentiable';
import { openLanguageModel } from '../../frozen/gpt2/open';
import { smallWeights } from '../../frozen/gpt2/testing/small-gpt2';
import { Random } from '../../math/random';
import { sharedRunner } from '../../gpu/testing/harness';
import { type Config, parseConfig } from '../config';
import type { Networks } from '../networks';
import { SMALL_E, smallNetworks } from '../testing/small-networks';
import { Trainer } from '../trainer';

const SETTINGS = {
  imagesPerBatch: 4,
  samplesPerImage: 8,
  trainingPictures: 8,
  responseLength: 4,
  minResponse: 3,
  prefixLength: 2,
  epochs: 2,
  minibatches: 1,
  projectorLayers: 2,
  learningRate: 0.015,
  klCoef: 0,
};

let networks: Networks;
beforeAll(async () => {
  const runner = await sharedRunner();
  const weights = smallWeights(runner.gpu);
  networks = {
    ...(await smallNetworks(runner)),
    lm: await openLanguageModel(runner, weights),
    differentiate: (sizes) => Gpt2Differentiable.create(runner, weights, sizes),
    cache: (sizes) => Gpt2Cache.create(runner, weights, sizes),
  };
});

async function begin(projector: Config['projector']): Promise<Trainer> {
  const trainer = await Trainer.create(networks, parseConfig({ ...SETTINGS, projector }));
  const random = new Random(9);
  const features = Float32Array.from({ length: 8 * SMALL_E }, () => 3 * random.normal());
  trainer.setPictures(features, 0);
  return trainer;
}

const cosines = async (trainer: Trainer, updates: number) => {
  const found: number[] = [];
  for (let i = 0; i < updates; i++) found.push((await trainer.iterate()).cosine);
  return found;
};
const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

// The MLP's learning is seen end to end, and one matrix is an MLP without a layer.
describe.each(['transformer', 'deep'] as const)('a %s projector', (kind) => {
  it('learns: captions come nearer to their pictures, and goes on from a stored state', async () => {
    const trainer = await begin(kind);
    const found = await cosines(trainer, 24);
    expect(mean(found.slice(-5)) - mean(found.slice(0, 5))).toBeGreaterThan(0.05);
    const resumed = await begin(kind);
    resumed.restore(structuredClone(await trainer.state()));
    expect(await cosines(resumed, 1)).toEqual(await cosines(trainer, 1));
    for (const made of [trainer, resumed]) await made.destroy();
  });
});
