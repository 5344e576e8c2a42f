/** One picture after several labels: each caption is what a run whose prompt is that label would write. */
import { beforeAll, expect, it } from 'vitest';
import type { KernelRunner } from '../gpu/kernel';
import { sharedRunner } from '../gpu/testing/harness';
import { Random } from '../math/random';
import { parseConfig } from './config';
import { captionInStyles } from './styled';
import { SMALL_E, smallNetworks } from './testing/small-networks';
import { Trainer } from './trainer';

let runner: KernelRunner;
beforeAll(async () => {
  runner = await sharedRunner();
});

const random = new Random(9);
const picture = Float32Array.from({ length: SMALL_E }, () => 3 * random.normal());
const settings = {
  imagesPerBatch: 2,
  samplesPerImage: 2,
  trainingPictures: 8,
  responseLength: 6,
  minResponse: 2,
  prefixLength: 2,
  minibatches: 1,
};

it('writes as after a prompt, scores as training does, and gives back what it took of the GPU', async () => {
  const networks = await smallNetworks(runner);
  const trainer = await Trainer.create(networks, parseConfig(settings));
  const write = (text: string) => captionInStyles(networks, trainer, picture, text);
  const labels = ['20 21', '7', '22 23'];
  await write(labels.join(','));
  const { bytes, buffers } = runner.gpu.usage;
  const written = await write(labels.join(','));
  expect(runner.gpu.usage).toMatchObject({ bytes, buffers });
  expect(written.map(({ label }) => label)).toEqual(labels);
  for (const { label, text, cosine } of written) {
    const other = await Trainer.create(
      networks,
      parseConfig({ ...settings, query: 'prompt', prompt: `${label}:` }),
    );
    other.setPictures(new Float32Array(8 * SMALL_E).fill(1), 0);
    const [expected] = await other.caption(picture);
    expect(text).toBe(expected!.text);
    expect(cosine).toBeCloseTo(expected!.cosine, 5);
    await other.destroy();
  }
  expect(new Set(written.map(({ text }) => text)).size).toBe(labels.length);
  const own = await write('');
  expect(own.map(({ label }) => label)).toEqual(['7', '20 21']);
  await expect(
    captionInStyles(
      { ...networks, wording: { ...networks.wording!, styles: [] } },
      trainer,
      picture,
      ' ',
    ),
  ).rejects.toThrow('no styles');
  await trainer.destroy();
});
