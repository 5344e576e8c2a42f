/**
 * A contrastive pair of towers: inputs of one modality, and texts, as vectors of one space, E wide. CLIP takes
 * pictures, CLAP takes sounds; which of the two a repository holds is told by its config.json.
 */
import type { Tensor } from '../gpu/tensor';
import type { Picture } from './clip/picture';
import type { ClipDType, Provider } from './provider';

export type Modality = 'picture' | 'sound';

/** Mono PCM, −1 to 1, at the encoder's own rate. */
export type Sound = Float32Array;
export type Input = Picture | Sound;

export const isSound = (input: Input): input is Sound => input instanceof Float32Array;

/** What an encoder of sounds hears. */
export interface Hearing {
  /** Samples a second. */
  rate: number;
  /** Samples that it takes at most. */
  samples: number;
}

export interface EncoderConfig {
  /** Width E of the joint space. */
  projectionDim: number;
  /** Tokens of a text at most, start and end included. */
  contextLength: number;
}

/** How one is loaded; what is left out suits the device. */
export interface EncoderOptions {
  provider?: Provider;
  dtype?: ClipDType;
}

export interface Encoder {
  readonly modality: Modality;
  readonly config: EncoderConfig;
  /** Of sounds only. */
  readonly hearing: Hearing | undefined;
  readonly provider: Provider;
  /**
   * Raw embeddings [n, E], not of unit length: what the projector takes.
   * @throws Fault bad-image where a file cannot be decoded, or an input is of another modality
   */
  features(inputs: readonly Input[]): Promise<Float32Array>;
  /**
   * An image for the person: of a picture itself, of a sound the log-mel spectrogram that the network takes.
   * @throws Fault as `features`
   */
  imageOf(input: Input): Promise<Blob>;
  /** Raw text embeddings, one row a text, into the first rows of `out` [≥ n, E]; texts are cut at the context length. */
  textFeatures(texts: readonly string[], out: Tensor): Promise<void>;
  dispose(): Promise<void>;
}
