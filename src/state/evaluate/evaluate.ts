/**
 * The Evaluate sheet's state: the person's files, the run of an evaluation, and what it found. The trainer's
 * worker captions and judges pictures, the captions' worker reads files and scores texts; a fault here
 * never touches the run.
 */
import { createStore } from 'zustand/vanilla';
import type { Pair } from '../../esper/pair';
import type { FaultCause } from '../../faults';
import type { CaptionsWork } from '../../worker/captions-client';
import type { CaptionFile, Tell } from '../../worker/captions-protocol';
import type { Judged, JudgingApi } from '../../worker/judging-protocol';
import type { Result } from '../../worker/protocol';
import { isPicture } from '../files';
import type { PhotosStore } from '../photos';
import { type Choice, type ChosenImage, chooseImages, chosenScenes, splitsOf } from './choose';
import { type Captioned, type Report, reportOf } from './report';

export interface NamedFile extends CaptionFile {
  name: string;
}

export type Activity = 'idle' | 'reading' | 'judging' | 'scoring';

export interface EvaluateState {
  /** Without them the bundled world's held-out scenes are evaluated. */
  references: NamedFile | undefined;
  /** Of the references; undefined for all of them. */
  split: string | undefined;
  /** Captions to judge instead of the model's. */
  captions: NamedFile | undefined;
  /** Picture files given along with the references. */
  pictures: readonly File[];
  activity: Activity;
  progress: { done: number; of: number } | undefined;
  fault: FaultCause | undefined;
  report: Report | undefined;
}

const EMPTY: EvaluateState = {
  references: undefined,
  split: undefined,
  captions: undefined,
  pictures: [],
  activity: 'idle',
  progress: undefined,
  fault: undefined,
  report: undefined,
};

export const createEvaluateStore = () => createStore<EvaluateState>(() => EMPTY);
export type EvaluateStore = ReturnType<typeof createEvaluateStore>;

export interface EvaluateCommands {
  /** Files of any kind: of captions, the first is taken for references, the next for captions to judge. */
  take(files: readonly File[]): Promise<void>;
  addReferences(file: File): Promise<void>;
  addCaptions(file: File): Promise<void>;
  setSplit(split: string | undefined): void;
  /** Back to the model's captions. */
  removeCaptions(): void;
  /** Forgets files and report. */
  clear(): void;
  run(): Promise<void>;
  cancel(): void;
  /** @param write makes the file's text: handed in, since the first paint has no use for CSV */
  save(ending: 'csv' | 'json', write: (report: Report) => string): void;
}

export interface EvaluateSurroundings {
  photos: PhotosStore;
  captions: CaptionsWork;
  /** Undefined while no models are there: then only given captions are evaluated, on texts alone. */
  judging(): JudgingApi | undefined;
  pair(): Pair;
  save(name: string, data: Uint8Array<ArrayBuffer>): void;
  now?(): Date;
}

/** The split that results are published on. */
const PUBLISHED_SPLIT = 'test';

