/** The projector whose export models/interop/golden/page.safetensors is. */
import { exportProjector } from '../checkpoint';
import type { ProjectorShape } from '../projector/shape';
import { initialProjector } from '../projector/values';

export const GOLDEN_SHAPE: ProjectorShape = { kind: 'mlp', layers: 1, E: 6, P: 2, D: 8, N: 2 };
export const GOLDEN_MODELS = { lm: 'shapes/gpt2', clip: 'shapes/clip' };

export const goldenExport = (): Uint8Array<ArrayBuffer> =>
  exportProjector(initialProjector(GOLDEN_SHAPE, 5), GOLDEN_SHAPE, GOLDEN_MODELS, 'raw', 12);
