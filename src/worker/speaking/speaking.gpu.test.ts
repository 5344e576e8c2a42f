/** Speaking with real, small networks: against training's own sampler, the trainer's cosines, and cancel. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_DECODING } from '../../esper/decode/options';
import { createReader } from '../../esper/decode/reader';
import { likelihoodOf } from '../../esper/decode/tokens';
import { parseConfig } from '../../esper/config';
import { BUNDLED_PAIR, type Pair } from '../../esper/pair';
import { SMALL_E, smallNetworks } from '../../esper/testing/small-networks';
import { Trainer } from '../../esper/trainer';
import type { Encoder } from '../../frozen/encoder';
import type { KernelRunner } from '../../gpu/kernel';
import { sharedRunner } from '../../gpu/testing/harness';
import type { Models } from '../models';
import type { Result } from '../result';
import type { Subject } from '../speaking-protocol';
import { WorkQueue } from '../work-queue';
import { SHAPES } from '../worlds/shapes';
import { Speaking } from './speaking';

const EOS = 96;
const config = parseConfig({
  imagesPerBatch: 4,
  samplesPerImage: 2,
  trainingPictures: 16,
  responseLength: 6,
  minResponse: 1,
  minibatches: 2,
});
const options = { ...DEFAULT_DECODING, maxTokens: 6, minResponse: 1 };
const features = Float32Array.from({ length: SMALL_E }, (_, i) => 3 * Math.sin(5 + i * i));

let runner: KernelRunner;
let trainer: Trainer;
let models: Models;
beforeAll(async () => {
  runner = await sharedRunner();
  // As GPT-2's: words have their blank before them, and the end of text is no word.
  const decode = (ids: ArrayLike<number>) =>
    Array.from(ids, (id) => (id === EOS ? '' : ` ${id}`)).join('');
  const encode = (text: string) =>
    text.replaceAll('<|endoftext|>', ` ${EOS} `).split(/\s+/).filter(Boolean).map(Number);
  const networks = { ...(await smallNetworks(runner)), tokenizer: { decode, encode } };
  trainer = await Trainer.create(networks, config);
  models = {
    networks,
    clip: Promise.reject<Encoder>(new Error('no pictures here')),
    world: SHAPES,
    tokenizer: { encode, decode, eosId: EOS },
    texts: undefined,
  };
  models.clip.catch(() => {});
});
afterAll(async () => {
  await trainer.destroy();
});

const speaking = (pair: Pair = BUNDLED_PAIR, queue = new WorkQueue()) =>
  new Speaking(queue, () => ({
    pair,
    models,
    trainer,
    featuresOf: (id) => (id === 'given-1' ? features : undefined),
  }));

async function valueOf<T>(result: Promise<Result<T>>): Promise<NonNullable<T>> {
  const told = await result;
  if (!told.ok || !told.value) throw new Error(JSON.stringify(told));
  return told.value;
}

const ignore = () => {};
async function subjectOf(changed: Partial<Subject> = {}): Promise<Subject> {
  const { prompt } = await valueOf(speaking().opening());
  return { picture: 'given-1', isSeen: true, prompt, ...changed };
}

it('writes greedily what training’s sampler on the GPU writes, one token a read', async () => {
  const told: number[] = [];
  const [spoken] = await valueOf(
    speaking().write(await subjectOf(), options, (done, of) => told.push(done / of)),
  );
  const [caption] = await trainer.write(features);
  expect(spoken!.text).toBe(caption);
  const [cosine] = await trainer.cosines(features, [caption!]);
  expect(spoken!.fit!.cosine).toBeCloseTo(cosine!, 4);
  expect(spoken!.fit!.clipScore).toBeCloseTo(2.5 * Math.max(0, cosine!), 4);
  expect(told[0]).toBe(0);
  expect(told.length).toBeGreaterThan(1);
});

it('ranks samples by CLIP, the best of N first, and repeats them for a seed', async () => {
  const many = { ...options, method: 'sample' as const, samples: 7, temperature: 2 };
  const subject = await subjectOf();
  const spoken = await valueOf(speaking().write(subject, many, ignore));
  expect(spoken).toHaveLength(7);
  const cosines = await trainer.cosines(
    Float32Array.from({ length: 7 * SMALL_E }, (_, i) => features[i % SMALL_E]!),
    spoken.map(({ text }) => text),
  );
  expect(new Set(cosines.map((cosine) => cosine.toFixed(4))).size).toBeGreaterThan(3);
  expect(cosines[0]).toBeCloseTo(Math.max(...cosines), 6);
  spoken.forEach(({ fit }, i) => expect(fit!.cosine).toBeCloseTo(cosines[i]!, 4));
  expect(await valueOf(speaking().write(subject, many, ignore))).toEqual(spoken);
  const other = await valueOf(speaking().write(subject, { ...many, seed: 2 }, ignore));
  expect(other.map(({ text }) => text)).not.toEqual(spoken.map(({ text }) => text));
});

it('finds with beams what is at least as likely as the greedy text', async () => {
  const subject = await subjectOf();
  const length = { lengthPenalty: 0, minResponse: 5, maxTokens: 6 };
  const [greedy] = await valueOf(speaking().write(subject, { ...options, ...length }, ignore));
  const wide = { ...options, ...length, method: 'beam' as const, beams: 8 };
  const beams = await valueOf(speaking().write(subject, wide, ignore));
  const reader = await createReader(
    models.networks,
    { projector: trainer.projector, features },
    1,
    20,
  );
  const sums = [];
  for (const { tokens } of [greedy!, ...beams]) {
    const { logp } = await likelihoodOf(reader, models.networks.query, tokens.slice(0, 5));
    sums.push(logp);
  }
  reader.destroy();
  expect(beams).toHaveLength(8);
  expect(sums[1]).toBeGreaterThanOrEqual(sums[0]! - 1e-3);
});

it('guides by CLIP whether the model sees the picture or not, and says why it cannot without one', async () => {
  const guided = {
    ...options,
    method: 'guided' as const,
    stepSize: 2,
    candidates: 24,
    clipTemperature: 0.05,
  };
  for (const isSeen of [true, false]) {
    const subject = await subjectOf({ isSeen });
    const [plain] = await valueOf(speaking().write(subject, { ...guided, steps: 0 }, ignore));
    const [bent] = await valueOf(speaking().write(subject, guided, ignore));
    expect(bent!.fit!.cosine).toBeGreaterThan(plain!.fit!.cosine);
  }
  const nothing = await subjectOf({ picture: undefined, isSeen: false });
  const told = await speaking().write(nothing, guided, ignore);
  expect(told).toMatchObject({ ok: false, fault: { kind: 'config' } });
});

describe('the text-only model', () => {
  it('goes on from any text, the same whatever the picture, with cosines where there is one', async () => {
    const prompt = '7 8 9';
    const subject = { picture: 'given-1', isSeen: false, prompt };
    const [judged] = await valueOf(speaking().write(subject, options, ignore));
    const [alone] = await valueOf(
      speaking().write({ ...subject, picture: undefined }, options, ignore),
    );
    expect(alone).toEqual({ ...judged, fit: undefined });
    expect(judged!.fit).toBeDefined();
    const [seen] = await valueOf(speaking().write({ ...subject, isSeen: true }, options, ignore));
    expect(seen!.perToken).not.toBeCloseTo(judged!.perToken!, 3);
  });

  it('scores what a prompt adds to the run’s own with the text', async () => {
    const { prompt } = await subjectOf();
    const subject = await subjectOf({ prompt: `${prompt} 11` });
    const [spoken] = await valueOf(speaking().write(subject, options, ignore));
    expect(spoken!.text.startsWith('11 ')).toBe(true);
    const [cosine] = await trainer.cosines(features, [spoken!.text]);
    expect(spoken!.fit!.cosine).toBeCloseTo(cosine!, 4);
  });
});

describe('token by token', () => {
  it('shows what stands there, and what the text becomes with another token', async () => {
    const subject = await subjectOf();
    const [spoken] = await valueOf(speaking().write(subject, options, ignore));
    const view = await valueOf(speaking().tokens(subject, spoken!.tokens));
    // Without an early end, each token of a greedy text is the likeliest that is no end of text.
    for (const { token, options: others, probability } of view) {
      const best = others.find((other) => other.token !== EOS)!;
      expect(best.token).toBe(token);
      expect(best.probability).toBeCloseTo(probability, 6);
    }
    const place = 2;
    const turnings = await valueOf(speaking().turn(subject, spoken!, place, options));
    expect(turnings.map(({ token }) => token)).toEqual(
      view[place]!.options.map(({ token }) => token),
    );
    for (const { token, spoken: turned } of turnings) {
      const kept = spoken!.tokens.slice(0, place);
      expect(turned.tokens.slice(0, place + 1)).toEqual(token === EOS ? kept : [...kept, token]);
      expect(turned.tokens.length).toBeLessThanOrEqual(options.maxTokens);
      const [cosine] = await trainer.cosines(features, [turned.text]);
      expect(turned.fit!.cosine).toBeCloseTo(cosine!, 4);
    }
    const same = turnings.find(({ token }) => token === spoken!.tokens[place])!;
    expect(same.spoken.tokens).toEqual(spoken!.tokens);
  });
});

describe('answers', () => {
  const subject = { picture: 'given-1', isSeen: true };

  it('are ranked by likelihood a token, each a teacher-forced sum', async () => {
    const candidates = ['1 2 3', ' 4 ', '', '5 6 7 8 9'];
    const { ranked, leftOut } = await valueOf(speaking().rank(subject, [], '11 12', candidates));
    expect(leftOut).toBe(0);
    expect(ranked.map(({ text }) => text).toSorted()).toEqual(['1 2 3', '4', '5 6 7 8 9']);
    const means = ranked.map(({ perToken }) => perToken);
    expect(means).toEqual(means.toSorted((a, b) => b - a));
    const seen = { projector: trainer.projector, features };
    const reader = await createReader(models.networks, seen, 1, 20);
    for (const { text, logp, perToken } of ranked) {
      const tokens = text.split(' ').map(Number);
      let sum = 0;
      for (let t = 0; t < tokens.length; t++) {
        const shorter = await likelihoodOf(reader, [EOS, 11, 12], tokens.slice(0, t));
        const longer = await likelihoodOf(reader, [EOS, 11, 12], tokens.slice(0, t + 1));
        sum += longer.logp - shorter.logp;
      }
      expect(logp).toBeCloseTo(sum, 4);
      expect(perToken).toBeCloseTo(sum / tokens.length, 4);
    }
    reader.destroy();
  });

  it('follow the conversation, whose earliest turns are left out where it grows too long', async () => {
    const turn = { question: '1 2 3 4 5', answer: '6 7 8' };
    const reply = (count: number) =>
      valueOf(
        speaking().answer(
          subject,
          Array.from({ length: count }, () => turn),
          '9 10',
          options,
          ignore,
        ),
      );
    expect((await reply(2)).leftOut).toBe(0);
    expect((await reply(0)).answer).not.toBe('');
    // Of several samples the answer is the one that CLIP likes best.
    const many = { ...options, method: 'sample' as const, samples: 6, temperature: 2 };
    const spoken = await valueOf(speaking().write({ ...subject, prompt: '9 10' }, many, ignore));
    const told = await valueOf(speaking().answer(subject, [], '9 10', many, ignore));
    expect(told.answer).toBe(spoken[0]!.text);
    const long = await reply(30);
    expect(long.leftOut).toBeGreaterThan(20);
    expect(long.leftOut).toBeLessThan(30);
  });

  it('are refused in words where the question alone is too long', async () => {
    const question = Array(60).fill('3').join(' ');
    const refused = await speaking().answer(subject, [], question, options, ignore);
    expect(refused).toMatchObject({ ok: false, fault: { kind: 'too-long', tokens: 61 } });
  });
});

it('refuses a picture that is gone, and options that do not go together', async () => {
  const gone = await speaking().write(await subjectOf({ picture: 'gone' }), options, ignore);
  expect(gone).toMatchObject({ ok: false, fault: { kind: 'bad-image' } });
  const short = { ...options, minResponse: 6, maxTokens: 6 };
  const refused = await speaking().write(await subjectOf(), short, ignore);
  expect(refused).toMatchObject({ ok: false, fault: { kind: 'config' } });
  for (const method of ['greedy', 'guided'] as const) {
    const long = { ...options, method, maxTokens: 90 };
    const told = await speaking().write(await subjectOf(), long, ignore);
    expect(told).toMatchObject({ ok: false, fault: { kind: 'too-long', tokens: 93, room: 44 } });
  }
});

it('ends at once when cancelled, waiting or under way, and the queue goes on', async () => {
  const queue = new WorkQueue();
  const voice = speaking(BUNDLED_PAIR, queue);
  const subject = await subjectOf();
  const underWay = voice.write(subject, options, () => void voice.cancel());
  expect(await underWay).toEqual({ ok: true, value: undefined });
  const hold = queue.run(() => new Promise<void>((resolve) => setTimeout(resolve, 50)));
  const waiting = voice.write(subject, options, ignore);
  await voice.cancel();
  await hold;
  expect(await waiting).toEqual({ ok: true, value: undefined });
  expect(await valueOf(voice.write(subject, options, ignore))).toHaveLength(1);
});
