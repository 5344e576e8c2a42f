/**
 * What the page and the trainer's worker say to each other: typed calls (over Comlink) one way,
 * events the other. Plain data only; faults travel as causes, never as exceptions.
 */
import type { Config } from '../esper/config';
import type { FaultCause } from '../faults';
import type { Pair } from '../esper/pair';
import type { JudgingApi } from './judging-protocol';
import type { Result } from './result';
import type { SpeakingApi } from './speaking-protocol';
import type { StylesApi } from './styles-protocol';

export type { Result };
export type { InStyles, StylesApi } from './styles-protocol';

/**
 * The one status of the page. `checking` the browser and adapter, `loading` model files, `compiling`
 * shaders and sessions, `ready` to train, `training` ⇄ `paused`, `failed` with a cause.
 */
export type Status =
  'checking' | 'loading' | 'compiling' | 'ready' | 'training' | 'paused' | 'failed';

/** Metrics by the names of shared/esper.md; all are plain numbers of the latest update. */
export const METRICS = [
  'objective/clip_cos_sim',
  'objective/reward_total',
  'objective/reward_pair',
  'objective/reward_fluency',
  'objective/reward_repetition',
  'objective/kl',
  'objective/kl_coef',
  'objective/entropy',
  'objective/length',
  'loss/policy',
  'loss/value',
  'loss/kl',
  'loss/nll',
  'loss/total',
  'policy/approx_kl',
  'policy/clip_fraction',
  'policy/ratio_mean',
  'value/explained_variance',
  'grad_norm',
  'lr',
  'step_ms',
  'step_ms/rollout',
  'step_ms/reward',
  'step_ms/update',
  'gpu_bytes',
] as const;
export type MetricName = (typeof METRICS)[number];

export interface Metrics {
  /** Updates done, 1 after the first. */
  update: number;
  /** Captions sampled so far. */
  episodes: number;
  values: Record<MetricName, number>;
}

/** Greedy captions of what is never trained on: of scenes, or of the person's held-out photos. */
export type Evaluation = SceneEvaluation | PhotoEvaluation;

interface HeldOutCosine {
  update: number;
  episodes: number;
  /** Pictures that were captioned. */
  pictures: number;
  /** Mean cosine of the greedy captions. */
  cosine: number;
}

export interface SceneEvaluation extends HeldOutCosine {
  of: 'scenes';
  /** Attribute → share of the captions that name it right, 0..1; in the world's order. */
  shares: Record<string, number>;
  /** Mean cosine of the true captions: what a perfect speaker would reach. */
  trueCosine: number;
}

export interface PhotoEvaluation extends HeldOutCosine {
  of: 'photos';
}

/** What the page knows of the encoder, and of the world that comes with it, before it is there. */
export interface EncoderNews {
  modality: 'picture' | 'sound';
  /** Of sounds: samples a second, and how many are taken at most. */
  hearing: { rate: number; samples: number } | undefined;
  /** Of a bundled world, what captions are evaluated on; else empty. */
  attributes: readonly string[];
}

/** A picture's file, or a sound that the page has decoded: mono samples at the encoder's rate. */
export interface GivenFile {
  name: string;
  data: Blob | Float32Array;
}

/** A picture or a sound whose caption is shown, one of the watched scenes or one that the person gave. */
export interface PictureRow {
  id: string;
  name: string;
  origin: 'watched' | 'given';
  /** Watched scenes: the generator's own caption. */
  truth?: string;
  /** Watched scenes: its colour-shape pair is never trained on. */
  heldOut?: boolean;
  /** Greedy caption with the projector as it was at step 0 of this run. */
  before: string;
  /** Greedy caption with the projector as it is. */
  now: string;
  /** Of `now`, as training would score it: CLIP's cosine, total reward, KL. Follows the caption. */
  score: { cosine: number; reward: number; kl: number } | undefined;
  /** Update at which `now` was written. */
  update: number;
}

/** One photo of the person's training set. */
export interface PhotoRow {
  /** SHA-256 of the file, hex: the same file twice is one photo. */
  hash: string;
  name: string;
  /** Never trained on. */
  isHeldOut: boolean;
  /** CLIP has looked at it; until then it is neither trained on nor captioned. */
  isSeen: boolean;
}

export interface PhotoSettings {
  /** Share of the photos to hold out, 0 to `MOST_HELD_OUT`. */
  heldOutShare: number;
  /** Train the bundled world on photos; models of the hub always are, once there are any. */
  isChosen: boolean;
}
export const MOST_HELD_OUT = 0.5;

/** The person's training set as it is now. */
export interface PhotoSummary {
  rows: PhotoRow[];
  settings: PhotoSettings;
  /** What the run draws its pictures from. */
  trainsOn: 'scenes' | 'photos';
  /** Originals, thumbnails and features on this disk. */
  bytes: number;
  /** Photos that `undo` would bring back, 0 where there is nothing to undo. */
  undoable: number;
}

