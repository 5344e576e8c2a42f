/** The passes of the frozen GPT-2 agree with each other, on both of ONNX Runtime's providers and on our kernels. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KernelRunner } from '../../gpu/kernel';
import { Tensor } from '../../gpu/tensor';
import { expectArraysClose, normals, withRunner } from '../../gpu/testing/harness';
import { float16ToFloat32 } from '../../math/half-floats';
import { Random } from '../../math/random';
import { Gpt2Differentiable } from './differentiable';
import { KernelLanguageModel } from './kernel-model';
import type { DecodingStart, InMemory, LanguageModel } from './model';
import { openLanguageModel } from './open';
import { logitsOf, readOn } from './testing/decoding';
import { SMALL, smallWeights } from './testing/small-gpt2';
import type { Gpt2Weights } from './weights';

const { n_embd: D, vocab_size: V } = SMALL;
const kit = withRunner();

/** WebGPU's cases are few: compiling its shaders takes the software adapter seconds each. */
const CASES = {
  wasm: [
    { B: 1, P: 0, Q: 1, T: 3 },
    { B: 3, P: 0, Q: 4, T: 5 },
    { B: 5, P: 3, Q: 2, T: 7 },
    { B: 2, P: 1, Q: 1, T: 2 },
  ],
  webgpu: [
    { B: 3, P: 0, Q: 2, T: 3 },
    { B: 3, P: 3, Q: 2, T: 3 },
  ],
  kernels: [
    { B: 1, P: 0, Q: 1, T: 3 },
    { B: 5, P: 3, Q: 2, T: 7 },
  ],
};

/** Where and with which weights; the untied head is one that ONNX Runtime must find too. */
const MODELS = [
  { on: 'wasm', storage: 'f32', tied: true },
  { on: 'wasm', storage: 'f32', tied: false },
  { on: 'webgpu', storage: 'f32', tied: true },
  { on: 'kernels', storage: 'f32', tied: false },
  { on: 'kernels', storage: 'f16', tied: true },
] as const;

function randomTokens(B: number, S: number, seed: number): Uint32Array {
  const random = new Random(seed);
  return Uint32Array.from({ length: B * S }, () => Math.floor(random.uniform() * V));
}

/** Logits of every position, from hidden states [B, L, D]. */
async function headLogits(hidden: Tensor, weights: Gpt2Weights): Promise<Float64Array> {
  const states = await hidden.read();
  const read = await weights.head.read();
  const head = read instanceof Uint16Array ? float16ToFloat32(read) : read;
  const rows = states.length / D;
  const logits = new Float64Array(rows * V);
  for (let row = 0; row < rows; row++)
    for (let v = 0; v < V; v++)
      for (let k = 0; k < D; k++) logits[row * V + v]! += states[row * D + k]! * head[v * D + k]!;
  return logits;
}

