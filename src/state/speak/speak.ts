/**
 * The Speak sheet's state: whom it speaks of and how, what was written, the view of one text's tokens, and
 * a conversation. The trainer's worker does the work; a fault here never touches the run.
 */
import { createStore } from 'zustand/vanilla';
import { DEFAULT_DECODING, type DecodingOptions } from '../../esper/decode/options';
import type { FaultCause } from '../../faults';
import type { Result } from '../../worker/protocol';
import type {
  Opening,
  RankedAnswer,
  SpeakingApi,
  SpokenText,
  Subject,
  TokenView,
  Turn,
  Turning,
} from '../../worker/speaking-protocol';

export type { RankedAnswer, SpokenText, TokenView, Turn, Turning };

export type SpeakWork = 'write' | 'tokens' | 'turn' | 'answer' | 'rank';

/** Texts as they were written, and what of. */
export interface WrittenTexts {
  subject: Subject;
  options: DecodingOptions;
  texts: readonly SpokenText[];
  /** The one whose tokens are looked at, its tokens once they are there. */
  shown: number;
  tokens: readonly TokenView[] | undefined;
  /** The token that is looked at, and what others in its place lead to. */
  place: number | undefined;
  turnings: readonly Turning[] | undefined;
}

export interface SpeakState {
  isOpen: boolean;
  /** Id of the picture that is spoken of. */
  picture: string | undefined;
  /** Off, the text-only model speaks. */
  isSeen: boolean;
  opening: Opening | undefined;
  prompt: string;
  options: DecodingOptions;
  work: SpeakWork | undefined;
  progress: { done: number; of: number } | undefined;
  fault: FaultCause | undefined;
  written: WrittenTexts | undefined;
  turns: readonly Turn[];
  /** Earliest turns that the last answer did not read. */
  leftOut: number;
  ranked: { question: string; answers: readonly RankedAnswer[] } | undefined;
}

const EMPTY: SpeakState = {
  isOpen: false,
  picture: undefined,
  isSeen: true,
  opening: undefined,
  prompt: '',
  options: DEFAULT_DECODING,
  work: undefined,
  progress: undefined,
  fault: undefined,
  written: undefined,
  turns: [],
  leftOut: 0,
  ranked: undefined,
};

export const createSpeakStore = () => createStore<SpeakState>(() => EMPTY);
export type SpeakStore = ReturnType<typeof createSpeakStore>;

export interface SpeakCommands {
  open(picture: string): Promise<void>;
  close(): void;
  write(): Promise<void>;
  /** Looks at the tokens of a text. */
  show(index: number): Promise<void>;
  /** Looks at what could stand at a place of the text shown. */
  turn(place: number): Promise<void>;
  /** Takes what another token leads to in place of the text shown. */
  take(turning: Turning): Promise<void>;
  /** Has the text-only model go on from the text shown, before the token looked at if there is one. */
  goOnBlindly(): Promise<void>;
  ask(question: string): Promise<void>;
  rank(question: string, candidates: readonly string[]): Promise<void>;
  /** Forgets the conversation. */
  clearTurns(): void;
  cancel(): void;
  /** Forgets all that was said, as a new worker knows no picture. */
  reset(): void;
}

