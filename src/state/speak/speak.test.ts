/** The Speak sheet over a worker that is played by the test. */
import { expect, it } from 'vitest';
import { DEFAULT_DECODING } from '../../esper/decode/options';
import type { FaultCause } from '../../faults';
import type { Result } from '../../worker/protocol';
import type { SpeakingApi, SpokenText, TokenView } from '../../worker/speaking-protocol';
import { changeOption } from './options';
import { createSpeakCommands, createSpeakStore } from './speak';

const text = (words: string): SpokenText => ({
  text: words,
  tokens: words.split(' ').map((_, i) => i),
  isEnded: true,
  perToken: -1,
  fit: undefined,
});
const view = (words: string): TokenView[] =>
  words.split(' ').map((word, token) => ({
    token,
    text: ` ${word}`,
    probability: 0.5,
    options: [],
  }));
const ok = <T>(value: T): Promise<Result<T>> => Promise.resolve({ ok: true, value });

function open(overrides: Partial<SpeakingApi> = {}) {
  const calls: string[] = [];
  const api: SpeakingApi = {
    opening: () =>
      ok({ prompt: 'caption:', questions: ['news:'], guidance: { clipTemperature: 0.1 } }),
    write(subject, { method }, tell) {
      calls.push(`write ${subject.prompt} ${subject.isSeen} ${method}`);
      tell(0, 16);
      return ok([text('a red star'), text('a blue ring')]);
    },
    tokens(_, tokens) {
      calls.push(`tokens ${tokens.length}`);
      return ok(view('a red star'));
    },
    turn(_, { tokens }, place) {
      calls.push(`turn ${tokens.length} ${place}`);
      return ok([{ token: 9, text: ' pink', probability: 0.1, spoken: text('a pink star .') }]);
    },
    answer: (_, turns, question) => ok({ answer: `${question} ${turns.length}`, leftOut: 0 }),
    rank: (_, __, ___, candidates) =>
      ok({
        ranked: candidates.map((one) => ({ text: one, logp: -2, perToken: -1 })),
        leftOut: 2,
      }),
    cancel() {
      calls.push('cancel');
      return ok(null);
    },
    ...overrides,
  };
  const store = createSpeakStore();
  return { store, calls, commands: createSpeakCommands(store, () => api) };
}

it('opens with the run’s own prompt, and keeps what was typed', async () => {
  const { store, commands } = open();
  await commands.open('given-1');
  expect(store.getState()).toMatchObject({
    isOpen: true,
    picture: 'given-1',
    prompt: 'caption:',
    opening: { questions: ['news:'] },
    options: { clipTemperature: 0.1 },
  });
  store.setState({ prompt: 'news:' });
  commands.close();
  await commands.open('given-1');
  expect(store.getState().prompt).toBe('news:');
});

it('writes, looks at the first text, turns a token and takes what it leads to', async () => {
  const { store, commands, calls } = open();
  await commands.open('given-1');
  await commands.write();
  expect(store.getState().written).toMatchObject({ shown: 0, tokens: view('a red star') });
  expect(store.getState().work).toBeUndefined();
  await commands.turn(1);
  const { turnings } = store.getState().written!;
  expect(turnings).toHaveLength(1);
  await commands.take(turnings![0]!);
  expect(store.getState().written!.texts.map((one) => one.text)).toEqual([
    'a pink star .',
    'a blue ring',
  ]);
  expect(store.getState().written!.place).toBeUndefined();
  expect(calls).toEqual(['write caption: true greedy', 'tokens 3', 'turn 3 1', 'tokens 4']);
});

it('has the text-only model go on before the token looked at, or after the text', async () => {
  const { store, commands, calls } = open();
  await commands.open('given-1');
  store.setState({ options: { ...DEFAULT_DECODING, method: 'guided' } });
  await commands.write();
  await commands.turn(2);
  await commands.goOnBlindly();
  expect(store.getState()).toMatchObject({ isSeen: false, prompt: 'caption: a red' });
  expect(calls).toContain('write caption: a red false greedy');
  await commands.goOnBlindly();
  expect(store.getState().prompt).toBe('caption: a red a red star');
});

it('holds a conversation, ranks within it, and begins anew', async () => {
  const { store, commands } = open();
  await commands.open('given-1');
  await commands.ask('news:');
  await commands.ask('story:');
  expect(store.getState().turns).toEqual([
    { question: 'news:', answer: 'news: 0' },
    { question: 'story:', answer: 'story: 1' },
  ]);
  await commands.rank('caption:', ['a', 'b']);
  expect(store.getState()).toMatchObject({ ranked: { question: 'caption:' }, leftOut: 2 });
  commands.clearTurns();
  expect(store.getState()).toMatchObject({ turns: [], leftOut: 0, ranked: undefined });
});

it('another picture begins with nothing said', async () => {
  const { store, commands } = open();
  await commands.open('given-1');
  await commands.write();
  await commands.ask('news:');
  await commands.open('given-2');
  expect(store.getState()).toMatchObject({ picture: 'given-2', written: undefined, turns: [] });
});

it('shows a fault and keeps what was there', async () => {
  const fault: FaultCause = { kind: 'too-long', what: 'The question', tokens: 70, room: 44 };
  const { store, commands } = open({ answer: () => Promise.resolve({ ok: false, fault }) });
  await commands.open('given-1');
  await commands.write();
  await commands.ask('why');
  expect(store.getState()).toMatchObject({ fault, turns: [], work: undefined });
  expect(store.getState().written).toBeDefined();
});

it('drops the answer of what was stopped or followed by something else', async () => {
  let release: (late: Result<SpokenText[]>) => void = () => {};
  const { store, commands, calls } = open({
    write: () => new Promise((resolve) => (release = resolve)),
  });
  await commands.open('given-1');
  const writing = commands.write();
  expect(store.getState().work).toBe('write');
  commands.cancel();
  expect(store.getState().work).toBeUndefined();
  release({ ok: true, value: [text('late')] });
  await writing;
  expect(store.getState().written).toBeUndefined();
  const again = commands.write();
  await commands.ask('news:');
  release({ ok: true, value: [text('late')] });
  await again;
  expect(store.getState().written).toBeUndefined();
  expect(store.getState().turns).toHaveLength(1);
  expect(calls).toEqual(['cancel', 'cancel']);
});

it('takes options over where they are within bounds, else says which', () => {
  expect(changeOption(DEFAULT_DECODING, 'beams', ' 8 ')).toEqual({
    ok: true,
    options: { ...DEFAULT_DECODING, beams: 8 },
  });
  for (const typed of ['', 'x', '0', '17', '2.5'])
    expect(changeOption(DEFAULT_DECODING, 'beams', typed)).toEqual({
      ok: false,
      problem: 'A whole number from 1 to 16',
    });
  expect(changeOption(DEFAULT_DECODING, 'topP', '0.9')).toMatchObject({ ok: true });
});
