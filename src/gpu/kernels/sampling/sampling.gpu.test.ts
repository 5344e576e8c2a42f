import { describe, expect, it } from 'vitest';
import { Random } from '../../../math/random';
import type { KernelRunner } from '../../kernel';
import { Tensor } from '../../tensor';
import { input, normals, RAGGED, withRunner } from '../../testing/harness';
import { type Draw, drawParams, sample } from './sampling';
import { outsideTop, sampleReference } from './sampling.reference';

const gpu = withRunner();
const Q = 2;
const T = 6;
const POISONED = 0xdeadbeef;
const DRAW: Draw = { t: 0, seed: 5, stream: 9, temperature: 0.7, greedy: false, topK: 0, topP: 1 };
const FREE = { eos: 0, minResponse: 0, noRepeatNgram: 0 };

interface Rollout {
  /** Logits of each step, [B, V]. */
  steps: readonly Float32Array[];
  query: Uint32Array;
  draw?: Partial<Draw>;
  rules?: { eos: number; minResponse: number; noRepeatNgram: number };
}

/** Draws every step of a rollout through one prepared dispatch. */
async function rollOut(runner: KernelRunner, { steps, query, draw, rules = FREE }: Rollout) {
  const { gpu: device } = runner;
  const B = query.length / Q;
  const poisoned = (count: number) => new Uint32Array(count).fill(POISONED);
  const logits = new Tensor(device, 'logits', [B, steps[0]!.length / B]);
  const tokens = input(runner, [B, T], poisoned(B * T));
  const next = input(runner, [B], new Int32Array(B).fill(-1));
  const lengths = input(runner, [B], poisoned(B));
  await device.checked('rollout under test', async () => {
    const dispatch = await sample(runner, {
      logits,
      query: input(runner, [B, Q], query),
      tokens,
      next,
      lengths,
      ...DRAW,
      ...rules,
    });
    for (const [t, values] of steps.entries()) {
      logits.write(values);
      dispatch.setParams(drawParams({ ...DRAW, ...draw, t }));
      runner.submit('draw', [dispatch]);
    }
    await device.device.queue.onSubmittedWorkDone();
  });
  return {
    tokens: Array.from(await tokens.read()),
    next: Array.from(await next.read()),
    lengths: Array.from(await lengths.read()),
  };
}

function integers(count: number, below: number, seed: number): Uint32Array {
  const random = new Random(seed);
  return Uint32Array.from({ length: count }, () => random.integer(below));
}

describe.each([...RAGGED, 5000])('sampling from %i tokens', (V) => {
  const B = 7;
  const steps = Array.from({ length: T }, (_, t) => normals(B * V, t, 2));
  const query = integers(B * Q, V, 3);

  it.each([
    { minResponse: 0, noRepeatNgram: 0 },
    { minResponse: 3, noRepeatNgram: 1 },
    { minResponse: 2, noRepeatNgram: 0, greedy: true },
    { minResponse: 0, noRepeatNgram: 0, topK: 1 },
    { minResponse: 3, noRepeatNgram: 0, topK: 5 },
    { minResponse: 0, noRepeatNgram: 0, topP: 0.6 },
    { minResponse: 3, noRepeatNgram: 1, topK: 7, topP: 0.8 },
    { minResponse: 2, noRepeatNgram: 0, topK: 3, topP: 0.5, greedy: true },
  ])('draws the tokens of the reference: %o', async ({ minResponse, noRepeatNgram, ...draw }) => {
    const rules = { minResponse, noRepeatNgram, eos: Math.floor(V / 2) };
    const actual = await rollOut(gpu.runner, { steps, query, rules, draw });
    for (let b = 0; b < B; b++) {
      const row = actual.tokens.slice(b * T, (b + 1) * T);
      const end = row.indexOf(rules.eos);
      const length = end < 0 ? T : end + 1;
      expect(actual.lengths[b]).toBe(length);
      expect(row.slice(length)).toEqual(Array(T - length).fill(rules.eos));
      expect(actual.next[b]).toBe(row.at(-1));
      for (let t = 0; t < length; t++) {
        const { token, margin } = sampleReference({
          ...DRAW,
          ...draw,
          ...rules,
          t,
          V,
          logits: steps[t]!.subarray(b * V, (b + 1) * V),
          b,
          T,
          context: [...query.subarray(b * Q, (b + 1) * Q), ...row.slice(0, t)],
        });
        const agrees = row[t] === token || margin < 1e-5;
        expect(agrees, `sequence ${b}, token ${t}: ${row[t]}, not ${token}`).toBe(true);
      }
    }
  });
});

