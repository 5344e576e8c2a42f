import { beforeAll, describe, expect, it } from 'vitest';
import golden from '../../models/reference/golden/gpt2-gradient.json';
import type { KernelRunner } from '../gpu/kernel';
import { normals, sharedRunner } from '../gpu/testing/harness';
import { type Config, parseConfig } from './config';
import { projectorInput } from './projector/features';
import { shapeOf } from './projector/shape';
import { initialProjector } from './projector/values';
import type { IterationReport } from './report';
import { SMALL_E, smallNetworks } from './testing/small-networks';
import { SMALL_RUN } from './testing/small-run';
import { Trainer } from './trainer';

let runner: KernelRunner;
beforeAll(async () => {
  runner = await sharedRunner();
});

const SMALL = {
  ...SMALL_RUN,
  fluencyWeight: 1,
  repetitionWeight: 1,
};

const pictures = (count: number) => normals(count * SMALL_E, 9, 3);

async function small(settings: Partial<Config> = {}): Promise<Trainer> {
  const config = parseConfig({ ...SMALL, ...settings });
  const trainer = await Trainer.create(await smallNetworks(runner), config);
  trainer.setPictures(pictures(5), 0);
  trainer.setPictures(pictures(9).subarray(5 * SMALL_E), 5);
  return trainer;
}

/** Everything in a report that is not a clock. */
const numbersOf = ({ milliseconds: _clock, ...numbers }: IterationReport) => numbers;

async function run(trainer: Trainer, updates: number) {
  const reports = [];
  for (let i = 0; i < updates; i++) reports.push(numbersOf(await trainer.iterate()));
  return reports;
}

describe('a run', () => {
  it('rewards what the person’s own expression says, in place of CLIP', async () => {
    const trainer = await small({ rewardExpression: '2 * length - words + 0 * (clip + logprob)' });
    const [report] = await run(trainer, 1);
    // The small networks' words are their tokens; the end of text is none.
    const { terms, length } = report!;
    expect(terms.clip).toBeGreaterThanOrEqual(length - 1e-4);
    expect(terms.clip).toBeLessThanOrEqual(length + 1 + 1e-4);
    const broken = await small({ rewardExpression: '1 / (length - length)' });
    await expect(broken.iterate()).rejects.toThrow(/gives Infinity for “/);
    await trainer.destroy();
    await broken.destroy();
  });

  it('is the same, bit for bit, for the same seed, and another for another', async () => {
    const first = await run(await small(), 3);
    expect(await run(await small(), 3)).toEqual(first);
    expect(await run(await small({ seed: 2 }), 3)).not.toEqual(first);
  });

  it('is the same too where captions follow different queries, and another than the default', async () => {
    for (const query of ['styles', 'opening-words'] as const) {
      const first = await run(await small({ query }), 2);
      expect(await run(await small({ query }), 2)).toEqual(first);
      expect(await run(await small(), 2)).not.toEqual(first);
    }
  });

  it('goes on from a stored state as if it had never stopped', async () => {
    const whole = await small({ advantage: 'gae' });
    const reports = await run(whole, 4);
    const stopped = await small({ advantage: 'gae' });
    await run(stopped, 2);
    const state = structuredClone(await stopped.state());
    const resumed = await small({ advantage: 'gae' });
    resumed.restore(state);
    expect(await run(resumed, 2)).toEqual(reports.slice(2));
  });

  it('puts the trained weights back to the bit after asking the untrained ones', async () => {
    const trainer = await small({ learningRate: 0.01 });
    const features = pictures(3);
    const untrained = await trainer.write(features);
    await run(trainer, 8);
    const trained = await trainer.caption(features);
    expect(await trainer.writeUntrained(features)).toEqual(untrained);
    expect(await trainer.caption(features)).toEqual(trained);
  });
});

describe('a projector that was trained on unit features', () => {
  const values = initialProjector(shapeOf(parseConfig(SMALL), golden.gpt2, SMALL_E), 3);
  const unit = projectorInput(pictures(9), SMALL_E, 1, 'unit');

  it('writes and learns as from unit features that come as they are', async () => {
    const found = await small({ learningRate: 0.01 });
    await found.load(values, 'unit');
    found.setPictures(pictures(9), 0);
    const expected = await small({ learningRate: 0.01 });
    await expected.load(values, 'raw');
    expected.setPictures(unit, 0);
    expect(await found.write(pictures(9))).toEqual(await expected.write(unit));
    expect(await found.write(pictures(9))).not.toEqual(await expected.write(pictures(9)));
    const [report] = await run(found, 1);
    const [reference] = await run(expected, 1);
    expect(report!.cosine).toBeCloseTo(reference!.cosine, 5);
    expect(report!.steps[0]!.gradNorm).toBeCloseTo(reference!.steps[0]!.gradNorm, 4);
  });

  it('stays one in a stored run', async () => {
    const trainer = await small();
    await trainer.load(values, 'unit');
    const state = structuredClone(await trainer.state());
    const resumed = await small();
    resumed.restore(state);
    expect(await resumed.write(pictures(9))).toEqual(await trainer.write(pictures(9)));
    const { convention: _, ...earlier } = state;
    resumed.restore(earlier);
    expect(resumed.projector.convention).toBe('raw');
  });
});

describe('memory', () => {
  it('is given back by destroy', async () => {
    const networks = await smallNetworks(runner);
    const before = runner.gpu.usage.buffers;
    const trainer = await Trainer.create(networks, parseConfig(SMALL));
    trainer.setPictures(pictures(9), 0);
    await trainer.iterate();
    await trainer.destroy();
    // What is left belongs to the language model's own staging.
    expect(runner.gpu.usage.buffers - before).toBeLessThan(40);
  });
});