describe.each(MODELS)('GPT-2 on $on, $storage, tied $tied', ({ on, storage, tied }) => {
  let model: LanguageModel;
  let weights: Gpt2Weights;

  beforeAll(async () => {
    const config = { ...SMALL, tie_word_embeddings: tied };
    weights = smallWeights(kit.runner.gpu, config, 1, storage);
    model = await openLanguageModel(kit.runner, weights, on);
  });
  afterAll(() => model.dispose());

  it.each(CASES[on])('decodes as it reads: %o', async ({ B, P, Q, T }) => {
    const { gpu } = kit.runner;
    const S = Q + T;
    const L = P + S;
    const ids = randomTokens(B, S, 3);
    const prefix = P ? Tensor.from(gpu, 'prefix', [B, P, D], normals(B * P * D, 5)) : undefined;
    const tokens = Tensor.from(gpu, 'tokens', [B, S], ids);
    const out = new Tensor(gpu, 'hidden', [B, L, D]);
    await model.hidden({ prefix, tokens, out });
    const expected = await headLogits(out, weights);
    const column = (from: number, to: number) =>
      Uint32Array.from(
        Array.from({ length: B }, (_, b) => [...ids.slice(b * S + from, b * S + to)]).flat(),
      );

    const query = Tensor.from(gpu, 'query', [B, Q], column(0, Q));
    const next = new Tensor(gpu, 'next', [B], 'u32');
    const decoding = await model.startDecoding({ prefix, query, B, steps: T });
    for (let t = 0; t <= T; t++) {
      const at = P + Q + t - 1;
      const wanted = Array.from({ length: B }, (_, b) => [
        ...expected.slice((b * L + at) * V, (b * L + at + 1) * V),
      ]).flat();
      expectArraysClose(await logitsOf(decoding, B, V), wanted, 1e-4);
      if (t === T) break;
      await readOn(decoding, column(Q + t, Q + t + 1), next, V);
    }
    decoding.end();
  });

  it('goes on from beginnings that sequences share as from each one’s own', async () => {
    const { gpu } = kit.runner;
    const [I, K, P, Q, T] = [2, 3, 3, 2, 2];
    const B = I * K;
    /** Each row of [I, width] K times. */
    const repeated = (data: ArrayLike<number>): number[] => {
      const width = data.length / I;
      return Array.from({ length: B * width }, (_, i) => {
        const row = Math.floor(i / width / K);
        return data[row * width + (i % width)]!;
      });
    };
    const vectors = normals(I * P * D, 5);
    const ids = randomTokens(I, Q, 3);
    const start = (rows: number, prefix: Float32Array, query: Uint32Array) => ({
      prefix: Tensor.from(gpu, 'prefix', [rows, P, D], prefix),
      query: Tensor.from(gpu, 'query', [rows, Q], query),
    });
    const each = start(B, Float32Array.from(repeated(vectors)), Uint32Array.from(repeated(ids)));
    const once = start(I, vectors, ids);
    const tokens = randomTokens(B, 1, 10);
    const next = new Tensor(gpu, 'next', [B], 'u32');
    const decode = async (beginning: Pick<DecodingStart, 'prefix' | 'query' | 'once'>) => {
      const decoding = await model.startDecoding({ ...beginning, B, steps: T });
      const logits = [...(await logitsOf(decoding, B, V))];
      for (let t = 0; t < T; t++) {
        await readOn(decoding, tokens, next, V);
        logits.push(...(await logitsOf(decoding, B, V)));
      }
      decoding.end();
      return logits;
    };
    const expected = await decode(each);
    // Where the shared ones are read, the others need not be right.
    const others = on === 'webgpu' ? each : start(B, normals(B * P * D, 6), randomTokens(B, Q, 4));
    expectArraysClose(await decode({ ...others, once }), expected, 1e-6);
  });

  it('creates nothing in steady state', async () => {
    const { gpu } = kit.runner;
    const query = Tensor.from(gpu, 'query', [4, 1], randomTokens(4, 1, 9));
    const tokens = randomTokens(4, 1, 10);
    const next = new Tensor(gpu, 'next', [4], 'u32');
    const decode = async () => {
      const decoding = await model.startDecoding({ prefix: undefined, query, B: 4, steps: 4 });
      for (let t = 0; t < 4; t++) await readOn(decoding, tokens, next, V);
      decoding.end();
    };
    await decode();
    const { created } = gpu.usage;
    for (let i = 0; i < 3; i++) await decode();
    expect(gpu.usage.created).toBe(created);
  });
});

it('reads what is known in memory in place of the tensors, on WASM', async () => {
  const { gpu } = kit.runner;
  const model = await openLanguageModel(kit.runner, smallWeights(gpu), 'wasm');
  const [I, K, P, S] = [2, 3, 2, 4];
  const B = I * K;
  const each = normals(I * P * D, 5);
  const ids = randomTokens(B, S, 3);
  const rows = Array.from({ length: B }, (_, b) => Math.floor(b / K));
  const repeated = rows.flatMap((row) => [...each.subarray(row * P * D, (row + 1) * P * D)]);
  const out = new Tensor(gpu, 'hidden', [B, P + S, D]);
  const read = async (vectors: Float32Array, tokens: Uint32Array, inMemory?: InMemory) => {
    const prefix = Tensor.from(gpu, 'prefix', [B, P, D], vectors);
    const { readbacks } = gpu.traffic;
    await model.hidden({
      prefix,
      tokens: Tensor.from(gpu, 'tokens', [B, S], tokens),
      inMemory,
      out,
    });
    return { readbacks: gpu.traffic.readbacks - readbacks, hidden: await out.read() };
  };
  const expected = await read(Float32Array.from(repeated), ids);
  const others = [normals(B * P * D, 6), randomTokens(B, S, 4)] as const;
  const known = await read(...others, { tokens: ids, prefix: each });
  expect(known).toEqual({ ...expected, readbacks: expected.readbacks - 1 });
  const half = await read(Float32Array.from(repeated), others[1], {
    tokens: ids,
    prefix: undefined,
  });
  expect(half).toEqual(expected);
  await model.dispose();
});

