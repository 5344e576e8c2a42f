/** Writes .cache/<split>.rgb, raw [count, 64, 64, 3] bytes: `npx tsx models/shapes/render.ts clip`. */
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { once } from 'node:events';
import { withPage } from '../worlds/browser_page';
import { isSplitName, SPLITS } from './splits';

const CHUNK = 250;
const here = import.meta.dirname;

const names = process.argv.slice(2);
await mkdir(`${here}/.cache`, { recursive: true });
await withPage(`${here}/page.ts`, {}, async (page) => {
  for (const name of names) {
    if (!isSplitName(name)) throw new Error(`no split ${name}`);
    const started = performance.now();
    const file = createWriteStream(`${here}/.cache/${name}.rgb`);
    for (let from = 0; from < SPLITS[name].count; from += CHUNK) {
      const bytes = await page.evaluate(
        ([split, start, count]) => window.shapesPictures(split, start, count),
        [name, from, Math.min(CHUNK, SPLITS[name].count - from)] as const,
      );
      if (!file.write(Buffer.from(bytes, 'base64'))) await once(file, 'drain');
    }
    file.end();
    await once(file, 'finish');
    const seconds = (performance.now() - started) / 1000;
    console.log(`${name}: ${SPLITS[name].count} pictures in ${seconds.toFixed(0)} s`);
  }
});
