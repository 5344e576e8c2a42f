import { describe, expect, test } from 'vitest';
import type { FaultCause } from '../faults';
import type { InStyles, Result, StylesApi } from '../worker/protocol';
import { clearStyles, createStylesCommands, createStylesStore } from './styles';

const fault: FaultCause = { kind: 'no-query', problem: 'no styles' };

/** A worker whose answers the test gives, in the order asked. */
function open() {
  const store = createStylesStore();
  const answers: ((result: Result<InStyles>) => void)[] = [];
  const asked: string[] = [];
  const api: StylesApi = {
    write: (id, labels) => {
      asked.push(`${id} ${labels}`);
      return new Promise((resolve) => answers.push(resolve));
    },
  };
  const commands = createStylesCommands(store, () => api);
  const written = (id: string): Result<InStyles> => ({
    ok: true,
    value: { id, update: 2, captions: [{ label: 'news', text: 'a', cosine: 0.5 }] },
  });
  return { store, commands, answers, asked, written };
}

describe('one picture in all styles', () => {
  test('is written with the labels typed', async () => {
    const { store, commands, answers, asked, written } = open();
    commands.type('news, story');
    const done = commands.write('a');
    expect(store.getState()).toMatchObject({ isWriting: true, written: undefined });
    await commands.write('a');
    expect(asked).toEqual(['a news, story']);
    answers[0]!(written('a'));
    await done;
    expect(store.getState()).toMatchObject({ isWriting: false, written: { id: 'a', update: 2 } });
  });

  test('keeps what was written while it is written again, and beside a fault', async () => {
    const { store, commands, answers, written } = open();
    const first = commands.write('a');
    answers[0]!(written('a'));
    await first;
    const again = commands.write('a');
    expect(store.getState().written?.id).toBe('a');
    answers[1]!({ ok: false, fault });
    await again;
    expect(store.getState()).toMatchObject({ isWriting: false, written: { id: 'a' }, fault });
  });

  test('a late answer of the run before is dropped', async () => {
    const { store, commands, answers, written } = open();
    commands.type('news');
    const old = commands.write('a');
    clearStyles(store);
    const fresh = commands.write('b');
    answers[0]!(written('a'));
    await old;
    expect(store.getState()).toMatchObject({ labels: 'news', isWriting: true, written: undefined });
    answers[1]!(written('b'));
    await fresh;
    expect(store.getState().written?.id).toBe('b');
  });
});
