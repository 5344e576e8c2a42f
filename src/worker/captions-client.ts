/** The page's end of the captions' worker: started for each piece of work, and ended with it or before. */
import * as Comlink from 'comlink';
import type {
  CaptionFile,
  CaptionsApi,
  CaptionedImage,
  ScoredTexts,
  Tell,
} from './captions-protocol';
import type { Result } from './protocol';

/** `undefined` where the signal ended it. */
export interface CaptionsWork {
  read(file: File, signal: AbortSignal): Promise<Result<CaptionFile> | undefined>;
  score(
    images: readonly CaptionedImage[],
    tell: Tell,
    signal: AbortSignal,
  ): Promise<Result<ScoredTexts> | undefined>;
}

async function inWorker<T>(
  signal: AbortSignal,
  call: (captions: Comlink.Remote<CaptionsApi>) => Promise<Result<T>>,
): Promise<Result<T> | undefined> {
  if (signal.aborted) return undefined;
  const worker = new Worker(new URL('./captions.worker.ts', import.meta.url), {
    type: 'module',
    name: 'esper-captions',
  });
  try {
    return await new Promise((resolve, reject) => {
      // Scoring is one long calculation: to end it is to end its worker.
      signal.addEventListener('abort', () => resolve(undefined), { once: true });
      worker.addEventListener('error', ({ message }) =>
        resolve({
          ok: false,
          fault: { kind: 'unexpected', message: `The captions’ worker stopped: ${message}` },
        }),
      );
      call(Comlink.wrap<CaptionsApi>(worker)).then(resolve, reject);
    });
  } finally {
    worker.terminate();
  }
}

export const captionsWork: CaptionsWork = {
  read: (file, signal) => inWorker(signal, (captions) => captions.read(file)),
  score: (images, tell, signal) =>
    inWorker(signal, (captions) => captions.score([...images], Comlink.proxy(tell))),
};
