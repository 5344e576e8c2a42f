/**
 * GPU memory that a run will take beside its networks, before anything is allocated: what `Trainer` makes,
 * added up: activations, gradients, episodes, the projector with its moments.
 * Letters: R minibatch rows, L = P + S positions, D width, V vocabulary (see `Episodes`).
 */
import type { Gpt2Config } from '../frozen/gpt2/weights';
import { scratchFloats } from '../gpu/kernels/lm-head/plan';
import { batchSize, captionRows, type Config } from './config';
import { passesOf } from './projector/kinds';
import { prefixExtents, shapeOf, sizeOf } from './projector/shape';
import { parameterCount } from './projector/tensors';
import { MOST_SENTENCES } from './sentences';

/** @returns bytes */
export function trainingBytes(lm: Gpt2Config, E: number, Q: number, config: Config): number {
  const { vocab_size: V, n_embd: D, n_head: H, n_layer } = lm;
  const { prefixLength: P, responseLength: T } = config;
  const S = Q + T - 1;
  const L = P + S;
  const shape = shapeOf(config, lm, E);
  const prefix = sizeOf(prefixExtents(shape));
  const { forward, backward } = passesOf(shape).rowFloats(shape);

  const B = batchSize(config);
  const R = Math.ceil(B / config.minibatches);
  // Of the last block only the T positions that are scored go on after attention, of the first one only the prefix's
  // gradient is wanted (differentiable-block.ts).
  const recomputes = config.activations === 'recompute';
  const kept =
    L * ((recomputes ? 1 : n_layer - 1) * (9 * D + 4 + H) + n_layer * D) +
    (recomputes ? 0 : L * (3 * D + 2)) +
    T * (9 * D + 2 + H);
  const scratch = L * (9 * D + H) + T * (7 * D + H) + P * 4 * D;
  const withKl = config.klLossCoef > 0 && config.fidelity === 'textbook';
  const head = scratchFloats({ R: R * T, V, D }, withKl);
  const minibatch =
    R * (kept + scratch) +
    head.forward +
    head.backward +
    (withKl ? R * S * D : 0) +
    R * (forward + backward + 2 * prefix + (shape.kind === 'deep' ? P * D : 0));
  /** Episodes, their logits in the rollout, and the two heads that score them. */
  const episodes = (rows: number, pictures: number) =>
    rows * (prefix + (L + S) * D + MOST_SENTENCES * E + V) +
    2 * scratchFloats({ R: rows * T, V, D }, false).forward +
    pictures * (forward + prefix);
  const hasOwnValue = config.advantage === 'gae' && config.valueProjector === 'own';
  /** A second projector, and the states behind its prefix. */
  const value =
    R * (forward + backward + prefix) +
    B * (prefix + L * D) +
    config.imagesPerBatch * (forward + prefix);
  const floats =
    3 * parameterCount(shape) * (hasOwnValue ? 2 : 1) + // weights and AdamW's two moments; the matrices' gradients are never whole
    minibatch +
    episodes(B, config.imagesPerBatch) +
    episodes(captionRows(config), captionRows(config)) +
    config.trainingPictures * E +
    (hasOwnValue ? value : 0);
  return 4 * floats;
}