/** @param speaking undefined while no models are there */
export function createSpeakCommands(
  store: SpeakStore,
  speaking: () => SpeakingApi | undefined,
): SpeakCommands {
  const change = (written: Partial<WrittenTexts>) =>
    store.setState(({ written: before }) => ({ written: before && { ...before, ...written } }));

  /** One piece of work at a time: a new one ends the one before, whose answer is dropped. */
  let last = 0;
  async function run<T>(
    work: SpeakWork,
    call: (api: SpeakingApi) => Promise<Result<T | undefined>>,
  ): Promise<T | undefined> {
    const api = speaking();
    if (!api) return undefined;
    const mine = ++last;
    if (store.getState().work) void api.cancel();
    store.setState({ work, progress: undefined, fault: undefined });
    const result = await call(api);
    if (mine !== last) return undefined;
    store.setState({ work: undefined, progress: undefined });
    if (result.ok) return result.value;
    store.setState({ fault: result.fault });
    return undefined;
  }
  const tell = (done: number, of: number) => store.setState({ progress: { done, of } });

  function cancel(): void {
    last++;
    if (store.getState().work) void speaking()?.cancel();
    store.setState({ work: undefined, progress: undefined });
  }

  async function show(index: number): Promise<void> {
    const text = store.getState().written?.texts[index];
    if (!text) return;
    change({ shown: index, tokens: undefined, place: undefined, turnings: undefined });
    const { subject } = store.getState().written!;
    const tokens = await run('tokens', (api) => api.tokens(subject, text.tokens));
    if (tokens) change({ tokens });
  }

  const commands: SpeakCommands = {
    async open(picture) {
      const isAnother = picture !== store.getState().picture;
      if (isAnother)
        store.setState({ picture, written: undefined, turns: [], leftOut: 0, ranked: undefined });
      store.setState({ isOpen: true, fault: undefined });
      const told = await speaking()?.opening();
      if (!told?.ok) return;
      const { opening, options } = store.getState();
      if (opening) return;
      const { prompt, guidance } = told.value;
      store.setState({ opening: told.value, prompt, options: { ...options, ...guidance } });
    },
    close() {
      cancel();
      store.setState({ isOpen: false });
    },
    async write() {
      const { picture, isSeen, prompt, options } = store.getState();
      const subject = { picture, isSeen, prompt };
      const texts = await run('write', (api) => api.write(subject, options, tell));
      if (!texts) return;
      const none = { tokens: undefined, place: undefined, turnings: undefined };
      store.setState({ written: { subject, options, texts, shown: 0, ...none } });
      await show(0);
    },
    show,
    async turn(place) {
      const { written } = store.getState();
      if (!written) return;
      change({ place, turnings: undefined });
      const { subject, texts, shown, options } = written;
      const text = texts[shown]!;
      const turnings = await run('turn', (api) => api.turn(subject, text, place, options));
      if (turnings) change({ turnings });
    },
    async take({ spoken }) {
      const { written } = store.getState();
      if (!written) return;
      const { texts, shown } = written;
      change({ texts: texts.map((text, i) => (i === shown ? spoken : text)) });
      await show(shown);
    },
    async goOnBlindly() {
      const { written } = store.getState();
      if (!written?.tokens) return;
      const { subject, tokens, place } = written;
      const kept = tokens.slice(0, place).map(({ text }) => text);
      store.setState({ isSeen: false, prompt: subject.prompt + kept.join('') });
      // Guided, it would follow the picture.
      if (store.getState().options.method === 'guided')
        store.setState(({ options }) => ({ options: { ...options, method: 'greedy' } }));
      await commands.write();
    },
    async ask(question) {
      const { picture, isSeen, turns, options } = store.getState();
      const subject = { picture, isSeen };
      const told = await run('answer', (api) =>
        api.answer(subject, [...turns], question, options, tell),
      );
      if (!told) return;
      store.setState({
        turns: [...turns, { question, answer: told.answer }],
        leftOut: told.leftOut,
        ranked: undefined,
      });
    },
    async rank(question, candidates) {
      const { picture, isSeen, turns } = store.getState();
      const subject = { picture, isSeen };
      const told = await run('rank', (api) =>
        api.rank(subject, [...turns], question, [...candidates]),
      );
      if (!told) return;
      store.setState({ ranked: { question, answers: told.ranked }, leftOut: told.leftOut });
    },
    clearTurns: () => store.setState({ turns: [], leftOut: 0, ranked: undefined }),
    cancel,
    reset() {
      cancel();
      store.setState(({ options }) => ({ ...EMPTY, options }));
    },
  };
  return commands;
}
