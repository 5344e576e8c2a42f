/**
 * Writes .cache/<split>.mel, raw float32 [count, 64, 64] (frames, mels): `npx tsx models/sounds/listen.ts clap`.
 * The features are transformers.js's own, so that CLAP is trained on what the page hands it.
 */
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { once } from 'node:events';
import { withPage } from '../worlds/browser_page';
import { isSplitName, SPLITS } from './splits';

const CHUNK = 100;
const here = import.meta.dirname;
const mounts = {
  '/models/': `${here}/../../public/models`,
  '/ort/': `${here}/../../node_modules/onnxruntime-web/dist`,
};

const names = process.argv.slice(2);
await mkdir(`${here}/.cache`, { recursive: true });
await withPage(`${here}/page.ts`, mounts, async (page) => {
  await page.waitForFunction(() => 'soundsFeatures' in window);
  for (const name of names) {
    if (!isSplitName(name)) throw new Error(`no split ${name}`);
    const started = performance.now();
    const file = createWriteStream(`${here}/.cache/${name}.mel`);
    for (let from = 0; from < SPLITS[name].count; from += CHUNK) {
      const text = await page.evaluate(
        ([split, start, count]) => window.soundsFeatures(split, start, count),
        [name, from, Math.min(CHUNK, SPLITS[name].count - from)] as const,
      );
      if (!file.write(Buffer.from(text, 'base64'))) await once(file, 'drain');
    }
    file.end();
    await once(file, 'finish');
    const seconds = (performance.now() - started) / 1000;
    console.log(`${name}: ${SPLITS[name].count} sounds in ${seconds.toFixed(0)} s`);
  }
});
