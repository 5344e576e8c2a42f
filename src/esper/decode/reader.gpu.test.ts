/**
 * The reader against PyTorch's log-probabilities and against reading every sequence from its beginning, which it
 * does not do itself; with a tiny GPT-2.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import golden from '../../../models/reference/golden/gpt2-gradient.json';
import { Fault } from '../../faults';
import type { KernelRunner } from '../../gpu/kernel';
import { sharedRunner } from '../../gpu/testing/harness';
import { Tensor } from '../../gpu/tensor';
import { Random } from '../../math/random';
import { parseConfig } from '../config';
import type { Networks } from '../networks';
import { Projector } from '../projector';
import { shapeOf } from '../projector/shape';
import { initialProjector } from '../projector/values';
import { flatValues } from '../testing/flat-values';
import { smallNetworks } from '../testing/small-networks';
import { beamSearch } from './beam';
import { logSoftmax } from './distribution';
import { prefixOf, type Seen } from './prefix';
import { createReader, type Reader } from './reader';
import { continueEach, drawer, mostLikely } from './sample';
import { likelihoodOf } from './tokens';

let runner: KernelRunner;
let networks: Networks;
let projector: Projector;
let deep: Projector;
beforeAll(async () => {
  runner = await sharedRunner();
  networks = await smallNetworks(runner);
  const E = golden.features[0]!.length;
  const config = parseConfig({ prefixLength: golden.prefixLength });
  const shape = shapeOf(config, golden.gpt2, E);
  projector = new Projector(runner.gpu, shape, flatValues(golden.projector));
  const deepShape = { ...shape, kind: 'deep' as const };
  deep = new Projector(runner.gpu, deepShape, initialProjector(deepShape, 1));
  networks = { ...networks, E };
});

const seenAt = (image: number, by = projector): Seen => ({
  projector: by,
  features: Float32Array.from(golden.features[image]!),
});

type Kind = 'mlp' | 'deep' | 'text-only';
const seenBy = (kind: Kind) =>
  kind === 'text-only' ? undefined : seenAt(1, kind === 'deep' ? deep : projector);

/** Reads every sequence alone and from its beginning, on ONNX Runtime where that takes the prefix. */
function freshReader(seen: Seen | undefined): Reader {
  const { lm } = networks;
  const { n_embd: D, vocab_size: V } = lm.config;
  const along: Reader['along'] = async (sequence, from) => {
    const picture = seen && (await prefixOf(networks, seen, 1));
    const P = picture?.prefix.shape[1] ?? 0;
    const S = sequence.length;
    const tokens = Tensor.from(runner.gpu, 'tokens', [1, S], Uint32Array.from(sequence));
    const out = new Tensor(runner.gpu, 'hidden', [1, P + S, D]);
    await lm.hidden({ prefix: picture?.prefix, tokens, out });
    const hidden = (await out.read()) as Float32Array;
    for (const part of [picture, tokens, out]) part?.destroy();
    const wte = await lm.weights.wte.read();
    return Array.from({ length: S - from + 1 }, (_, i) => {
      const state = hidden.subarray((P + from - 1 + i) * D, (P + from + i) * D);
      return Float32Array.from({ length: V }, (__, v) =>
        state.reduce((sum, value, d) => sum + value * wte[v * D + d]!, 0),
      );
    });
  };
  return {
    along,
    async after(sequences) {
      const logits: Float32Array[] = [];
      for (const sequence of sequences) logits.push((await along(sequence, sequence.length))[0]!);
      return logits;
    },
  };
}

function expectSame(actual: readonly Float32Array[], expected: readonly Float32Array[]) {
  expect(actual).toHaveLength(expected.length);
  for (const [i, logits] of expected.entries()) {
    const logp = logSoftmax(actual[i]!);
    for (const [v, value] of logSoftmax(logits).entries())
      expect(Math.abs(logp[v]! - value), `${i}, ${v}`).toBeLessThanOrEqual(1e-4);
  }
}

/** The networks, and what their caches are asked to read (tokens a row) and to reorder. */
function watched() {
  const told: { read: number[]; inherited: number } = { read: [], inherited: 0 };
  const cache: Networks['cache'] = async (sizes) => {
    const made = await networks.cache(sizes);
    const { read, inherit } = made;
    made.read = (tokens, past) => {
      told.read.push(tokens.length / sizes.B);
      return read.call(made, tokens, past);
    };
    made.inherit = (parents) => {
      told.inherited++;
      inherit.call(made, parents);
    };
    return made;
  };
  return { told, networks: { ...networks, cache } };
}

