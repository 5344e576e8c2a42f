/** What is asked of every peer. Its inputs lie where it computes before the clock starts. */

/** Ends when the numbers are in JavaScript's hands. */
export interface Operation {
  run(): Promise<ArrayLike<number>>;
  /** Back to where a first run starts. */
  reset?(): void;
  /** Milliseconds of one run by the peer's own clock, where it runs outside of the page. */
  clock?(): Promise<number>;
}

export const OPERATIONS = [
  'forward',
  'gradient',
  'update',
  'greedy rollout',
  'sampled rollout',
  'iteration',
] as const;
export type OperationName = (typeof OPERATIONS)[number];

export interface Peer {
  name: string;
  /**
   * forward: log-probabilities [B, T] of the targets. gradient: forward, and the gradient [B, P, D] of
   * Σ factor · logp at the prefix. update: one step of a projector that makes the prefix of features, by AdamW on
   * that gradient; the first moment of its hidden layer's bias is what is read. rollouts: token ids [B, T] after the
   * query, of the text-only model. iteration: a whole one of PPO but for CLIP; the gradient's length of each step.
   */
  operations: Partial<Record<OperationName, Operation>>;
  destroy(): Promise<void> | void;
}
