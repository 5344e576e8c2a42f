/** Tokens drawn in memory are those that the kernel draws from the same logits. */
import { describe, expect, it } from 'vitest';
import type { DecodingInMemory } from '../frozen/gpt2/model';
import { SMALL } from '../frozen/gpt2/testing/small-gpt2';
import { normals, withRunner } from '../gpu/testing/harness';
import { Tensor } from '../gpu/tensor';
import { parseConfig } from './config';
import { Episodes } from './episodes';
import { shapeOf } from './projector/shape';
import { sampleInMemory } from './sampler-in-memory';
import { createGpuSampler } from './sampler-on-gpu';

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
    const all = { ...rules, V, eos: Math.floor(V / 2) };
    const sampler = createGpuSampler(runner, episodes, all);
    const end = () => {};
    let t = 0;
    logits.write(steps[0]!);
    const expected = await sampler.sample(
      { place: 'gpu', logits, step: async () => logits.write(steps[++t]!), end },
      { ...DRAWS, ...draws },
    );
    expect([...(await episodes.tokens.read())]).toEqual([...expected.tokens]);
    expect([...(await episodes.lengths.read())]).toEqual([...expected.lengths]);

    t = 0;
    /** Whose the sequences are that were read. */
    let rows = Array.from({ length: B }, (_, b) => b);
    const inMemory: DecodingInMemory = {
      place: 'memory',
      prefix: undefined,
      get logits() {
        return Float32Array.from(rows.flatMap((b) => [...steps[t]!.subarray(b * V, (b + 1) * V)]));
      },
      async step(next, parents) {
        rows = parents.map((parent) => rows[parent]!);
        expect([...next]).toEqual(rows.map((b) => expected.tokens[b * T + t]));
        t++;
      },
      end,
    };
    const found = await sampleInMemory(inMemory, { ...DRAWS, ...draws }, episodes, all);
    expect(found).toEqual(expected);
    for (const part of [sampler, episodes, logits]) part.destroy();
  });
});