export function createEvaluateCommands(
  store: EvaluateStore,
  { photos, captions: work, judging, pair, save, now = () => new Date() }: EvaluateSurroundings,
): EvaluateCommands {
  let stop = new AbortController();
  /** Files are read one after another, as what one is for depends on those before it. */
  let lastRead: Promise<void> = Promise.resolve();

  const fail = (fault: FaultCause) => store.setState({ fault });
  const tell: Tell = (done, of) => store.setState({ progress: { done, of } });

  /** Does one thing at a time; what was under way ends. */
  async function busy(activity: Activity, task: (signal: AbortSignal) => Promise<void>) {
    commands.cancel();
    const { signal } = (stop = new AbortController());
    store.setState({ activity, progress: undefined, fault: undefined });
    try {
      await task(signal);
    } finally {
      if (!signal.aborted) store.setState({ activity: 'idle', progress: undefined });
    }
  }

  /** The answer's value; undefined after a fault, which is told, or when the task was ended. */
  async function valueOf<T>(
    signal: AbortSignal,
    call: Promise<Result<T> | undefined>,
  ): Promise<T | undefined> {
    // A worker that was replaced never answers.
    const result = await Promise.race([call, aborted(signal)]);
    if (signal.aborted || !result) return undefined;
    if (result.ok) return result.value;
    fail(result.fault);
    return undefined;
  }

  function read(file: File, keep: (file: NamedFile) => Partial<EvaluateState>): Promise<void> {
    lastRead = lastRead.then(() =>
      busy('reading', async (signal) => {
        const found = await valueOf(signal, work.read(file, signal));
        if (found) store.setState(keep({ ...found, name: file.name }));
      }),
    );
    return lastRead;
  }

  async function choose(signal: AbortSignal): Promise<Choice | undefined> {
    const { references, split, captions, pictures } = store.getState();
    const { summary, thumbnails } = photos.getState();
    if (references)
      return chooseImages({
        references,
        split,
        captions,
        pictures,
        photos: summary?.rows ?? [],
        thumbnails,
        trainsOnPhotos: summary?.trainsOn === 'photos',
      });
    const networks = judging();
    const scenes = networks ? await valueOf(signal, networks.scenes()) : [];
    const leftOut = { withoutCaption: 0, withoutPicture: 0 };
    return scenes && { images: chosenScenes(scenes), leftOut };
  }

  /** Without networks the given captions stay unjudged. */
  async function judge(
    signal: AbortSignal,
    images: readonly ChosenImage[],
  ): Promise<Judged | 'unjudged' | undefined> {
    const networks = judging();
    if (!networks) return 'unjudged';
    const asked = images.map(({ picture, caption, references }) => ({
      picture,
      caption,
      references,
    }));
    return valueOf(signal, networks.judge(asked, tell));
  }

  async function evaluate(signal: AbortSignal): Promise<void> {
    const { references, split, captions: given } = store.getState();
    // Scenes are captioned by the model, whatever file lies there.
    const captions = references && given;
    const choice = await choose(signal);
    if (!choice) return;
    const { images, leftOut } = choice;
    if (images.length === 0) return fail(nothingToEvaluate(references?.name, choice));
    const judged = await judge(signal, images);
    if (!judged) return;

    const captioned: Captioned[] = [];
    const faults: FaultCause[] = [];
    images.forEach((image, i) => {
      const one = judged === 'unjudged' ? undefined : judged.images[i]!;
      if (one && 'fault' in one) faults.push(one.fault);
      else captioned.push({ image, judged: one, caption: one?.caption ?? image.caption ?? '' });
    });
    if (captioned.length === 0 && faults[0]) return fail(faults[0]);

    store.setState({ activity: 'scoring', progress: undefined });
    const texts = captioned.map(({ image, caption }) => ({
      caption,
      references: image.references,
    }));
    const scored = await valueOf(signal, work.score(texts, tell, signal));
    if (!scored) return;
    const { lm, clip } = pair();
    const hasWritten = judged !== 'unjudged' && !captions;
    const provenance = {
      references: references?.name,
      split: references && split,
      captions: captions?.name,
      updates: hasWritten ? judged.updates : undefined,
      lm,
      clip,
      at: now().toISOString(),
    };
    store.setState({ report: reportOf(captioned, scored, { provenance, leftOut, faults }) });
  }

  const commands: EvaluateCommands = {
    async take(files) {
      const pictures = files.filter(isPicture);
      if (pictures.length > 0)
        store.setState((before) => ({ pictures: [...before.pictures, ...pictures] }));
      for (const file of files.filter((one) => !isPicture(one)))
        await (store.getState().references
          ? commands.addCaptions(file)
          : commands.addReferences(file));
    },
    async addReferences(file) {
      await read(file, (references) => ({
        references,
        split: splitsOf(references).has(PUBLISHED_SPLIT) ? PUBLISHED_SPLIT : undefined,
        captions: undefined,
        report: undefined,
      }));
    },
    async addCaptions(file) {
      await read(file, (captions) => {
        const fault = severalCaptions(captions);
        return fault ? { fault } : { captions, report: undefined };
      });
    },
    setSplit: (split) => store.setState({ split, report: undefined }),
    removeCaptions: () => store.setState({ captions: undefined, report: undefined }),
    clear() {
      commands.cancel();
      store.setState(EMPTY);
    },
    run: () => busy('judging', evaluate),
    cancel() {
      if (store.getState().activity === 'idle') return;
      stop.abort();
      void judging()?.cancel();
      store.setState({ activity: 'idle', progress: undefined });
    },
    save(ending, write) {
      const { report } = store.getState();
      if (report) save(`esper-evaluation.${ending}`, new TextEncoder().encode(write(report)));
    },
  };
  return commands;
}

const aborted = (signal: AbortSignal) =>
  new Promise<undefined>((resolve) => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });

function severalCaptions({ name, images }: NamedFile): FaultCause | undefined {
  const image = images.find(({ texts }) => texts.length > 1);
  if (!image) return undefined;
  const problem = `Image ${image.id} has ${image.texts.length} captions; of each image one can be judged. Is it a file of references?`;
  return { kind: 'bad-captions', file: name, problem };
}

function nothingToEvaluate(file: string | undefined, { leftOut }: Choice): FaultCause {
  const { withoutCaption, withoutPicture } = leftOut;
  if (file === undefined) {
    const problem = 'Only the bundled world has scenes of its own; these models take references.';
    return { kind: 'nothing-to-evaluate', problem };
  }
  const problem =
    withoutCaption > 0
      ? `None of the ${withoutCaption} images of ${file} is in the file of captions.`
      : `None of the ${withoutPicture} images of ${file} was found by name among the photos of the training set and the pictures given here.`;
  return { kind: 'nothing-to-evaluate', problem };
}
