/**
 * CLIP-guided decoding with a tiny GPT-2: against PyTorch's autograd (models/reference/golden_zerocap.py), its
 * gradient against central differences of the f64 reference, and what it does to the loss and to the texts.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import golden from '../../../models/reference/golden/gpt2-gradient.json';
import zerocap from '../../../models/reference/golden/zerocap.json';
import { gpt2Reference } from '../../frozen/gpt2/gpt2.reference';
import { parameterTensors } from '../../frozen/gpt2/parameters';
import type { KernelRunner } from '../../gpu/kernel';
import { cosineReference } from '../../gpu/kernels/cosine/cosine.reference';
import { normals, sharedRunner } from '../../gpu/testing/harness';
import { parseConfig } from '../config';
import type { Networks } from '../networks';
import { Projector } from '../projector';
import { shapeOf } from '../projector/shape';
import { initialProjector } from '../projector/values';
import { flatValues } from '../testing/flat-values';
import { smallNetworks, textFeature } from '../testing/small-networks';
import { bendingOf } from './bending';
import { logSoftmax, topTokens } from './distribution';
import { guidance, preferenceOf } from './guidance';
import { guidedDecoding, type Guiding } from './guided';
import type { Seen } from './prefix';
import { createReader } from './reader';
import { continueEach, mostLikely } from './sample';

const { n_embd: D, n_layer: N, vocab_size: V, eos_token_id: eos } = golden.gpt2;
const E = golden.features[0]!.length;
const rules = { eos, minResponse: 6, noRepeatNgram: 0 };
const cosineOfToken = async (responses: readonly (readonly number[])[]) =>
  responses.map((tokens) => zerocap.cosines[tokens.at(-1)!]!);

let runner: KernelRunner;
let networks: Networks;
let projectors: Record<'mlp' | 'deep', Projector>;
beforeAll(async () => {
  runner = await sharedRunner();
  networks = { ...(await smallNetworks(runner)), E };
  const config = parseConfig({ prefixLength: golden.prefixLength });
  const shape = shapeOf(config, golden.gpt2, E);
  const deep = { ...shape, kind: 'deep' as const };
  projectors = {
    mlp: new Projector(runner.gpu, shape, flatValues(golden.projector)),
    deep: new Projector(runner.gpu, deep, initialProjector(deep, 1)),
  };
});

function expectNear(actual: ArrayLike<number>, expected: ArrayLike<number>) {
  expect(actual.length).toBe(expected.length);
  const scale = Math.max(...Array.from(expected, Math.abs));
  for (let i = 0; i < expected.length; i++)
    expect(Math.abs(actual[i]! - expected[i]!) / scale, `${i}`).toBeLessThanOrEqual(1e-4);
}

describe('against PyTorch', () => {
  const { context, settings, places } = zerocap;

  it('has the past, and the gradient of the loss to all of it', async () => {
    const reader = await createReader(networks, undefined, 1, context.length);
    await reader.after([context]);
    const { past, logQ0, gradient, losses } = places[0]!;
    const bending = (await bendingOf(networks, reader, context))!;
    expectNear(bending.past, past.flat(4));
    const logits = await bending.logitsOf(bending.past);
    expectNear(logSoftmax(logits), logQ0);
    const likely = topTokens(logits.subarray(0, eos), settings.candidates);
    const cosines = likely.map((token) => zerocap.cosines[token]!);
    const preference = preferenceOf(likely, cosines, settings.clipTemperature);
    const bent = guidance(logits, Float64Array.from(logQ0), preference, settings);
    expect(bent.loss).toBeCloseTo(losses[0]!, 4);
    expectNear(await bending.gradientOf(bent.gradient), gradient.flat(4));
    bending.destroy();
    reader.destroy();
  });

  it('has the loss before every step of every token, and says the same tokens', async () => {
    const told: number[][] = places.map(() => []);
    const text = await guidedDecoding(networks, undefined, context, {
      ...settings,
      rules,
      maxTokens: places.length,
      cosines: cosineOfToken,
      watch: (place, loss) => told[place]!.push(loss),
    });
    expect(text.tokens).toEqual(places.map(({ token }) => token));
    told.forEach((losses, place) => expectNear(losses, places[place]!.losses));
    const logp = places.reduce((sum, { logQ0, token }) => sum + logQ0[token]!, 0);
    expect(text.logp).toBeCloseTo(logp, 4);
  });
});

it.each(['mlp', 'deep'] as const)(
  'behind a picture (%s) has the reference’s gradient to keys and values of prefix and tokens',
  async (kind) => {
    const tokens = [...golden.query, 7, 40];
    const seen = { projector: projectors[kind], features: normals(E, 3) };
    const reader = await createReader(networks, seen, 1, tokens.length);
    const [after] = await reader.after([tokens]);
    const bending = (await bendingOf(networks, reader, tokens))!;
    const logits = await bending.logitsOf(bending.past);
    expectNear(logits, after!);
    const q0 = logSoftmax(logits.map((logit, v) => logit + Math.sin(v)));
    const preference = preferenceOf([7, 30, 52], [0.3, 0.35, 0.31], 0.05);
    const weights = { clipWeight: 1, fluencyWeight: 0.2 };
    const { gradient } = guidance(logits, q0, preference, weights);
    const slope = await bending.gradientOf(gradient);

    const parameters = new Map<string, ArrayLike<number>>();
    for (const [name, tensor] of parameterTensors(networks.lm.weights))
      parameters.set(name, await tensor.read());
    const wte = parameters.get('wte.weight')!;
    const T = golden.prefixLength + tokens.length - 1;
    const lossAt = (past: Float64Array) => {
      const sizes = { B: 1, P: T, S: 1 };
      const words = new Float64Array(T * D);
      const hidden = gpt2Reference(golden.gpt2, parameters, words, [tokens.at(-1)!], sizes, past);
      const state = hidden.subarray(T * D);
      const found = Array.from({ length: V }, (_, v) =>
        state.reduce((sum, value, d) => sum + value * wte[v * D + d]!, 0),
      );
      return guidance(found, q0, preference, weights).loss;
    };
    const past = Float64Array.from(bending.past);
    // Every layer's keys and values, at the first, an inner and the last position.
    const places = [0, 3, T - 1].flatMap((t) =>
      Array.from({ length: 2 * N }, (_, part) => (t * 2 * N + part) * D + ((5 * part) % D)),
    );
    const step = 1e-4;
    const differences = places.map((at) => {
      const moved = [step, -step].map((by) =>
        past.map((value, i) => (i === at ? value + by : value)),
      );
      return (lossAt(moved[0]!) - lossAt(moved[1]!)) / (2 * step);
    });
    const scale = Math.max(...slope.map(Math.abs));
    differences.forEach((difference, i) =>
      expect(Math.abs(slope[places[i]!]! - difference) / scale).toBeLessThan(1e-3),
    );
    expect(Math.max(...differences.map(Math.abs))).toBeGreaterThan(scale / 100);
    bending.destroy();
    reader.destroy();
  },
);

describe('what it does', () => {
  const maxTokens = 6;
  const cosineWith = (picture: Float32Array) => (tokens: readonly number[]) =>
    cosineReference(picture, textFeature(tokens.join(' ')), [0], [0, 1])[0]!;
  const guide = (features: Float32Array, seen: Seen | undefined, changed: Partial<Guiding> = {}) =>
    guidedDecoding(networks, seen, golden.query, {
      rules: { ...rules, minResponse: 2 },
      maxTokens,
      steps: 5,
      stepSize: 2,
      normPower: 0.9,
      candidates: V,
      clipTemperature: 0.01,
      clipWeight: 1,
      fluencyWeight: 0.2,
      cosines: async (responses) => responses.map(cosineWith(features)),
      ...changed,
    });
  const pictures = Array.from({ length: 2 }, (_, i) => normals(E, 40 + i));

  it('brings the loss down at every step of every token', async () => {
    const told: number[][] = Array.from({ length: maxTokens }, () => []);
    const watch = (place: number, loss: number) => told[place]!.push(loss);
    const features = pictures[0]!;
    const seen = { projector: projectors.mlp, features };
    await guide(features, seen, { stepSize: 0.1, steps: 4, rules, watch });
    for (const losses of told) {
      expect(losses).toHaveLength(4);
      losses.slice(1).forEach((loss, i) => expect(loss).toBeLessThan(losses[i]!));
    }
  });

  it.each(['mlp', 'deep', undefined] as const)(
    'fits the picture better than greedy decoding behind a projector %s, and is that without steps',
    async (kind) => {
      let [before, after] = [0, 0];
      for (const features of pictures) {
        const seen = kind && { projector: projectors[kind], features };
        const reader = await createReader(networks, seen, 1, 20);
        const [greedy] = await continueEach(reader, [golden.query], {
          rules: { ...rules, minResponse: 2 },
          temperature: 1,
          choose: mostLikely,
          maxTokens,
        });
        reader.destroy();
        const unguided = await guide(features, seen, { steps: 0 });
        expect(unguided.tokens).toEqual(greedy!.tokens);
        expect(unguided.logp).toBeCloseTo(greedy!.logp, 3);
        before += cosineWith(features)(greedy!.tokens);
        after += cosineWith(features)((await guide(features, seen)).tokens);
      }
      expect((after - before) / pictures.length).toBeGreaterThan(0.1);
    },
  );

  it('asks for each cosine of a place once, gives its buffers back, and stops when it is told to', async () => {
    const features = pictures[0]!;
    const asked: string[] = [];
    const cosines: Guiding['cosines'] = async (responses) => {
      asked.push(...responses.map(String));
      return responses.map(cosineWith(features));
    };
    await guide(features, undefined, { rules, candidates: 20, cosines });
    expect(asked.length).toBeGreaterThan(20);
    expect(new Set(asked).size).toBe(asked.length);
    const { bytes } = runner.gpu.usage;
    await guide(features, undefined);
    const stop = new AbortController();
    stop.abort(new Error('enough'));
    await expect(guide(features, undefined, { signal: stop.signal })).rejects.toThrow('enough');
    expect(runner.gpu.usage.bytes).toBe(bytes);
  });
});
