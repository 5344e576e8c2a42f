/** A projector's numbers on the CPU: how they start, and which they are among all that is trained. */
import { Random } from '../../math/random';
import type { ParameterState } from '../run-state';
import { type ProjectorShape, sizeOf } from './shape';
import { projectorTensors } from './tensors';

/** Streams of the seed that no update's sampling uses. */
const INITIAL_STREAM = 0xf0000000;

/** By tensor name. */
export type ProjectorValues = Readonly<Record<string, Float32Array>>;

/**
 * What the seed makes of each tensor's `start`.
 * @param stream added to the tensors' streams of the seed
 */
export function initialProjector(shape: ProjectorShape, seed: number, stream = 0): ProjectorValues {
  return Object.fromEntries(
    projectorTensors(shape).map(({ name, extents, start }, i) => {
      const random = new Random(seed, INITIAL_STREAM + stream + i);
      const draw = () => {
        if (typeof start === 'number') return start;
        if (start === 'normal') return random.normal();
        const bound = 1 / Math.sqrt(start.fanIn);
        return random.between(-bound, bound);
      };
      return [name, Float32Array.from({ length: sizeOf(extents) }, draw)];
    }),
  );
}

const STEM = 'clip_project.';
/** Before the names of the value's own projector, as in the released checkpoint. */
export const VALUE_STEM = 'value.model.';

/** The projector's values of all that is trained. */
export const projectorValues = (parameters: readonly ParameterState[]): ProjectorValues =>
  Object.fromEntries(
    parameters.filter(({ name }) => name.startsWith(STEM)).map(({ name, value }) => [name, value]),
  );
