/**
 * Records from the microphone, for some seconds at most. The recording is handed on as a file and stays on this
 * machine; the microphone is let go as soon as it ends.
 */
import { createStore } from 'zustand/vanilla';
import type { FaultCause } from '../../faults';

export interface RecorderState {
  phase: 'idle' | 'asking' | 'recording';
  /** Of the recording that is on, seconds. */
  limit: number;
}

/** Longest recording, seconds, whatever the encoder takes. */
export const MOST_SECONDS = 10;

interface RecorderSurroundings {
  /** Undefined where the browser has no microphones. */
  openMicrophone(): Promise<MediaStream> | undefined;
  record(stream: MediaStream): MediaRecorder;
  take(recording: { name: string; data: Blob }): void;
  fail(fault: FaultCause): void;
}

export type Recorder = ReturnType<typeof createRecorder>;

export function createRecorder({ openMicrophone, record, take, fail }: RecorderSurroundings) {
  const store = createStore<RecorderState>(() => ({ phase: 'idle', limit: MOST_SECONDS }));
  let recorder: MediaRecorder | undefined;
  let made = 0;

  function run(stream: MediaStream, limit: number): void {
    const parts: Blob[] = [];
    const started = (recorder = record(stream));
    const timer = setTimeout(() => stop(), 1000 * limit);
    started.addEventListener('dataavailable', ({ data }) => parts.push(data));
    started.addEventListener('stop', () => {
      clearTimeout(timer);
      for (const track of stream.getTracks()) track.stop();
      store.setState({ phase: 'idle' });
      const type = started.mimeType || 'audio/webm';
      take({ name: `Recording ${++made}`, data: new Blob(parts, { type }) });
    });
    started.start();
    store.setState({ phase: 'recording', limit });
  }

  function stop(): void {
    if (recorder?.state === 'recording') recorder.stop();
  }

  return {
    store,
    stop,
    /** @param seconds that the encoder takes */
    async start(seconds: number): Promise<void> {
      if (store.getState().phase !== 'idle') return;
      store.setState({ phase: 'asking' });
      try {
        const stream = await openMicrophone();
        if (!stream) throw new DOMException('', 'NotFoundError');
        run(stream, Math.min(seconds, MOST_SECONDS));
      } catch (error) {
        store.setState({ phase: 'idle' });
        fail(faultOf(error));
      }
    },
  };
}

function faultOf(error: unknown): FaultCause {
  const { name, message } = error instanceof Error ? error : { name: '', message: String(error) };
  const kind = 'no-recording';
  const remedy = 'Drop or choose a sound’s file instead.';
  if (name === 'NotAllowedError')
    return {
      kind,
      problem: 'The page may not use the microphone.',
      remedy: `Allow it beside the page’s address, then record again. ${remedy}`,
    };
  if (name === 'NotFoundError') return { kind, problem: 'No microphone was found.', remedy };
  return { kind, problem: message || name, remedy };
}
