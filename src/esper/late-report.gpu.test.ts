/** Iterations that begin while the GPU is still at the update before, beside those that wait for each. */
import { expect, it } from 'vitest';
import golden from '../../models/reference/golden/gpt2-gradient.json';
import { normals, withRunner } from '../gpu/testing/harness';
import { type Config, parseConfig } from './config';
import { shapeOf } from './projector/shape';
import { initialProjector } from './projector/values';
import type { IterationReport } from './report';
import { SMALL_E, smallNetworks } from './testing/small-networks';
import { SMALL_RUN } from './testing/small-run';
import { Trainer } from './trainer';

const kit = withRunner();

const SETTINGS = {
  ...SMALL_RUN,
  learningRate: 0.01,
  klController: 'adaptive',
} as const satisfies Partial<Config>;

async function small(): Promise<Trainer> {
  const trainer = await Trainer.create(
    await smallNetworks(kit.runner, 'kernels'),
    parseConfig(SETTINGS),
  );
  trainer.setPictures(normals(9 * SMALL_E, 9, 3), 0);
  return trainer;
}

const numbersOf = ({ milliseconds: _clock, ...numbers }: IterationReport) => numbers;

it('changes neither reports nor weights, and counts no millisecond twice', async () => {
  const patient = await small();
  const expected: IterationReport[] = [];
  for (let i = 0; i < 4; i++) expected.push(await patient.iterate());
  // β of an update hangs on the KL that the report before it told.
  expect(new Set(expected.map(({ klCoef }) => klCoef)).size).toBe(4);

  const hasty = await small();
  const told: IterationReport[] = [];
  const before: number[] = [];
  const started = performance.now();
  for (let i = 0; i < 4; i++) {
    await hasty.begin((report) => told.push(report));
    before.push(told.length);
  }
  await hasty.settle();
  const elapsed = performance.now() - started;
  expect(told.map(numbersOf)).toEqual(expected.map(numbersOf));
  expect((await hasty.state()).parameters).toEqual((await patient.state()).parameters);
  // When the next update is submitted, the last one's report was told, and its own was not yet.
  expect(before).toEqual([0, 1, 2, 3]);

  const phases = told.flatMap(({ milliseconds }) => Object.values(milliseconds));
  // One of them may be over before anybody looks.
  expect(Math.min(...phases)).toBeGreaterThanOrEqual(0);
  const sum = phases.reduce((all, ms) => all + ms, 0);
  expect(sum).toBeGreaterThan(0);
  expect(sum).toBeLessThanOrEqual(elapsed);
});

it('stops at a gradient that is not finite one iteration later, with the weights from before it', async () => {
  const trainer = await small();
  const good = initialProjector(shapeOf(trainer.config, golden.gpt2, SMALL_E), 3);
  const bad = structuredClone(good);
  for (const values of Object.values(bad)) values.fill(Number.NaN);
  await trainer.load(bad, 'raw');
  const loaded = await trainer.state();
  const told: IterationReport[] = [];
  const tell = (report: IterationReport) => void told.push(report);
  await trainer.begin(tell);
  await expect(trainer.begin(tell)).rejects.toMatchObject({
    fault: { kind: 'non-finite', step: 1 },
  });
  expect(told).toEqual([]);
  expect(trainer.update).toBe(0);
  const { parameters, update } = await trainer.state();
  expect({ parameters, update }).toEqual({ parameters: loaded.parameters, update: 0 });

  // What asks in between gets the state before the bad update, and the failure is not lost.
  await trainer.begin(tell);
  expect((await trainer.state()).update).toBe(0);
  await expect(trainer.settle()).rejects.toMatchObject({ fault: { kind: 'non-finite', step: 1 } });

  await trainer.load(good, 'raw');
  expect((await trainer.iterate()).update).toBe(1);
});
