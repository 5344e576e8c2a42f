import { expect, it } from 'vitest';
import type { Provider } from '../frozen/provider';
import { normals, withRunner } from '../gpu/testing/harness';
import { trafficSince } from '../gpu/traffic';
import { type Config, parseConfig } from './config';
import { SMALL_E, smallNetworks } from './testing/small-networks';
import { SMALL_RUN } from './testing/small-run';
import { Trainer } from './trainer';

const kit = withRunner();

const SETTINGS = { ...SMALL_RUN, minibatches: 3 };

/** What the third iteration asked of the device, and the buffers that it created. */
async function steadyState(settings: Partial<Config>, on: Provider | 'kernels' = 'kernels') {
  const { runner } = kit;
  const networks = await smallNetworks(runner, on);
  const config = parseConfig({ ...SETTINGS, ...settings });
  const trainer = await Trainer.create(networks, config);
  trainer.setPictures(normals(9 * SMALL_E, 9), 0);
  for (let i = 0; i < 2; i++) await trainer.iterate();
  const before = runner.gpu.traffic;
  const { created } = runner.gpu.usage;
  await trainer.iterate();
  const found = {
    ...trafficSince(before, runner.gpu.traffic),
    created: runner.gpu.usage.created - created,
  };
  await trainer.destroy();
  await networks.lm.dispose();
  return found;
}

it('an iteration makes no buffer, maps two and submits once a token and a minibatch', async () => {
  const found = await steadyState({});
  const { responseLength: T, epochs, minibatches } = SETTINGS;
  // Each token but the first is drawn and read; prefix, prefill, sequences, two teacher-forced passes, cosine,
  // log-probs, reward, advantages; the two read-backs.
  const submits = 2 * T - 1 + 9 + epochs * minibatches + 2;
  expect(found).toMatchObject({ created: 0, readbacks: 2, submits });
  const longer = await steadyState({ epochs: 2 * epochs });
  expect(longer).toMatchObject({
    created: 0,
    readbacks: 2,
    submits: submits + epochs * minibatches,
  });
  // What a minibatch asks for: more than here is a step that went astray.
  const aMinibatch = (name: 'dispatches' | 'uploads') =>
    (longer[name] - found[name]) / (epochs * minibatches);
  expect(aMinibatch('dispatches')).toBeLessThanOrEqual(63);
  expect(aMinibatch('uploads')).toBeLessThanOrEqual(10);
  expect(found.dispatches).toBeLessThanOrEqual(541);
  expect(found.uploads).toBeLessThanOrEqual(91);
});

it('where the language model computes in memory, the prefix is read back in place of the tokens', async () => {
  const { epochs, minibatches } = SETTINGS;
  // Prefix, sequences, cosine, log-probs, reward, advantages; the two read-backs.
  const submits = 6 + epochs * minibatches + 2;
  for (const referenceUntil of [0, 3])
    expect(await steadyState({ referenceUntil }, 'wasm')).toMatchObject({
      created: 0,
      readbacks: 2,
      submits,
    });
});
