/** A projector's passes over R rows, as replayable steps, whatever its kind. */
import type { Prepared, Step } from '../../gpu/kernel';
import type { Gradient } from '../../gpu/kernels/gradient';
import type { Gpu } from '../../gpu/device';
import { type DType, Tensor } from '../../gpu/tensor';

/** By tensor name. */
export type ProjectorTensors = Readonly<Record<string, Tensor>>;

export interface ProjectorForward {
  /** [R, E], divided CLIP features; the caller fills it. */
  readonly features: Tensor;
  /** [R, …prefixExtents], written by `steps`. */
  readonly prefix: Tensor;
  readonly steps: readonly Step[];
  /** Prepares the way back from `dPrefix`, of the prefix's size, through the forward pass that ran last. */
  backward(dPrefix: Tensor): Promise<ProjectorBackward>;
  destroy(): void;
}

export interface ProjectorBackward {
  /** By tensor name; a matrix's is a product of what the two passes leave. */
  readonly gradients: ReadonlyMap<string, Gradient>;
  readonly steps: readonly Step[];
  destroy(): void;
}

/** Floats of both passes for each row: what `memory.ts` foretells. */
export interface RowFloats {
  forward: number;
  backward: number;
}

/** Tensors and dispatches that are freed together. */
export class Workbench {
  readonly #gpu: Gpu;
  readonly #made: (Tensor | Prepared)[] = [];

  constructor(gpu: Gpu) {
    this.#gpu = gpu;
  }

  tensor(label: string, shape: readonly number[], dtype: DType = 'f32'): Tensor {
    const tensor = new Tensor(this.#gpu, `projector ${label}`, shape, dtype);
    this.#made.push(tensor);
    return tensor;
  }

  /** The dispatches, in order, when all have compiled. */
  async dispatches(
    prepared: readonly Promise<Prepared | readonly Prepared[]>[],
  ): Promise<Prepared[]> {
    const dispatches = (await Promise.all(prepared)).flat() as Prepared[];
    this.#made.push(...dispatches);
    return dispatches;
  }

  destroy(): void {
    for (const made of this.#made) made.destroy();
  }
}
