/**
 * The page's end of the trainer's worker: starts it, speaks Comlink with it, and turns the death of
 * the worker into an ordinary fault, so that no call waits for ever.
 */
import * as Comlink from 'comlink';
import type { FaultCause } from '../faults';
import type { JudgingApi } from './judging-protocol';
import type { PhotosApi, Result, StylesApi, TrainerApi } from './protocol';
import type { SpeakingApi } from './speaking-protocol';

/** A running trainer. After `close` its worker is gone and no further event arrives. */
export interface TrainerConnection {
  readonly trainer: TrainerApi;
  close(): void;
}

export type ConnectTrainer = () => TrainerConnection;

/** The module never loaded, threw outside a call, or received a message that it could not read. */
function crashOf(worker: Worker): Promise<{ ok: false; fault: FaultCause }> {
  return new Promise((resolve) => {
    const fail = (message: string) =>
      resolve({
        ok: false,
        fault: { kind: 'unexpected', message: `The trainer’s worker stopped: ${message}` },
      });
    worker.addEventListener('error', (event) => fail(event.message || 'it could not be loaded'));
    worker.addEventListener('messageerror', () => fail('a message could not be read'));
  });
}

export const connectTrainer: ConnectTrainer = () => {
  const worker = new Worker(new URL('./trainer.worker.ts', import.meta.url), {
    type: 'module',
    name: 'esper-trainer',
  });
  const remote = Comlink.wrap<TrainerApi>(worker);
  // Comlink reaches the methods of a property, but its types take a property for plain data.
  const photos = remote.photos as unknown as Comlink.Remote<PhotosApi>;
  const evaluation = remote.evaluation as unknown as Comlink.Remote<JudgingApi>;
  const speaking = remote.speaking as unknown as Comlink.Remote<SpeakingApi>;
  const styles = remote.styles as unknown as Comlink.Remote<StylesApi>;
  const crash = crashOf(worker);

  const guard = <T>(call: Promise<Result<T>>): Promise<Result<T>> =>
    Promise.race([
      call.catch((error: unknown): Result<T> => ({
        ok: false,
        fault: {
          kind: 'unexpected',
          message: error instanceof Error ? error.message : String(error),
        },
      })),
      crash,
    ]);

  const trainer: TrainerApi = {
    open: (config, pair, onEvent) => {
      // A crash may come long after `open` was answered: then it is an event.
      void crash.then(({ fault }) => {
        onEvent({ kind: 'fault', fault });
        onEvent({ kind: 'status', status: 'failed' });
      });
      return guard(remote.open(config, pair, Comlink.proxy(onEvent)));
    },
    train: () => guard(remote.train()),
    pause: () => guard(remote.pause()),
    step: () => guard(remote.step()),
    reset: (config) => guard(remote.reset(config)),
    adjust: (config) => guard(remote.adjust(config)),
    measure: (config) => guard(remote.measure(config)),
    addPictures: (files) => guard(remote.addPictures(files)),
    removePicture: (id) => guard(remote.removePicture(id)),
    photos: {
      add: (files) => guard(photos.add(files)),
      see: () => guard(photos.see()),
      cancel: () => guard(photos.cancel()),
      remove: (hashes) => guard(photos.remove(hashes)),
      undo: () => guard(photos.undo()),
      configure: (settings) => guard(photos.configure(settings)),
    },
    evaluation: {
      scenes: () => guard(evaluation.scenes()),
      judge: (images, tell) => guard(evaluation.judge(images, Comlink.proxy(tell))),
      cancel: () => guard(evaluation.cancel()),
    },
    setTexts: (file) => guard(remote.setTexts(file)),
    speaking: {
      opening: () => guard(speaking.opening()),
      write: (subject, options, tell) =>
        guard(speaking.write(subject, options, Comlink.proxy(tell))),
      tokens: (subject, tokens) => guard(speaking.tokens(subject, tokens)),
      turn: (subject, text, place, options) => guard(speaking.turn(subject, text, place, options)),
      answer: (subject, turns, question, options, tell) =>
        guard(speaking.answer(subject, turns, question, options, Comlink.proxy(tell))),
      rank: (subject, turns, question, candidates) =>
        guard(speaking.rank(subject, turns, question, candidates)),
      cancel: () => guard(speaking.cancel()),
    },
    styles: { write: (id, labels) => guard(styles.write(id, labels)) },
    exportPrefix: () => guard(remote.exportPrefix()),
    exportContinuation: () => guard(remote.exportContinuation()),
    importPrefix: (file, data) => guard(remote.importPrefix(file, Comlink.transfer(data, [data]))),
  };
  return { trainer, close: () => worker.terminate() };
};