/** How adding photos goes, over all files that were handed in since nothing was under way. */
export interface PhotoProgress {
  done: number;
  of: number;
  /** Names of files whose bytes are there already. */
  duplicates: string[];
  /** Files that are no photos, and why. */
  failed: FaultCause[];
  isRunning: boolean;
}

export interface PhotosApi {
  /** Adds to the training set; resolves when CLIP has seen them all or `cancel` was called. */
  add(files: { name: string; data: Blob }[]): Promise<Result<null>>;
  /** Has CLIP look at what it has not seen, as after `cancel`. */
  see(): Promise<Result<null>>;
  /** Ends adding and seeing; what is done stays. */
  cancel(): Promise<Result<null>>;
  remove(hashes: string[]): Promise<Result<null>>;
  /** Brings back what was removed last. */
  undo(): Promise<Result<null>>;
  configure(settings: PhotoSettings): Promise<Result<null>>;
}

export type TrainerEvent =
  | { kind: 'status'; status: Status; note?: string }
  | { kind: 'adapter'; name: string; isSoftware: boolean }
  /** Where the frozen networks run, once they are there. */
  | { kind: 'providers'; lm: 'webgpu' | 'wasm' | 'kernels'; clip: 'webgpu' | 'wasm' }
  /** What the encoder takes. */
  | { kind: 'encoder'; encoder: EncoderNews }
  /** The person's own texts for a warm start; undefined where there are none. */
  | { kind: 'texts'; texts: { name: string; count: number } | undefined }
  | { kind: 'progress'; done: number; total: number; what: string }
  | { kind: 'metrics'; metrics: Metrics }
  | { kind: 'evaluation'; evaluation: Evaluation }
  /** Sent once for each new row, before it; of a sound the image is its spectrogram. */
  | { kind: 'thumbnail'; id: string; image: Blob }
  /** Of a row that is a sound: what the encoder hears of it. */
  | { kind: 'sound'; id: string; samples: Float32Array; rate: number }
  | { kind: 'rows'; rows: PictureRow[] }
  | { kind: 'photos'; photos: PhotoSummary }
  /** Sent once for each photo, before the summary that lists it. */
  | { kind: 'photo-thumbnails'; images: { hash: string; image: Blob }[] }
  | { kind: 'photo-progress'; progress: PhotoProgress }
  /** A run began or was restored: curves start here. `update` > 0 after a restore. */
  | { kind: 'run'; config: Config; update: number; episodes: number; restored: boolean }
  | { kind: 'fault'; fault: FaultCause };

/** What an imported prefix file said of itself. */
export interface ImportSummary {
  file: string;
  update: number;
  parameters: number;
}

/** What one kind of projector takes, with everything else as it is. */
export interface ProjectorSize {
  kind: Config['projector'];
  /** Numbers that the projector has to learn. */
  parameters: number;
  /** GPU memory to train with it, the frozen networks' own not counted. */
  bytes: number;
}

/** The worker's calls. Long ones resolve when done; progress and state come as events. */
export interface TrainerApi {
  /** Opens the GPU, loads the models, restores their stored checkpoint if its config matches. */
  open(config: Config, pair: Pair, onEvent: (event: TrainerEvent) => void): Promise<Result<null>>;
  /** Trains until `pause`; resolves at once. */
  train(): Promise<Result<null>>;
  /** Ends training after the running update and stores a checkpoint. */
  pause(): Promise<Result<null>>;
  /** One update; ends paused. */
  step(): Promise<Result<null>>;
  /** A new run from step 0 with this config (the same seed gives the same run). */
  reset(config: Config): Promise<Result<null>>;
  /** Changes non-structural settings of the running run; structural ones come as a config fault. */
  adjust(config: Config): Promise<Result<null>>;
  /** What each kind of projector would take of a run with this config. */
  measure(config: Config): Promise<Result<ProjectorSize[]>>;
  /** Captions pictures or sounds; broken ones come back as faults, the others are added. */
  addPictures(files: GivenFile[]): Promise<Result<FaultCause[]>>;
  removePicture(id: string): Promise<Result<null>>;
  /** The person's training set. */
  readonly photos: PhotosApi;
  /** What an evaluation on references takes of the networks. */
  readonly evaluation: JudgingApi;
  /** Texts, tokens and answers of one picture. */
  readonly speaking: SpeakingApi;
  /** One picture in several styles. */
  readonly styles: StylesApi;
  /** Texts for a warm start, one a line; undefined goes back to what the models bring. */
  setTexts(file: { name: string; data: Blob } | undefined): Promise<Result<null>>;
  /** The trained prefix weights as a safetensors file. */
  exportPrefix(): Promise<Result<{ name: string; data: Uint8Array<ArrayBuffer> }>>;
  /** A zip with which PyTorch trains on: weights, optimiser state, settings, features, scripts. */
  exportContinuation(): Promise<Result<{ name: string; data: Blob }>>;
  /** Replaces the projector's weights; on any fault nothing has changed. */
  importPrefix(file: string, data: ArrayBuffer): Promise<Result<ImportSummary>>;
}
