/** What the page asks of the frozen model and the projector as they are: texts, their tokens, answers. */
import type { Turn } from '../esper/decode/conversation';
import type { DecodingOptions } from '../esper/decode/options';
import type { Result } from './result';

export type { Turn };

/** What is spoken of, and by whom. */
export interface Subject {
  /** Id of a picture on the page, whose cosines are told; undefined: none are. */
  picture: string | undefined;
  /** Whether the model sees it through the projector; without, it is the text-only model. */
  isSeen: boolean;
  /** What the text follows, as a person reads it: without the end of text before it. */
  prompt: string;
}

export interface SpokenText {
  /** What follows the prompt; of a prompt that goes on from the run's own, all that follows that. */
  text: string;
  /** Token ids after the prompt, without the end of text. */
  tokens: number[];
  /** False where it was cut off. */
  isEnded: boolean;
  /** Mean log-probability of its tokens and its end; undefined where it was not decoded as a whole. */
  perToken: number | undefined;
  /** CLIP's, of picture and text, and CLIPScore = 2.5 · max(cosine, 0); undefined without a picture. */
  fit: { cosine: number; clipScore: number } | undefined;
}

export interface TokenOption {
  token: number;
  text: string;
  /** 0..1, at temperature 1. */
  probability: number;
}

/** One token of a text, with its probability in its place. */
export interface TokenView extends TokenOption {
  options: TokenOption[];
}

/** A token in place of another, with the text that the model would go on to write, greedily. */
export interface Turning extends TokenOption {
  spoken: SpokenText;
}

export interface RankedAnswer {
  text: string;
  /** Σ log p and the mean a token. */
  logp: number;
  perToken: number;
}

export interface Opening {
  /** What the run's own responses follow: "caption:". */
  prompt: string;
  /** Questions that this language model understands. */
  questions: string[];
  /** What guided decoding is to be set to with these models, where that is not the default. */
  guidance: Partial<DecodingOptions>;
}

export type TellTokens = (done: number, of: number) => void;

/** Undefined is answered after `cancel`. */
export interface SpeakingApi {
  opening(): Promise<Result<Opening>>;
  /** Best first: by CLIP of samples, by the beams' own score of beams. */
  write(
    subject: Subject,
    options: DecodingOptions,
    tell: TellTokens,
  ): Promise<Result<SpokenText[] | undefined>>;
  tokens(subject: Subject, tokens: number[]): Promise<Result<TokenView[] | undefined>>;
  /** What the text would become with other tokens at `place`; with its own it stays as it is. */
  turn(
    subject: Subject,
    text: Pick<SpokenText, 'tokens' | 'isEnded'>,
    place: number,
    options: DecodingOptions,
  ): Promise<Result<Turning[] | undefined>>;
  /** A free answer, and how many of the earliest turns did not fit. */
  answer(
    subject: Omit<Subject, 'prompt'>,
    turns: Turn[],
    question: string,
    options: DecodingOptions,
    tell: TellTokens,
  ): Promise<Result<{ answer: string; leftOut: number } | undefined>>;
  /** The given answers, the likeliest a token first. */
  rank(
    subject: Omit<Subject, 'prompt'>,
    turns: Turn[],
    question: string,
    candidates: string[],
  ): Promise<Result<{ ranked: RankedAnswer[]; leftOut: number } | undefined>>;
  cancel(): Promise<Result<null>>;
}
