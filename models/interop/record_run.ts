/**
 * Writes golden/run-rloo and golden/run-gae: what the built page exports for PyTorch after some updates, what
 * it exports after some more, and its metrics of those, to which test_continue.py holds continue.py.
 *
 * npx vite build && npx tsx models/interop/record_run.ts
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { openPage } from '../../e2e/bench/page-run';
import { TrainerPage } from '../../e2e/trainer-page';
import { filesOfZip } from '../../src/frozen/hub/zip';
import { METRICS } from '../../src/worker/protocol';

const BEFORE = 2;
const AFTER = 3;
/** Small, so that the files are; terms of the loss and reward that are off by default are on. */
const SETTINGS = {
  imagesPerBatch: '4',
  samplesPerImage: '4',
  trainingPictures: '24',
  prefixLength: '1',
  epochs: '2',
  minibatches: '2',
  noRepeatNgram: '3',
  fluencyWeight: '0.1',
  repetitionWeight: '1',
  klLossCoef: '0.05',
  entropyCoef: '0.01',
  warmupUpdates: '4',
};
/** With opening words, pictures of one update follow different queries, and part of them is said. */
const QUERIES = { rloo: 'pair', gae: 'opening-words' } as const;
/** The scripts and the frozen networks lie in the repository already. */
const KEPT = /^(config|run)\.json$|^[\w]+\.safetensors$/;

async function exportTo(trainer: TrainerPage, folder: URL, kept: RegExp): Promise<void> {
  const { name, buffer } = await trainer.exportForPyTorch();
  mkdirSync(folder, { recursive: true });
  for (const { path, pipe } of await filesOfZip(name, new Blob([new Uint8Array(buffer)]))) {
    if (!kept.test(path)) continue;
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    await pipe((chunk) => void chunks.push(chunk));
    writeFileSync(new URL(path, folder), await new Blob(chunks).bytes());
  }
}

for (const advantage of ['rloo', 'gae'] as const) {
  const run = await openPage({ ...SETTINGS, advantage, query: QUERIES[advantage] });
  const trainer = new TrainerPage(run.page);
  const folder = new URL(`./golden/run-${advantage}/`, import.meta.url);
  await trainer.steps(BEFORE);
  await exportTo(trainer, new URL('start/', folder), KEPT);
  const metrics: Record<string, number>[] = [];
  for (let i = 0; i < AFTER; i++) {
    await trainer.steps(1);
    const values = METRICS.filter((name) => !/^(step_ms|gpu_)/.test(name)).map(
      async (name) => [name, await trainer.metric(name)] as const,
    );
    metrics.push(Object.fromEntries(await Promise.all(values)));
  }
  await exportTo(trainer, new URL('end/', folder), /^(projector|value_head|optimizer)\./);
  writeFileSync(new URL('metrics.json', folder), `${JSON.stringify(metrics, undefined, 1)}\n`);
  await run.close();
}
