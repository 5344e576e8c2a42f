/** GPT-2 124M at its true shape, random weights, against PyTorch: on our kernels and, in f32, ONNX Runtime. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import golden from '../../../models/reference/golden/gpt2-124m.json';
import { lmHeadBackward, lmHeadForward } from '../../gpu/kernels/lm-head/lm-head';
import { Tensor } from '../../gpu/tensor';
import { withRunner } from '../../gpu/testing/harness';
import { Gpt2Differentiable } from './differentiable';
import { receiveGpt2 } from './load';
import { parameterTensors } from './parameters';
import { openLanguageModel } from './open';
import { logitsOf } from './testing/decoding';
import { hashed, hashedCheckpoint } from './testing/true-size';
import type { Gpt2Weights } from './weights';

const kit = withRunner();
const { config, tokens, prefix: P } = golden;
const { n_embd: D } = config;
const S = tokens.length;
const T = S - 1;

function relativeError(actual: ArrayLike<number>, expected: readonly number[]): number {
  const error = expected.map((value, i) => actual[i]! - value);
  return Math.hypot(...error) / Math.hypot(...expected);
}

const heapMegabytes = () =>
  (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize / 1e6;

/** Bytes on the GPU, and how near to PyTorch's f32, relatively. */
const STORED = [
  { storage: 'f32', megabytes: 498, tolerance: 1e-4 },
  { storage: 'f16', megabytes: 251, tolerance: 1e-2 },
] as const;

describe.each(STORED)('GPT-2 124M in $storage', ({ storage, megabytes, tolerance }) => {
  let weights: Gpt2Weights;
  let prefix: Tensor;
  let ids: Tensor;
  let heapRise = 0;
  let taken = 0;

  beforeAll(async () => {
    const { gpu } = kit.runner;
    const empty = gpu.usage.bytes;
    const before = heapMegabytes();
    const watch = setInterval(() => (heapRise = Math.max(heapRise, heapMegabytes() - before)), 50);
    weights = await receiveGpt2(gpu, config, 'GPT-2 124M', hashedCheckpoint(config), storage);
    taken = (gpu.usage.bytes - empty) / 1e6;
    clearInterval(watch);
    const values = Float32Array.from(
      hashed(9999, 0, new Float64Array(P * D)),
      (value) => 0.1 * value,
    );
    prefix = Tensor.from(gpu, 'prefix', [1, P, D], values);
    ids = Tensor.from(gpu, 'tokens', [1, S], Uint32Array.from(tokens));
  }, 300_000);
  afterAll(() => {
    for (const tensor of [prefix, ids, ...parameterTensors(weights).values()]) tensor.destroy();
  });

  it(`takes ${megabytes} MB on the GPU and passes through little of the heap`, () => {
    expect(Math.abs(taken - megabytes)).toBeLessThan(1);
    expect(heapRise).toBeLessThan(64);
  });

  it('agrees in log-probabilities and in the gradient to the prefix, on our kernels', async () => {
    const { runner } = kit;
    const { gpu } = runner;
    const model = await Gpt2Differentiable.create(runner, weights, { B: 1, P, S });
    model.prefix.write((await prefix.read()) as Float32Array);
    model.tokens.write(Uint32Array.from(tokens));
    const perToken = (label: string) => new Tensor(gpu, label, [1, T]);
    const [logp, entropy, lse] = ['logp', 'entropy', 'lse'].map(perToken);
    const one = Tensor.from(gpu, 'dlogp', [1, T], new Float32Array(T).fill(1));
    const head = {
      policy: { hidden: model.hidden, offset: P },
      weight: weights.head,
      targets: Tensor.from(gpu, 'targets', [1, T], Uint32Array.from(tokens.slice(1))),
      eos: config.eos_token_id,
      minResponse: 0,
      entropy: entropy!,
      lse: lse!,
    };
    const forward = await lmHeadForward(runner, { ...head, logp: logp! });
    const backward = await lmHeadBackward(runner, {
      ...head,
      dlogp: one,
      dentropy: perToken('dentropy'),
      dhidden: model.dHidden,
      after: forward,
    });
    runner.submit('forward', [...model.forward, forward]);
    expect(relativeError(await logp!.read(), golden.logProbs)).toBeLessThan(tolerance);
    runner.submit('backward', [backward, ...model.backward]);
    const gradient = golden.prefixGradient.flat();
    expect(relativeError(await model.dPrefix.read(), gradient)).toBeLessThan(tolerance);
    model.destroy();
  }, 300_000);

  it('agrees in logits, in the rollout', async () => {
    const model = await openLanguageModel(kit.runner, weights);
    const decoding = await model.startDecoding({ prefix, query: ids, B: 1, steps: 1 });
    const logits = await logitsOf(decoding, 1, weights.config.vocab_size);
    const shown = golden.shown.map((token) => logits[token]!);
    expect(relativeError(shown, golden.logits)).toBeLessThan(tolerance);
    decoding.end();
    await model.dispose();
  }, 300_000);
});
