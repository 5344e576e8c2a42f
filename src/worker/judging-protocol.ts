/** What the page asks of the networks for an evaluation, and what it is told. */
import type { FaultCause } from '../faults';
import type { Tell } from './captions-protocol';
import type { Result } from './result';

/** A held-out scene of a bundled world as an image with references; of a sound the image is its spectrogram. */
export interface SceneReferences {
  index: number;
  image: Blob;
  /** Every wording that names all of it. */
  references: string[];
}

export type PictureToJudge =
  | { of: 'scene'; index: number }
  /** Of the training set, by its hash. */
  | { of: 'photo'; hash: string }
  | { of: 'file'; data: File };

export interface ImageToJudge {
  /** Undefined where there are only texts. */
  picture: PictureToJudge | undefined;
  /** Undefined where the model is to write it, which takes a picture. */
  caption: string | undefined;
  references: string[];
}

/** Attributes of a scene in the world's order, whether the caption names each right. */
export type NamedRight = Record<string, boolean>;

export interface JudgedImage {
  caption: string;
  /** With a picture only. */
  clip: { cosine: number; clipScore: number; refClipScore: number } | undefined;
  /** Under the text-only model after the run's query: −Σ log p, and of how many tokens. */
  likelihood: { nats: number; tokens: number };
  /** Of scenes only. */
  attributes: NamedRight | undefined;
}

export interface Judged {
  /** In the order asked for; where an image could not be judged, why. */
  images: (JudgedImage | { fault: FaultCause })[];
  /** Updates that the model had behind it at the first and at the last caption it wrote. */
  updates: { first: number; last: number };
}

export interface JudgingApi {
  /** @throws nothing; empty outside of the bundled world */
  scenes(): Promise<Result<SceneReferences[]>>;
  /** Captions and judges in small parts, between which training goes on; undefined after `cancel`. */
  judge(images: ImageToJudge[], tell: Tell): Promise<Result<Judged | undefined>>;
  cancel(): Promise<Result<null>>;
}
