/** Our GPT-2 against the f64 reference: hidden states, and the prefix's gradient by central differences. */
import { describe, expect, it } from 'vitest';
import type { KernelRunner } from '../../gpu/kernel';
import { centralDifferences, expectClose, normals, withRunner } from '../../gpu/testing/harness';
import { Random } from '../../math/random';
import { Gpt2Differentiable, type Gpt2Sizes } from './differentiable';
import { type Gpt2Parameters, gpt2Reference } from './gpt2.reference';
import { parameterTensors } from './parameters';
import { smallWeights } from './testing/small-gpt2';
import type { Gpt2Config, Gpt2Weights } from './weights';

const gpu = withRunner();

/** Width and head size 24 / 3 = 8 are whole vectors; 21 / 3 = 7 takes the ragged paths. */
const EVEN: Gpt2Config = {
  vocab_size: 37,
  n_positions: 11,
  n_embd: 24,
  n_layer: 2,
  n_head: 3,
  layer_norm_epsilon: 1e-5,
  eos_token_id: 36,
};
const RAGGED: Gpt2Config = { ...EVEN, n_embd: 21, n_layer: 1 };

const CASES: [Gpt2Config, Gpt2Sizes][] = [
  [EVEN, { B: 3, P: 3, S: 5 }],
  [EVEN, { B: 1, P: 1, S: 1 }],
  [EVEN, { B: 2, P: 1, S: 10 }],
  [RAGGED, { B: 2, P: 2, S: 3 }],
  [EVEN, { B: 3, P: 3, S: 5, N: 3 }],
  [RAGGED, { B: 2, P: 2, S: 3, N: 2 }],
];

async function parametersOf(weights: Gpt2Weights): Promise<Gpt2Parameters> {
  const entries = [...parameterTensors(weights)].map(
    async ([name, tensor]) => [name, await tensor.read()] as const,
  );
  return new Map(await Promise.all(entries));
}

/** A model with its inputs filled in, and the plain numbers that the reference needs. */
async function setUp(runner: KernelRunner, config: Gpt2Config, sizes: Gpt2Sizes) {
  const { B, P, S } = sizes;
  const D = config.n_embd;
  const weights = smallWeights(runner.gpu, config);
  const parameters = await parametersOf(weights);
  const random = new Random(2);
  const prefix = normals(B * P * D, 3);
  const tokens = Uint32Array.from({ length: B * S }, () =>
    Math.floor(random.uniform() * config.vocab_size),
  );
  const { N = P + S } = sizes;
  const dHidden = normals(B * N * D, 4);
  const model = await Gpt2Differentiable.create(runner, weights, sizes);
  model.prefix.write(prefix);
  model.tokens.write(tokens);
  model.dHidden.write(dHidden);
  return { weights, parameters, prefix, tokens, dHidden, model };
}

/** ‖actual − expected‖ / ‖expected‖. */
function relativeError(actual: ArrayLike<number>, expected: Float64Array): number {
  const error = expected.map((value, i) => actual[i]! - value);
  return Math.hypot(...error) / Math.hypot(...expected);
}

describe.each(CASES)('gpt2 of %o with %o', (config, sizes) => {
  it('agrees with the reference in hidden states and in the gradient of the prefix', async () => {
    const { runner } = gpu;
    const { parameters, prefix, tokens, dHidden, model } = await setUp(runner, config, sizes);
    await runner.gpu.checked('gpt2', () => runner.submit('forward', model.forward));
    const { n_embd: D } = config;
    const L = sizes.P + sizes.S;
    const { N = L } = sizes;
    /** Of the last N positions. */
    const hidden = (at: ArrayLike<number>) =>
      gpt2Reference(config, parameters, at, tokens, sizes).filter(
        (_, i) => Math.floor(i / D) % L >= L - N,
      );
    await expectClose(model.hidden, hidden(prefix), 2e-5);

    await runner.gpu.checked('gpt2', () => runner.submit('backward', model.backward));
    const gradient = centralDifferences(
      (at) => hidden(at).reduce((sum, value, i) => sum + value * dHidden[i]!, 0),
      prefix,
    );
    expect(relativeError(await model.dPrefix.read(), gradient)).toBeLessThan(1e-4);
  });
});

it('gives the same bits twice', async () => {
  const { runner } = gpu;
  const { model } = await setUp(runner, EVEN, { B: 3, P: 3, S: 5 });
  const gradient = async () => {
    runner.submit('forward and backward', [...model.forward, ...model.backward]);
    return model.dPrefix.read();
  };
  expect(await gradient()).toEqual(await gradient());
});

it.each([
  [false, undefined],
  [true, undefined],
  [false, 4],
])('recomputes to the same bits in less memory, deep %s, of the last %s', async (deep, N) => {
  const { runner } = gpu;
  const config = { ...EVEN, n_layer: 3 };
  const [B, P, S, D] = [2, 3, 5, config.n_embd];
  const weights = smallWeights(runner.gpu, config);
  const found: { hidden: unknown; dPrefix: unknown; bytes: number }[] = [];
  for (const recompute of [false, true]) {
    const { bytes } = runner.gpu.usage;
    const model = await Gpt2Differentiable.create(runner, weights, {
      ...{ B, P, S, deep, recompute },
      ...(N && { N }),
    });
    const taken = runner.gpu.usage.bytes - bytes;
    model.prefix.write(normals(model.prefix.size, 3));
    model.tokens.write(Uint32Array.from({ length: B * S }, (_, i) => (i * 7) % config.vocab_size));
    model.dHidden.write(normals(model.dHidden.size, 4));
    // The pass before must leave nothing behind that matters.
    for (let pass = 0; pass < 2; pass++)
      runner.submit('forward and backward', [...model.forward, ...model.backward]);
    const [hidden, dPrefix] = [await model.hidden.read(), await model.dPrefix.read()];
    found.push({ hidden, dPrefix, bytes: taken });
    model.destroy();
  }
  const [kept, recomputed] = found;
  expect(recomputed!.hidden).toEqual(kept!.hidden);
  expect(recomputed!.dPrefix).toEqual(kept!.dPrefix);
  // Nine widths of each position of two of three blocks; of one, where the last has sizes of its own.
  const spared = N ? 1 : 2;
  expect(kept!.bytes - recomputed!.bytes).toBeGreaterThan(4 * spared * 9 * D * B * (P + S));
});

it('frees what it made, and leaves the weights', async () => {
  const { runner } = gpu;
  const weights = smallWeights(runner.gpu, EVEN);
  const before = runner.gpu.usage;
  const model = await Gpt2Differentiable.create(runner, weights, { B: 2, P: 1, S: 2 });
  expect(runner.gpu.usage.buffers).toBeGreaterThan(before.buffers);
  model.destroy();
  expect(runner.gpu.usage).toEqual({ ...before, created: runner.gpu.usage.created });
});

it('refuses more positions than the model has', async () => {
  const { runner } = gpu;
  const weights = smallWeights(runner.gpu, EVEN);
  const before = runner.gpu.usage.buffers;
  await expect(Gpt2Differentiable.create(runner, weights, { B: 1, P: 8, S: 4 })).rejects.toThrow(
    RangeError,
  );
  expect(runner.gpu.usage.buffers).toBe(before);
});