describe('the reader', () => {
  it.each(['with a picture', 'text-only'])('agrees with PyTorch %s', async (kind) => {
    const withPicture = kind === 'with a picture';
    let compared = 0;
    for (const [b, tokens] of golden.tokens.entries()) {
      const seen = withPicture ? seenAt(golden.imageIndex[b]!) : undefined;
      const reader = await createReader(networks, seen, 1, 30);
      const expected = (withPicture ? golden.logp : golden.refLogp)[b]!;
      // PyTorch's are of a distribution without the end of text before `minResponse`.
      for (let t = golden.minResponse; t < golden.lengths[b]!; t++) {
        const { logp, perToken } = await likelihoodOf(reader, golden.query, tokens.slice(0, t + 1));
        const shorter = await likelihoodOf(reader, golden.query, tokens.slice(0, t));
        expect(logp - shorter.logp).toBeCloseTo(expected[t]!, 3);
        expect(perToken).toBeCloseTo(logp / (t + 1), 9);
        compared++;
      }
      reader.destroy();
    }
    expect(compared).toBeGreaterThan(10);
  });

  it.each<Kind>(['mlp', 'deep', 'text-only'])(
    'reads on, branches, goes back and mixes lengths as if it read from the beginning (%s)',
    async (kind) => {
      const reader = await createReader(networks, seenBy(kind), 3, 24);
      const fresh = freshReader(seenBy(kind));
      const random = new Random(6);
      const more = (count: number) => Array.from({ length: count }, () => random.integer(96));
      const [a, b, c] = [more(20), more(3), [...more(2), 5]];
      const asked = [
        [a],
        [[...a, 1], b],
        [
          [...a, 1, 2],
          [...a, 1, 3],
          [...b, 4],
        ],
        [
          [...b, 4, 5],
          [...b, 4, 6],
          [...b, 4, 7],
        ],
        [
          [...b, 4, 6, 1],
          [...a, 1, 2, 9],
        ],
        // More than there are rows, one of them known.
        [c, [...c, 1], [...b, 4, 6, 1], more(1), more(24)],
      ];
      for (const sequences of asked)
        expectSame(await reader.after(sequences), await fresh.after(sequences));
      for (const [sequence, from] of [
        [a, 18],
        [a, 1],
        [[...b, 4, 6, 1], 6],
      ] as const)
        expectSame(await reader.along(sequence, from), await fresh.along(sequence, from));
      reader.destroy();
    },
  );

  it('decodes what is decoded without a cache, and reads each token once', async () => {
    const rules = { eos: 96, minResponse: 2, noRepeatNgram: 2 };
    const limits = { rules, maxTokens: 7 };
    const context = golden.query;
    const ways: Record<string, (reader: Reader) => ReturnType<typeof beamSearch>> = {
      greedily: (reader) =>
        continueEach(reader, [context], { ...limits, temperature: 1, choose: mostLikely }),
      drawn: (reader) => {
        const choose = drawer({ temperature: 1, topK: 0, topP: 0.95 }, new Random(4));
        const contexts = [context, context, context, context];
        return continueEach(reader, contexts, { ...limits, temperature: 1, choose });
      },
      'with beams': (reader) =>
        beamSearch(reader, context, { ...limits, beams: 4, lengthPenalty: 1 }),
    };
    for (const [name, write] of Object.entries(ways)) {
      const { told, networks: watching } = watched();
      const reader = await createReader(watching, seenBy('mlp'), 4, context.length + 6);
      const texts = await write(reader);
      const fresh = await write(freshReader(seenBy('mlp')));
      expect(
        texts.map(({ tokens }) => tokens),
        name,
      ).toEqual(fresh.map(({ tokens }) => tokens));
      texts.forEach(({ logp }, i) => expect(logp).toBeCloseTo(fresh[i]!.logp, 4));
      // The context at once, then a token at a time.
      expect(told.read.slice(1)).toEqual(told.read.slice(1).map(() => 1));
      expect(told.read.length).toBeLessThanOrEqual(7);
      expect(told.inherited > 0).toBe(name === 'with beams');
      reader.destroy();
    }
  });

  it('says how much is too much', async () => {
    const room = golden.gpt2.n_positions - golden.prefixLength;
    const reader = await createReader(networks, seenAt(0), 1, room);
    await reader.after([Array.from({ length: room }, () => 1)]);
    reader.destroy();
    await expect(createReader(networks, seenAt(0), 1, room + 1)).rejects.toThrow(Fault);
  });

  it('gives its buffers back', async () => {
    const read = async () => {
      const reader = await createReader(networks, seenAt(0), 2, 20);
      await reader.after([golden.query]);
      reader.destroy();
    };
    await read();
    const { bytes } = runner.gpu.usage;
    await read();
    expect(runner.gpu.usage.bytes).toBe(bytes);
  });
});
