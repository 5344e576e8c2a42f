/** What is foretold of a run's memory, against what the run takes by the ledger of every buffer. */
import { beforeAll, expect, it } from 'vitest';
import { parseConfig } from '../esper/config';
import { trainingBytes } from '../esper/memory';
import { SMALL_E, smallNetworks } from '../esper/testing/small-networks';
import { Trainer } from '../esper/trainer';
import { weightBytes } from '../frozen/gpt2/memory';
import type { KernelRunner } from '../gpu/kernel';
import { sharedRunner } from '../gpu/testing/harness';
import { Random } from '../math/random';
import { runBytes } from './plan-memory';

let runner: KernelRunner;
beforeAll(async () => {
  runner = await sharedRunner();
});

const PICTURES = 9;
// Large enough for what grows with the batch to outweigh what a buffer takes at least.
const SETTINGS = {
  imagesPerBatch: 16,
  samplesPerImage: 8,
  trainingPictures: PICTURES,
  responseLength: 20,
  prefixLength: 2,
  epochs: 1,
  minibatches: 2,
  projectorLayers: 2,
};

function features(count: number): Float32Array {
  const random = new Random(9);
  return Float32Array.from({ length: count * SMALL_E }, () => random.normal());
}

const PROJECTORS = ['transformer', 'deep'] as const;

it.each([
  { on: 'wasm', storage: 'f32', foretold: trainingBytes, projector: 'mlp' },
  { on: 'kernels', storage: 'f16', foretold: runBytes, projector: 'mlp' },
  ...PROJECTORS.map(
    (projector) => ({ on: 'kernels', storage: 'f32', foretold: runBytes, projector }) as const,
  ),
] as const)(
  'a run on $on with a $projector projector takes what was foretold, within a tenth',
  async ({ on, storage, foretold, projector }) => {
    const value =
      projector === 'deep' ? ({ advantage: 'gae', valueProjector: 'own' } as const) : {};
    const activations = projector === 'transformer' ? 'recompute' : 'keep';
    const config = parseConfig({ ...SETTINGS, projector, activations, ...value });
    const empty = runner.gpu.usage.bytes;
    const networks = await smallNetworks(runner, on, storage);
    const before = runner.gpu.usage.bytes;
    const { config: lm } = networks.lm;
    expect(before - empty).toBeGreaterThanOrEqual(weightBytes(lm, storage));
    // Each buffer is a multiple of 16 bytes.
    expect(before - empty).toBeLessThan(1.1 * weightBytes(lm, storage));
    const trainer = await Trainer.create(networks, config);
    trainer.setPictures(features(PICTURES), 0);
    await trainer.iterate();
    await trainer.caption(features(3));
    const taken = runner.gpu.usage.bytes - before;
    await trainer.destroy();
    await networks.lm.dispose();
    expect(Math.abs(foretold(lm, SMALL_E, networks.query.length, config) / taken - 1)).toBeLessThan(
      0.1,
    );
  },
);
