/** What training is handed: the frozen networks, as types only, so that a test can hand in small ones. */
import type { Encoder } from '../frozen/encoder';
import type { CacheSizes, Gpt2Cache } from '../frozen/gpt2/cache';
import type { Gpt2Differentiable, Gpt2Sizes } from '../frozen/gpt2/differentiable';
import type { LanguageModel } from '../frozen/gpt2/model';
import type { Tokenizer } from '../frozen/tokenizer';
import type { KernelRunner } from '../gpu/kernel';
import type { Random } from '../math/random';
import type { Wording } from './queries';

/** Texts without pictures, for a warm start. */
export interface Corpus {
  draw(random: Random): string;
}

export interface Networks {
  runner: KernelRunner;
  lm: LanguageModel;
  /** The same LM on our kernels, differentiable to its prefix, deep or not, for batches of this size. */
  differentiate(sizes: Gpt2Sizes): Promise<Gpt2Differentiable>;
  /** The same LM on our kernels, which reads on from what it has read. */
  cache(sizes: CacheSizes): Promise<Gpt2Cache>;
  tokenizer: Pick<Tokenizer, 'decode' | 'encode'>;
  clip: Pick<Encoder, 'textFeatures'>;
  /** Width of CLIP's features. */
  E: number;
  /** The pair's own query, such as "<|endoftext|>caption:": token ids. */
  query: readonly number[];
  /** The part of the query that is text of the caption, such as "The photo describes a"; a label is none. */
  spoken?: readonly number[];
  /** Undefined where there are none. */
  corpus?: Corpus | undefined;
  /** For queries of other words; without it there is the pair's only. */
  wording?: Wording;
}
