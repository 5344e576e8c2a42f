/**
 * β of the KL penalty: fixed, or moved after each batch so that the KL of a response nears a target,
 *   β ← β · (1 + clip(KL / target − 1, ±0.2) · captions / horizon)
 * (Ziegler et al. 2019, arXiv 1909.08593, section 2.2; error clipped as in the released trainer).
 */
import type { Config } from './config';

const MOST_ERROR = 0.2;

type Settings = Pick<Config, 'klController' | 'klCoef' | 'klTarget' | 'klHorizon'>;

export class KlController {
  /** The setting that `#moved` started from: a person who changes it starts anew. */
  #start: number | undefined;
  #moved = 0;

  coef({ klController, klCoef }: Settings): number {
    if (klController === 'fixed') return klCoef;
    if (this.#start !== klCoef) this.restore(klCoef, klCoef);
    return this.#moved;
  }

  /** @param kl of a response, nats, mean over `captions` of them */
  observe(settings: Settings, kl: number, captions: number): void {
    if (settings.klController === 'fixed') return;
    const error = Math.min(Math.max(kl / settings.klTarget - 1, -MOST_ERROR), MOST_ERROR);
    this.#moved = this.coef(settings) * (1 + (error * captions) / settings.klHorizon);
  }

  /** Goes on from `moved`, which a run with `klCoef` had come to. */
  restore(klCoef: number, moved: number): void {
    this.#start = klCoef;
    this.#moved = moved;
  }
}
