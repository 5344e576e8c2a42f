/** Plays one sound at a time, as the encoder hears it. */
import { createStore } from 'zustand/vanilla';
import type { HeardSound } from '../pictures';

export interface PlayerState {
  /** Id of what is heard now. */
  playing: string | undefined;
}

export type Player = ReturnType<typeof createPlayer>;

/** @param open makes the audio context, once somebody wants to hear something */
export function createPlayer(open: () => AudioContext) {
  const store = createStore<PlayerState>(() => ({ playing: undefined }));
  let context: AudioContext | undefined;
  let source: AudioBufferSourceNode | undefined;

  function stop(): void {
    source?.stop();
    source = undefined;
    store.setState({ playing: undefined });
  }

  return {
    store,
    stop,
    /** Begins, or stops where it is the one that plays. */
    toggle(id: string, { samples, rate }: HeardSound): void {
      const wasPlaying = store.getState().playing === id;
      stop();
      if (wasPlaying) return;
      context ??= open();
      const buffer = context.createBuffer(1, samples.length, rate);
      buffer.copyToChannel(Float32Array.from(samples), 0);
      const started = (source = context.createBufferSource());
      started.buffer = buffer;
      started.connect(context.destination);
      started.addEventListener('ended', () => {
        if (started === source) stop();
      });
      // A context made before the first click begins suspended.
      void context.resume();
      started.start();
      store.setState({ playing: id });
    },
  };
}
