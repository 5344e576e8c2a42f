import { expect, it } from 'vitest';
import { parseConfig } from '../esper/config';
import { trainingBytes } from '../esper/memory';
import type { Gpt2Config } from '../frozen/gpt2/weights';
import { projectorSizes, runBytes } from './plan-memory';

const GPT2: Gpt2Config = {
  vocab_size: 50_257,
  n_positions: 1024,
  n_embd: 768,
  n_layer: 12,
  n_head: 12,
  layer_norm_epsilon: 1e-5,
  eos_token_id: 50_256,
};

it('counts what the released trainer’s modules have at GPT-2’s size', () => {
  const config = parseConfig({ prefixLength: 10, projectorLayers: 1 });
  const found = projectorSizes(GPT2, 512, 6, config, false);
  const [hidden, out, D] = [3840, 7680, 768];
  const block = 2 * 2 * D + 3 * D * D + (D * D + D) + (2 * D * D + 2 * D) + (2 * D * D + D);
  expect(Object.fromEntries(found.map(({ kind, parameters }) => [kind, parameters]))).toEqual({
    mlp: 513 * hidden + (hidden + 1) * out, // 31.47 M (shared/esper.md)
    linear: 513 * out,
    transformer: 513 * out + 10 * D + block,
    deep: 513 * 512 + 513 * 12 * 2 * out,
  });
});

it('counts what decoding keeps where it is on the GPU', () => {
  const config = parseConfig({});
  const bytesOf = (decodesOnCpu: boolean) =>
    Object.fromEntries(
      projectorSizes(GPT2, 512, 6, config, decodesOnCpu).map(({ kind, bytes }) => [kind, bytes]),
    );
  const [onCpu, onGpu] = [bytesOf(true), bytesOf(false)];
  expect(onGpu['mlp']).toBe(runBytes(GPT2, 512, 6, config));
  expect(onCpu['mlp']).toBe(trainingBytes(GPT2, 512, 6, config));
  expect(onCpu['mlp']).toBeLessThan(onGpu['mlp']!);
  expect(onCpu['deep']).toBe(onGpu['deep']);
});
