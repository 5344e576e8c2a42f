/** What is asked of every peer. Its inputs lie where it computes before the clock starts. */

/** Ends when the numbers are in JavaScript's hands. */
export interface Operation {
  run(): Promise<ArrayLike<number>>;
  /** Milliseconds of one run by the peer's own clock, where it runs outside of the page. */
  clock?(): Promise<number>;
}

export const OPERATIONS = ['forward', 'gradient', 'greedy rollout', 'sampled rollout'] as const;
export type OperationName = (typeof OPERATIONS)[number];

export interface Peer {
  name: string;
  /**
   * forward: log-probabilities [B, T] of the targets. gradient: forward, and the gradient [B, P, D] of
   * Σ factor · logp at the prefix. rollouts: token ids [B, T] after the query, of the text-only model.
   */
  operations: Partial<Record<OperationName, Operation>>;
  destroy(): Promise<void> | void;
}
