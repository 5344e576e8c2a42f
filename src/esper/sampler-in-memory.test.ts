/** Episodes drawn side by side, those alike read once, against each drawn alone by its whole history. */
import { describe, expect, it } from 'vitest';
import type { DecodingInMemory } from '../frozen/gpt2/model';
import { Random } from '../math/random';
import { forbidden } from './decode/distribution';
import { drawToken } from './decode/gumbel';
import { sampleInMemory } from './sampler-in-memory';

const [I, K, Q, T, V] = [3, 4, 2, 9, 5];
const B = I * K;
const asked = Uint32Array.from({ length: B * Q }, (_, i) => (i + Math.floor(i / (K * Q))) % V);

/** Of a picture and what was said of it; every history is a stream of its own. */
function logitsAfter(picture: number, said: readonly number[]): Float32Array {
  const stream = said.reduce((sum, token) => sum * (V + 1) + token + 1, picture);
  const random = new Random(4, stream);
  return Float32Array.from({ length: V }, () => 2 * random.normal());
}

interface Row {
  picture: number;
  said: readonly number[];
}

/** A model that keeps of each step which sequences it has read. */
function toyDecoding(beginnings: readonly number[]) {
  const read: Row[][] = [beginnings.map((picture) => ({ picture, said: [] }))];
  const decoding: DecodingInMemory = {
    place: 'memory',
    prefix: undefined,
    get logits() {
      const rows = read.at(-1)!.flatMap(({ picture, said }) => [...logitsAfter(picture, said)]);
      return Float32Array.from(rows);
    },
    async step(next, parents) {
      const before = read.at(-1)!;
      read.push(
        parents.map((parent, r) => {
          const { picture, said } = before[parent]!;
          return { picture, said: [...said, next[r]!] };
        }),
      );
    },
    end: () => {},
  };
  return { decoding, read };
}

describe.each([
  { greedy: false, temperature: 0.7 },
  { greedy: true, temperature: 1 },
])('$greedy', (how) => {
  it.each([
    { eos: 0, minResponse: 0, noRepeatNgram: 0 },
    { eos: 0, minResponse: 3, noRepeatNgram: 2 },
    { eos: V, minResponse: 0, noRepeatNgram: 3 },
  ])('by %o', async (rules) => {
    const draws = { seed: 7, stream: 1, topK: 0, topP: 1, ...how };
    const expected = Array.from({ length: B }, (_, b) => {
      const said: number[] = [];
      while (said.length < T && said.at(-1) !== rules.eos) {
        const context = [...asked.subarray(b * Q, (b + 1) * Q), ...said];
        const logits = logitsAfter(Math.floor(b / K), said);
        const banned = forbidden(context, said.length, rules);
        said.push(drawToken(logits, banned, draws, b * T + said.length));
      }
      return said;
    });
    for (const beginnings of [I, B]) {
      const pictures = Array.from({ length: beginnings }, (_, r) =>
        Math.floor((r * I) / beginnings),
      );
      const { decoding, read } = toyDecoding(pictures);
      const found = await sampleInMemory(
        decoding,
        draws,
        { shape: { B, Q, T }, asked },
        {
          ...rules,
          V,
        },
      );
      expect([...found.lengths]).toEqual(expected.map(({ length }) => length));
      const padded = expected.map((said) => [...said, ...Array(T - said.length).fill(rules.eos)]);
      expect([...found.tokens]).toEqual(padded.flat());
      // Of each step: all that go on, of one beginning and one history once.
      for (const [step, rows] of read.entries()) {
        if (step === 0) continue;
        const going = expected.flatMap((said, b) =>
          said.length > step
            ? [`${Math.floor((b * beginnings) / B)}: ${said.slice(0, step).join(' ')}`]
            : [],
        );
        expect(rows.length).toBe(new Set(going).size);
      }
      const longest = Math.max(...expected.map(({ length }) => length));
      expect(read.length).toBe(longest);
    }
  });
});