it('computes the same wherever it runs, with halves and with the pass that is differentiated', async () => {
  const { runner } = kit;
  const { gpu } = runner;
  const weights = smallWeights(gpu);
  const [B, P, S] = [3, 3, 5];
  const ours = await Gpt2Differentiable.create(runner, weights, { B, P, S });
  const { prefix, tokens } = ours;
  prefix.write(normals(B * P * D, 7));
  tokens.write(randomTokens(B, S, 8));
  runner.submit('gpt2 forward', ours.forward);
  const expected = await ours.hidden.read();
  const halves = smallWeights(gpu, SMALL, 1, 'f16');
  for (const [on, stored] of [
    ['wasm', weights],
    ['webgpu', weights],
    ['kernels', weights],
    ['kernels', halves],
  ] as const) {
    const model = await openLanguageModel(runner, stored, on);
    const out = new Tensor(gpu, 'hidden', [B, P + S, D]);
    await model.hidden({ prefix, tokens, out });
    await model.dispose();
    expectArraysClose(await out.read(), expected, 1e-4);
  }
});

it('frees the passes of sizes that were not asked for lately', async () => {
  const { gpu } = kit.runner;
  const model = new KernelLanguageModel(kit.runner, smallWeights(gpu));
  const before = gpu.usage.bytes;
  const read = async (S: number) => {
    const tokens = Tensor.from(gpu, 'tokens', [1, S], randomTokens(1, S, S));
    const out = new Tensor(gpu, 'hidden', [1, S, D]);
    await model.hidden({ prefix: undefined, tokens, out });
    const decoding = await model.startDecoding({
      prefix: undefined,
      query: tokens,
      B: 1,
      steps: 1,
    });
    decoding.end();
    for (const tensor of [tokens, out]) tensor.destroy();
  };
  const sizes = Array.from({ length: 12 }, (_, i) => 12 - i);
  for (const S of sizes) await read(S);
  const { bytes } = gpu.usage;
  expect(bytes).toBeGreaterThan(before);
  for (const S of sizes) await read(S);
  expect(gpu.usage.bytes).toBe(bytes);
  await model.dispose();
  expect(gpu.usage.bytes).toBe(before);
});

it('computes the same where wte is beyond what one binding may hold', async () => {
  const { runner } = kit;
  const { gpu } = runner;
  const config = { ...SMALL, vocab_size: 1009 };
  const [B, P, Q, S] = [2, 2, 2, 5];
  const prefix = Tensor.from(gpu, 'prefix', [B, P, D], normals(B * P * D, 7));
  const ids = Uint32Array.from({ length: B * S }, (_, i) => (i * 397) % config.vocab_size);
  const tokens = Tensor.from(gpu, 'tokens', [B, S], ids);
  const query = Tensor.from(gpu, 'query', [B, Q], ids.subarray(0, B * Q));
  const next = new Tensor(gpu, 'next', [B], 'u32');
  for (const storage of ['f32', 'f16'] as const) {
    const weights = smallWeights(gpu, config, 1, storage);
    const computed: number[][] = [];
    for (const maxBinding of [undefined, 40_000]) {
      const model = new KernelLanguageModel(new KernelRunner(gpu, maxBinding), weights);
      const out = new Tensor(gpu, 'hidden', [B, P + S, D]);
      await model.hidden({ prefix, tokens, out });
      const decoding = await model.startDecoding({ prefix, query, B, steps: 1 });
      const first = await logitsOf(decoding, B, V);
      await readOn(decoding, Uint32Array.of(3, 1008), next, V);
      computed.push([...(await out.read()), ...first, ...(await logitsOf(decoding, B, V))]);
      decoding.end();
      await model.dispose();
    }
    expectArraysClose(computed[1]!, computed[0]!, 1e-5);
  }
});
