/**
 * Speaks of one picture at a time in other ways than training samples: decoding, the view of single tokens,
 * and answers. Each piece of work is done between two iterations, with the projector as it is.
 */
import { beamSearch } from '../../esper/decode/beam';
import { answerOf } from '../../esper/decode/conversation';
import { guidedDecoding } from '../../esper/decode/guided';
import { type DecodingOptions, parseDecoding } from '../../esper/decode/options';
import { continueEach, drawer } from '../../esper/decode/sample';
import { likelihoodOf, tokensOf } from '../../esper/decode/tokens';
import type { Written } from '../../esper/decode/written';
import { isBundled } from '../../esper/pair';
import { clipScore, cosineOf } from '../../eval/clip-score';
import { Fault } from '../../faults';
import { Random } from '../../math/random';
import { styleLabel, STYLES } from '../../worlds/styles';
import type { Result } from '../result';
import type { Opening, SpeakingApi, SpokenText, Subject, TellTokens } from '../speaking-protocol';
import { TextEmbedder } from '../text-embedder';
import { answer, type WorkQueue } from '../work-queue';
import {
  asked,
  contextOf,
  expectRoom,
  greedily,
  limitsOf,
  nameOf,
  ownPrompt,
  reading,
  rulesOf,
  type Task,
  textOf,
  type Voice,
} from './task';

/** Options shown in place of a token. */
const OPTIONS = 6;

/** What a general language model may be asked first. */
const QUESTIONS = {
  picture: ['What is in the picture?', 'Where is it?', 'What colour is it?'],
  sound: ['What is heard?', 'What makes the sound?', 'Where is it?'],
};

/**
 * The defaults are ZeroCap's. The bundled CLIP was trained with .03 and 512 tokens are the whole vocabulary; the
 * others are the best of stepSize .05 to 1 and fluencyWeight .2 and 1 on 12 held-out scenes that the model sees.
 */
const BUNDLED_GUIDANCE: Opening['guidance'] = {
  clipTemperature: 0.03,
  candidates: 64,
  stepSize: 0.1,
  fluencyWeight: 1,
};

/** Of the seed, apart from those of training. */
const SAMPLES_STREAM = 0xe0000000;

export class Speaking implements SpeakingApi {
  readonly #queue: WorkQueue;
  readonly #voice: () => Voice;
  #embedder: TextEmbedder | undefined;
  #stop = new AbortController();

  /** @param voice throws where no run is open */
  constructor(queue: WorkQueue, voice: () => Voice) {
    this.#queue = queue;
    this.#voice = voice;
  }

  opening: SpeakingApi['opening'] = () =>
    answer(async () => {
      const { pair, models } = this.#voice();
      const prompt = ownPrompt(models);
      const questions = isBundled(pair)
        ? [...STYLES.map(styleLabel), `${styleLabel('caption')} there is`]
        : QUESTIONS[models.world.modality];
      return { prompt, questions, guidance: isBundled(pair) ? BUNDLED_GUIDANCE : {} };
    });