it('repeats for a seed, and differs between seeds and between streams', async () => {
  const steps = Array.from({ length: T }, () => new Float32Array(8 * 64));
  const query = new Uint32Array(8 * Q);
  const tokens = async (draw: Partial<Draw>) =>
    (await rollOut(gpu.runner, { steps, query, draw })).tokens;
  const first = await tokens({});
  expect(await tokens({})).toEqual(first);
  expect(await tokens({ seed: 6 })).not.toEqual(first);
  expect(await tokens({ stream: 10 })).not.toEqual(first);
});

it('draws with the probabilities of the softmax at temperature 0.7', async () => {
  const B = 20_000;
  const V = 16;
  const row = normals(V, 8);
  const { tokens } = await rollOut(gpu.runner, {
    steps: [Float32Array.from({ length: B * V }, (_, i) => row[i % V]!)],
    query: new Uint32Array(B * Q),
  });
  const counts = Array<number>(V).fill(0);
  for (let b = 0; b < B; b++) counts[tokens[b * T]!]!++;
  const weights = Array.from(row, (logit) => Math.exp(logit / DRAW.temperature));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const chiSquare = weights.reduce((sum, weight, v) => {
    const expected = (B * weight) / total;
    return sum + (counts[v]! - expected) ** 2 / expected;
  }, 0);
  expect(chiSquare).toBeLessThan(37.7); // 15 degrees of freedom: one run in a thousand is above
});

it('draws with the renormalised probabilities of what top-k and top-p leave', async () => {
  const B = 20_000;
  const V = 16;
  const row = normals(V, 8);
  const draw = { topK: 6, topP: 0.75 };
  const { tokens } = await rollOut(gpu.runner, {
    steps: [Float32Array.from({ length: B * V }, (_, i) => row[i % V]!)],
    query: new Uint32Array(B * Q),
    draw,
  });
  const { outside } = outsideTop([...row], { ...DRAW, ...draw });
  expect(outside.size).toBeGreaterThan(9);
  expect(outside.size).toBeLessThan(14);
  const counts = Array<number>(V).fill(0);
  for (let b = 0; b < B; b++) counts[tokens[b * T]!]!++;
  for (const v of outside) expect(counts[v]).toBe(0);
  const weights = Array.from(row, (logit, v) =>
    outside.has(v) ? 0 : Math.exp(logit / DRAW.temperature),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  weights.forEach((weight, v) =>
    expect(Math.abs(counts[v]! / B - weight / total)).toBeLessThan(0.02),
  );
});

it('keeps or leaves equal tokens together, and never all', async () => {
  const level = [new Float32Array(400 * 5).fill(1)];
  const query = new Uint32Array(400 * Q);
  const { tokens } = await rollOut(gpu.runner, {
    steps: level,
    query,
    draw: { topK: 1, topP: 0.01 },
  });
  const drawn = new Set(Array.from({ length: 400 }, (_, b) => tokens[b * T]));
  expect(drawn).toEqual(new Set([0, 1, 2, 3, 4]));
});

it('bans what would repeat a trigram, across query and response', async () => {
  // Query 1 2; the likeliest are 3, 1, 2, 3 and then 4: after "1 2", another 3 would repeat "1 2 3".
  const likeliest = [3, 1, 2, 3, 5, 5];
  const V = 6;
  const steps = likeliest.map((token) =>
    Float32Array.from({ length: V }, (_, v) => (v === token ? 9 : v === 4 ? 5 : 0)),
  );
  const rollout = { steps, query: Uint32Array.of(1, 2), draw: { greedy: true } };
  const free = await rollOut(gpu.runner, rollout);
  expect(free.tokens).toEqual(likeliest);
  const banned = await rollOut(gpu.runner, { ...rollout, rules: { ...FREE, noRepeatNgram: 3 } });
  expect(banned.tokens).toEqual([3, 1, 2, 4, 5, 5]);
});

it('keeps a token in the vocabulary where the logits are not numbers', async () => {
  const { tokens } = await rollOut(gpu.runner, {
    steps: [new Float32Array(100).fill(NaN)],
    query: new Uint32Array(Q),
  });
  expect(tokens[0]).toBeLessThan(100);
  const top = await rollOut(gpu.runner, {
    steps: [new Float32Array(100).fill(NaN)],
    query: new Uint32Array(Q),
    draw: { topK: 3, topP: 0.5 },
  });
  expect(top.tokens[0]).toBeLessThan(100);
});

it('refuses more positions than it can mark', async () => {
  const { gpu: device } = gpu.runner;
  const tensor = (shape: number[]) => new Tensor(device, 'long', shape, 'u32');
  await expect(
    sample(gpu.runner, {
      logits: tensor([1, 8]),
      query: tensor([1, 1000]),
      tokens: tensor([1, 25]),
      next: tensor([1]),
      lengths: tensor([1]),
      ...DRAW,
      ...FREE,
    }),
  ).rejects.toThrow(RangeError);
});
