/** The page needs no network: whatever it loads, or puts into an export, comes from where it came from. */
import { expect, test } from '@playwright/test';
import { Uint8ArrayReader, ZipReader } from '@zip.js/zip.js/lib/zip-core-native.js';
import { picture } from './pictures';
import { TrainerPage } from './trainer-page';

test('nothing is asked of another origin', async ({ page, context, baseURL }) => {
  const strangers: string[] = [];
  const origin = new URL(baseURL ?? '').origin;
  // Requests of workers are reported here too.
  context.on('request', (request) => {
    const url = new URL(request.url());
    if (!['data:', 'blob:'].includes(url.protocol) && url.origin !== origin)
      strangers.push(request.url());
  });
  const trainer = new TrainerPage(page);
  await trainer.open({ imagesPerBatch: 4, samplesPerImage: 4, trainingPictures: 16 });
  await trainer.give(await picture(page, { color: 'red', shape: 'square', radius: 40 }));
  await trainer.steps(1);
  await trainer.exportFile();
  const { name, buffer } = await trainer.exportForPyTorch();
  expect(name).toBe('esper-gpt2-1-pytorch.zip');
  const entries = await new ZipReader(new Uint8ArrayReader(buffer)).getEntries();
  const sizes = Object.fromEntries(entries.map((file) => [file.filename, file.uncompressedSize]));
  for (const [file, least] of [
    ['continue.py', 1000],
    ['optimizer.safetensors', 300_000],
    ['features.safetensors', 16 * 64 * 4],
    ['lm/model.safetensors', 500_000],
    ['clip/model.safetensors', 2_000_000],
  ] as const)
    expect(sizes[`esper-gpt2-1-pytorch/${file}`], file).toBeGreaterThan(least);
  expect(strangers).toEqual([]);
});
