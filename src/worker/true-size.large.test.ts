/** A run at the true shapes of GPT-2 and CLIP: its GPU memory by the ledger of every buffer, against the bars. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseConfig } from '../esper/config';
import type { Networks } from '../esper/networks';
import { Trainer } from '../esper/trainer';
import { Gpt2Cache } from '../frozen/gpt2/cache';
import { Gpt2Differentiable } from '../frozen/gpt2/differentiable';
import { openLanguageModel } from '../frozen/gpt2/open';
import { assembleWeights, parameterTensors, storedAs } from '../frozen/gpt2/parameters';
import type { Gpt2Config, Gpt2Weights } from '../frozen/gpt2/weights';
import { openGpu } from '../gpu/device';
import { KernelRunner } from '../gpu/kernel';
import { Tensor } from '../gpu/tensor';
import { runBytes } from './plan-memory';

/** Of CLIP ViT-B/32. */
const E = 512;
const GPT2: Gpt2Config = {
  vocab_size: 50_257,
  n_positions: 1024,
  n_embd: 768,
  n_layer: 12,
  n_head: 12,
  layer_norm_epsilon: 1e-5,
  eos_token_id: 50_256,
};
const DISTILGPT2: Gpt2Config = { ...GPT2, n_layer: 6 };

/** B = 16, L = P + Q + T − 1 = 32. */
const config = parseConfig({
  imagesPerBatch: 4,
  samplesPerImage: 4,
  minibatches: 4,
  epochs: 1,
  prefixLength: 10,
  responseLength: 18,
  trainingPictures: 512,
});
const QUERY = [50_256, 464, 4590, 8477, 257];

const BARS = [
  { name: 'GPT-2 124M', lm: GPT2, storage: 'f32', megabytes: 1600 },
  { name: 'GPT-2 124M', lm: GPT2, storage: 'f16', megabytes: 1000 },
  { name: 'DistilGPT-2', lm: DISTILGPT2, storage: 'f16', megabytes: 700 },
] as const;

/**
 * Makes everything and computes nothing: memory is taken when programs are prepared, and an iteration at
 * this size would keep a software adapter busy for a quarter of an hour.
 */
class IdleRunner extends KernelRunner {
  override submit(): void {}
}

let runner: KernelRunner;
beforeAll(async () => {
  runner = new IdleRunner(await openGpu());
});
afterAll(() => runner.gpu.destroy());

/** Weights of zeros: what is measured here does not depend on them. */
async function networksOf(weights: Gpt2Weights): Promise<Networks> {
  return {
    runner,
    lm: await openLanguageModel(runner, weights, 'kernels'),
    differentiate: (sizes) => Gpt2Differentiable.create(runner, weights, sizes),
    cache: (sizes) => Gpt2Cache.create(runner, weights, sizes),
    tokenizer: { decode: (ids) => Array.from(ids).join(' '), encode: () => [] },
    clip: {
      textFeatures: async (texts, out) =>
        out.write(
          Float32Array.from({ length: texts.length * E }, (_, i) => Math.sin(i)),
          0,
        ),
    },
    E,
    query: QUERY,
  };
}

describe.each(BARS)('$name in $storage, B 16, P 10, L 32', ({ lm, storage, megabytes }) => {
  it(`trains within ${megabytes} MB`, async () => {
    const empty = runner.gpu.usage.bytes;
    const weights = assembleWeights(
      lm,
      (name, shape) => new Tensor(runner.gpu, name, shape, storedAs(name, shape, storage)),
    );
    const loaded = runner.gpu.usage.bytes;
    const networks = await networksOf(weights);
    const trainer = await Trainer.create(networks, config);
    const pictures = Float32Array.from({ length: 512 * E }, (_, i) => Math.sin(i * i));
    trainer.setPictures(pictures, 0);
    await trainer.iterate();
    await trainer.caption(pictures.subarray(0, E));
    const taken = (runner.gpu.usage.bytes - empty) / 1e6;
    console.info(`${taken.toFixed(0)} MB`);
    const foretold = runBytes(lm, E, QUERY.length, config);
    expect(Math.abs(foretold / (runner.gpu.usage.bytes - loaded) - 1)).toBeLessThan(0.1);
    await trainer.destroy();
    await networks.lm.dispose();
    for (const tensor of parameterTensors(weights).values()) tensor.destroy();
    expect(taken).toBeLessThan(megabytes);
  });
});
