/**
 * The reader against PyTorch's log-probabilities, its batches against single reads, and guided decoding
 * against greedy decoding by what CLIP thinks of the texts; with a tiny GPT-2.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import golden from '../../../models/reference/golden/gpt2-gradient.json';
import { Fault } from '../../faults';
import { openGpu } from '../../gpu/device';
import { KernelRunner } from '../../gpu/kernel';
import { cosineReference } from '../../gpu/kernels/cosine/cosine.reference';
import { normals } from '../../gpu/testing/harness';
import { parseConfig } from '../config';
import { Projector } from '../projector';
import { shapeOf } from '../projector/shape';
import { initialProjector } from '../projector/values';
import { flatValues } from '../testing/flat-values';
import { smallNetworks, textFeature } from '../testing/small-networks';
import { guidedDecoding, type Guiding } from './guided';
import type { Seen } from './prefix';
import { createReader } from './reader';
import { continueEach, mostLikely } from './sample';
import { likelihoodOf } from './tokens';
import type { Networks } from '../networks';

let runner: KernelRunner;
let networks: Networks;
let projector: Projector;
let deep: Projector;
beforeAll(async () => {
  runner = new KernelRunner(await openGpu());
  networks = await smallNetworks(runner);
  const E = golden.features[0]!.length;
  const config = parseConfig({ prefixLength: golden.prefixLength });
  const shape = shapeOf(config, golden.gpt2, E);
  projector = new Projector(runner.gpu, shape, flatValues(golden.projector));
  const deepShape = { ...shape, kind: 'deep' as const };
  deep = new Projector(runner.gpu, deepShape, initialProjector(deepShape, 1));
  networks = { ...networks, E };
});
afterAll(() => runner.gpu.destroy());

const seenAt = (image: number): Seen => ({
  projector,
  features: Float32Array.from(golden.features[image]!),
});

describe('the reader', () => {
  it.each(['with a picture', 'text-only'])('agrees with PyTorch %s', async (kind) => {
    const withPicture = kind === 'with a picture';
    let compared = 0;
    for (const [b, tokens] of golden.tokens.entries()) {
      const seen = withPicture ? seenAt(golden.imageIndex[b]!) : undefined;
      const reader = await createReader(networks, seen, 4);
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

  it('reads sequences of any length and number as it reads each alone', async () => {
    const reader = await createReader(networks, seenAt(0), 3);
    const sequences = Array.from({ length: 6 }, (_, i) =>
      Array.from({ length: 1 + 5 * i }, (__, j) => (7 * i + 3 * j) % 90),
    );
    const together = await reader.after(sequences);
    const single = await createReader(networks, seenAt(0), 1);
    for (const [i, sequence] of sequences.entries()) {
      const [alone] = await single.after([sequence]);
      for (const [v, logit] of alone!.entries()) expect(together[i]![v]).toBeCloseTo(logit, 3);
      const [first] = await single.along(sequences.at(-1)!, 1);
      expect(first!.length).toBe(alone!.length);
    }
    const longest = sequences.at(-1)!;
    const along = await single.along(longest, longest.length - 3);
    expect(along).toHaveLength(4);
    for (const [v, logit] of along.at(-1)!.entries())
      expect(together.at(-1)![v]).toBeCloseTo(logit, 3);
    reader.destroy();
    single.destroy();
  });

  it('says how much is too much', async () => {
    const reader = await createReader(networks, seenAt(0), 1);
    expect(reader.room).toBe(golden.gpt2.n_positions - golden.prefixLength);
    await reader.after([Array.from({ length: reader.room }, () => 1)]);
    await expect(reader.after([Array.from({ length: reader.room + 1 }, () => 1)])).rejects.toThrow(
      Fault,
    );
    reader.destroy();
  });

  it('gives its buffers back', async () => {
    const read = async () => {
      const reader = await createReader(networks, seenAt(0), 2);
      await reader.after([golden.query]);
      reader.destroy();
    };
    await read();
    const { bytes } = runner.gpu.usage;
    await read();
    expect(runner.gpu.usage.bytes).toBe(bytes);
  });
});

describe('guided decoding', () => {
  const rules = { eos: golden.gpt2.eos_token_id, minResponse: 2, noRepeatNgram: 0 };
  const maxTokens = 6;
  const cosineWith = (picture: Float32Array) => (tokens: readonly number[]) =>
    cosineReference(picture, textFeature(tokens.join(' ')), [0], [0, 1])[0]!;
  const guide = (seen: Seen, changed: Partial<Guiding> = {}) => {
    const cosine = cosineWith(seen.features);
    return guidedDecoding(networks, seen, golden.query, {
      rules,
      maxTokens,
      steps: 5,
      stepSize: 0.5,
      candidates: 24,
      clipTemperature: 0.01,
      clipWeight: 1,
      fluencyWeight: 0.2,
      cosines: async (responses) => responses.map(cosine),
      ...changed,
    });
  };
  const pictures = Array.from({ length: 4 }, (_, i) => ({
    projector: projector!,
    features: normals(golden.features[0]!.length, 40 + i),
  }));

  // Behind a deep prefix it is the keys and values of every layer that are bent.
  it.each(['mlp', 'deep'] as const)(
    'behind a prefix of kind %s it fits the picture better than greedy decoding, and is that without steps',
    async (kind) => {
      const by = kind === 'deep' ? deep : projector;
      let [before, after] = [0, 0];
      for (const { features } of pictures) {
        const seen = { projector: by, features };
        const reader = await createReader(networks, seen, 1);
        const [greedy] = await continueEach(reader, [golden.query], {
          rules,
          temperature: 1,
          choose: mostLikely,
          maxTokens,
        });
        reader.destroy();
        const unguided = await guide(seen, { steps: 0 });
        expect(unguided.tokens).toEqual(greedy!.tokens);
        expect(unguided.logp).toBeCloseTo(greedy!.logp, 3);
        const guided = await guide(seen);
        before += cosineWith(features)(greedy!.tokens);
        after += cosineWith(features)(guided.tokens);
      }
      expect((after - before) / pictures.length).toBeGreaterThan(0.1);
    },
  );

  it('gives its buffers back, and stops when it is told to', async () => {
    const seen = { projector, features: pictures[0]!.features };
    await guide(seen);
    const { bytes } = runner.gpu.usage;
    await guide(seen);
    const stop = new AbortController();
    stop.abort(new Error('enough'));
    await expect(guide(seen, { signal: stop.signal })).rejects.toThrow('enough');
    expect(runner.gpu.usage.bytes).toBe(bytes);
  });
});
