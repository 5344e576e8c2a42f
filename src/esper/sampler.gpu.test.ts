/** Tokens drawn in memory are those that the kernel draws from the same logits. */
import { describe, expect, it } from 'vitest';
import { SMALL } from '../frozen/gpt2/testing/small-gpt2';
import { normals, withRunner } from '../gpu/testing/harness';
import { Tensor } from '../gpu/tensor';
import { parseConfig } from './config';
import { Episodes } from './episodes';
import { shapeOf } from './projector/shape';
import { createGpuSampler, sampleInMemory } from './sampler';

const kit = withRunner();
const [I, K, T] = [2, 3, 8];
const B = I * K;
const FREE = { minResponse: 0, noRepeatNgram: 0 };
const DRAWS = { seed: 3, stream: 8, temperature: 0.7, greedy: false, topK: 0, topP: 1 };

const SETTINGS = [
  { rules: FREE, draws: {} },
  { rules: { minResponse: 3, noRepeatNgram: 1 }, draws: { temperature: 2 } },
  { rules: { minResponse: 2, noRepeatNgram: 2 }, draws: { greedy: true, topK: 2 } },
  { rules: { minResponse: 8, noRepeatNgram: 3 }, draws: { topK: 1 } },
  { rules: FREE, draws: { topK: 4, topP: 0.6 } },
  { rules: { minResponse: 1, noRepeatNgram: 0 }, draws: { topP: 0.9, stream: 2 ** 32 - 1 } },
];

/** Wide vocabularies have another size of workgroup. */
describe.each([5, 97, 4099])('of %i tokens', (V) => {
  // In a small vocabulary rows end early, and repeat themselves.
  const steps = Array.from({ length: T }, (_, t) => normals(B * V, t, 2));

  it.each(SETTINGS)('$rules, $draws', async ({ rules, draws }) => {
    const { runner } = kit;
    const { gpu } = runner;
    const shape = shapeOf(parseConfig({ prefixLength: 1 }), SMALL, 8);
    const query = [0, V - 1].map((token) => Math.floor(token / 2));
    const episodes = new Episodes(runner, { ...shape, I, K, Q: query.length, T }, query);
    const logits = new Tensor(gpu, 'logits', [B, V]);
    const all = { ...rules, eos: Math.floor(V / 2) };
    const sampler = createGpuSampler(runner, episodes, all);
    const read = async () => [
      ...(await episodes.tokens.read()),
      ...(await episodes.lengths.read()),
    ];
    const end = () => {};
    /** Tokens that were read on from, of each step. */
    const fed: number[][] = [];
    let t = 0;

    logits.write(steps[0]!);
    const expected = await sampler.sample(
      { place: 'gpu', logits, step: async () => logits.write(steps[++t]!), end },
      { ...DRAWS, ...draws },
    );
    const onGpu = await read();
    episodes.tokens.write(new Uint32Array(B * T));
    t = 0;
    const found = await sampleInMemory(
      {
        place: 'memory',
        prefix: undefined,
        get logits() {
          return steps[t]!;
        },
        async step(next) {
          fed.push([...next]);
          t++;
        },
        end,
      },
      { ...DRAWS, ...draws },
      episodes,
      all,
    );
    expect(found).toEqual(expected);
    expect(await read()).toEqual(onGpu);
    const rows = Array.from({ length: B }, (_, b) => expected.tokens.subarray(b * T, (b + 1) * T));
    for (const [step, next] of fed.entries()) expect(next).toEqual(rows.map((row) => row[step]));
    // Nothing is decoded once all have ended.
    expect(fed.length).toBe(Math.min(T, Math.max(...expected.lengths)) - 1);
    for (const part of [sampler, episodes, logits]) part.destroy();
  });
});
