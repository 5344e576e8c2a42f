/** Recording, with a microphone and a MediaRecorder that do what the browser's do. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FaultCause } from '../../faults';
import { createRecorder } from './recorder';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

class FakeRecorder extends EventTarget {
  state: 'inactive' | 'recording' = 'inactive';
  readonly mimeType = 'audio/ogg';

  start(): void {
    this.state = 'recording';
  }

  stop(): void {
    this.state = 'inactive';
    for (const text of ['one', 'two'])
      this.dispatchEvent(Object.assign(new Event('dataavailable'), { data: new Blob([text]) }));
    this.dispatchEvent(new Event('stop'));
  }
}

function open(microphone: () => Promise<MediaStream> | undefined = async () => stream) {
  const taken: { name: string; data: Blob }[] = [];
  const faults: FaultCause[] = [];
  const recorder = createRecorder({
    openMicrophone: microphone,
    record: () => new FakeRecorder() as unknown as MediaRecorder,
    take: (recording) => void taken.push(recording),
    fail: (fault) => void faults.push(fault),
  });
  return { recorder, taken, faults };
}

const stopTrack = vi.fn<() => void>();
const stream = { getTracks: () => [{ stop: stopTrack }] } as unknown as MediaStream;
afterEach(() => void stopTrack.mockClear());

describe('a recording', () => {
  it('ends when it is stopped, is one file, and lets the microphone go', async () => {
    const { recorder, taken } = open();
    await recorder.start(2);
    expect(recorder.store.getState()).toEqual({ phase: 'recording', limit: 2 });
    expect(stopTrack).not.toHaveBeenCalled();
    recorder.stop();
    expect(recorder.store.getState().phase).toBe('idle');
    expect(stopTrack).toHaveBeenCalledOnce();
    expect(taken.map(({ name }) => name)).toEqual(['Recording 1']);
    expect(taken[0]!.data.type).toBe('audio/ogg');
    expect(await taken[0]!.data.text()).toBe('onetwo');
    await vi.advanceTimersByTimeAsync(20_000);
    expect(taken).toHaveLength(1);
  });

  it.each([
    [2, 2],
    [60, 10],
  ])('of an encoder that takes %i s ends by itself after %i s', async (takes, limit) => {
    const { recorder, taken } = open();
    await recorder.start(takes);
    await vi.advanceTimersByTimeAsync(1000 * limit - 1);
    expect(taken).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(taken).toHaveLength(1);
  });

  it('is one at a time', async () => {
    const microphone = vi.fn<() => Promise<MediaStream>>(async () => stream);
    const { recorder } = open(microphone);
    await Promise.all([recorder.start(2), recorder.start(2)]);
    expect(microphone).toHaveBeenCalledOnce();
  });
});

describe('without a microphone', () => {
  const refusal = (name: string) => () => Promise.reject(new DOMException('so it is', name));

  it.each([
    ['the person refuses', refusal('NotAllowedError'), /may not use the microphone/],
    ['there is none', refusal('NotFoundError'), /No microphone was found/],
    ['the browser has none', () => undefined, /No microphone was found/],
    ['it is in use', refusal('NotReadableError'), /so it is/],
  ])('where %s it is said', async (_, microphone, words) => {
    const { recorder, taken, faults } = open(microphone);
    await recorder.start(2);
    expect(faults).toEqual([
      {
        kind: 'no-recording',
        problem: expect.stringMatching(words),
        remedy: expect.stringMatching(/file instead/),
      },
    ]);
    expect(recorder.store.getState().phase).toBe('idle');
    expect(taken).toEqual([]);
  });
});
