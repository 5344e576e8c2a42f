/** A text that was decoded, as tokens. */
export interface Written {
  /** Without the context and without the end of text. */
  tokens: number[];
  /** Σ log p of its tokens, and of its end where it came to one, by the model at temperature 1. */
  logp: number;
  /** Tokens of that sum. */
  length: number;
  /** Whether the model ended it; else it was cut off. */
  isEnded: boolean;
}

/** What every way of decoding is told. */
export interface Limits {
  /** Tokens of a response at most. */
  maxTokens: number;
  /** Told how many tokens are done, before every token. */
  progress?: (tokens: number) => void;
  /** Looked at before every token; aborted, decoding throws its reason. */
  signal?: AbortSignal;
}