  write: SpeakingApi['write'] = (subject, options, tell) =>
    this.#work(subject, async (task) => {
      const parsed = parseDecoding(options);
      const context = contextOf(task, subject.prompt);
      expectRoom(task, context.length + parsed.maxTokens);
      return this.#write(task, subject, context, parsed, tell);
    });

  tokens: SpeakingApi['tokens'] = (subject, tokens) =>
    this.#work(subject, async (task) => {
      const context = contextOf(task, subject.prompt);
      const length = context.length + tokens.length;
      const view = await reading(task, { rows: 1, length }, (reader) =>
        tokensOf(reader, context, tokens, OPTIONS),
      );
      const named = <T extends { token: number }>(option: T) => ({
        ...option,
        text: nameOf(task, option.token),
      });
      return view.map((one) => ({ ...named(one), options: one.options.map(named) }));
    });

  turn: SpeakingApi['turn'] = (subject, text, place, options) =>
    this.#work(subject, async (task) => {
      const { tokens } = text;
      const context = contextOf(task, subject.prompt);
      const kept = tokens.slice(0, place);
      const { eos } = rulesOf(task, options);
      const length = context.length + Math.max(tokens.length, options.maxTokens);
      return reading(task, { rows: OPTIONS, length }, async (reader) => {
        const [here] = await tokensOf(
          reader,
          [...context, ...kept],
          tokens.slice(place, place + 1),
          OPTIONS,
        );
        const present = tokens[place];
        const choices = here!.options.some(({ token }) => token === present)
          ? here!.options
          : [...here!.options, { token: here!.token, probability: here!.probability }];
        const goOn = choices.filter(({ token }) => token !== eos && token !== present);
        const added = await continueEach(
          reader,
          goOn.map(({ token }) => [...context, ...kept, token]),
          { ...greedily(task, options), begun: kept.length + 1 },
        );
        const written = choices.map(({ token }): Written => {
          // How likely a text is as a whole is not asked here.
          const unjudged = { logp: 0, length: 0 };
          if (token === present) return { ...text, ...unjudged };
          if (token === eos) return { tokens: kept, isEnded: true, ...unjudged };
          const { tokens: rest, isEnded } = added[goOn.findIndex((one) => one.token === token)]!;
          return { tokens: [...kept, token, ...rest], isEnded, ...unjudged };
        });
        const spoken = await this.#spoken(task, subject, written);
        return choices.map((choice, i) => ({
          ...choice,
          text: nameOf(task, choice.token),
          spoken: spoken[i]!,
        }));
      });
    });

  answer: SpeakingApi['answer'] = (subject, turns, question, options, tell) =>
    this.#work(subject, async (task) => {
      const parsed = parseDecoding(options);
      const { form, tokens, leftOut } = asked(task, turns, question, parsed.maxTokens);
      const asking = { ...subject, prompt: question };
      const [best] = await this.#write(task, asking, tokens, parsed, tell);
      return { answer: answerOf(task.models.tokenizer.decode(best!.tokens), form), leftOut };
    });

  rank: SpeakingApi['rank'] = (subject, turns, question, candidates) =>
    this.#work(subject, async (task) => {
      const { encode } = task.models.tokenizer;
      const texts = candidates.map((text) => text.trim()).filter(Boolean);
      const ids = texts.map((text) => encode(` ${text}`));
      const longest = Math.max(0, ...ids.map(({ length }) => length));
      const { tokens, leftOut } = asked(task, turns, question, longest);
      const length = tokens.length + longest;
      const ranked = await reading(task, { rows: 1, length }, async (reader) => {
        const answers = [];
        for (const [i, text] of texts.entries()) {
          task.signal.throwIfAborted();
          answers.push({ text, ...(await likelihoodOf(reader, tokens, ids[i]!)) });
        }
        return answers;
      });
      return { ranked: ranked.toSorted((a, b) => b.perToken - a.perToken), leftOut };
    });

  cancel: SpeakingApi['cancel'] = () =>
    answer(async () => {
      this.#stop.abort();
      return null;
    });

  /** Queues a piece of work; `cancel` ends it, under way or not. */
  #work<T>(
    { picture, isSeen }: Omit<Subject, 'prompt'>,
    work: (task: Task) => Promise<T>,
  ): Promise<Result<T | undefined>> {
    const { signal } = (this.#stop = new AbortController());
    return this.#queue.answer(async () => {
      if (signal.aborted) return undefined;
      try {
        const voice = this.#voice();
        const features = picture === undefined ? undefined : voice.featuresOf(picture);
        if (isSeen && !features)
          throw new Fault({
            kind: 'bad-image',
            file: 'The picture to speak of',
            problem: 'It is not on the page any more.',
          });
        const { projector } = voice.trainer;
        const seen = isSeen && features ? { projector, features } : undefined;
        return await work({ ...voice, signal, features, seen });
      } catch (error) {
        if (signal.aborted) return undefined;
        throw error;
      }
    });
  }

  /** Texts that follow `context`, best first. */
  async #write(
    task: Task,
    subject: Subject,
    context: readonly number[],
    options: DecodingOptions,
    tell: TellTokens,
  ): Promise<SpokenText[]> {
    const written = await this.#decode(task, subject, context, options, tell);
    const spoken = await this.#spoken(task, subject, written);
    if (options.method !== 'sample') return spoken;
    return spoken.toSorted((a, b) => (b.fit?.cosine ?? 0) - (a.fit?.cosine ?? 0));
  }

  async #decode(
    task: Task,
    subject: Subject,
    context: readonly number[],
    options: DecodingOptions,
    tell: TellTokens,
  ): Promise<Written[]> {
    const { method, maxTokens } = options;
    const { networks } = task.models;
    const length = context.length + maxTokens;
    const limits = { ...limitsOf(task, options), progress: (t: number) => tell(t, maxTokens) };
    switch (method) {
      case 'greedy':
        return reading(task, { rows: 1, length }, (reader) =>
          continueEach(reader, [context], { ...greedily(task, options), ...limits }),
        );
      case 'sample': {
        const { samples, temperature, seed } = options;
        const choose = drawer(options, new Random(seed, SAMPLES_STREAM));
        const contexts = Array.from({ length: samples }, () => context);
        return reading(task, { rows: samples, length }, (reader) =>
          continueEach(reader, contexts, { ...limits, temperature, choose }),
        );
      }
      case 'beam':
        return reading(task, { rows: options.beams, length }, (reader) =>
          beamSearch(reader, context, { ...options, ...limits }),
        );
      case 'guided': {
        if (!task.features)
          throw new Fault({
            kind: 'config',
            problems: ['guided decoding follows CLIP’s view of a picture, and there is none'],
          });
        const cosines = async (responses: readonly (readonly number[])[]) =>
          this.#cosines(
            task,
            responses.map((tokens) => textOf(task, subject.prompt, tokens)),
          );
        const guiding = { ...options, ...limits, cosines };
        return [await guidedDecoding(networks, task.seen, context, guiding)];
      }
    }
  }

  /** The texts with what CLIP thinks of them. */
  async #spoken(task: Task, subject: Subject, written: readonly Written[]): Promise<SpokenText[]> {
    const texts = written.map(({ tokens }) => textOf(task, subject.prompt, tokens));
    const cosines = task.features ? await this.#cosines(task, texts) : [];
    return written.map(({ tokens, isEnded, logp, length }, i) => {
      const cosine = cosines[i];
      return {
        text: texts[i]!,
        tokens,
        isEnded,
        perToken: length > 0 ? logp / length : undefined,
        fit: cosine === undefined ? undefined : { cosine, clipScore: clipScore(cosine) },
      };
    });
  }

  async #cosines({ models, features }: Task, texts: readonly string[]): Promise<number[]> {
    this.#embedder ??= new TextEmbedder(models.networks);
    const embedded = await this.#embedder.embed(texts);
    return embedded.map((text) => cosineOf(features!, text));
  }
}
