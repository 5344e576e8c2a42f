/** The projector, the only network that learns: its tensors on the GPU, whatever its kind (projector/). */
import type { Gpu } from '../gpu/device';
import type { KernelRunner } from '../gpu/kernel';
import type { Gradient } from '../gpu/kernels/gradient';
import type { Tensor } from '../gpu/tensor';
import { createParameter, destroyParameter, type Parameter } from './parameters';
import { type FeatureConvention, projectorInput } from './projector/features';
import { passesOf } from './projector/kinds';
import type { ProjectorBackward, ProjectorForward, ProjectorTensors } from './projector/pass';
import type { ProjectorShape } from './projector/shape';
import { featureDivider, projectorTensors } from './projector/tensors';
import type { ProjectorValues } from './projector/values';

export class Projector {
  readonly shape: ProjectorShape;
  convention: FeatureConvention = 'raw';
  /** With what AdamW keeps of each. */
  readonly parameters: readonly Parameter[];
  /** Of `parameters`, without their stem. */
  readonly #names: readonly string[];
  readonly #weights: ProjectorTensors;

  /** @param stem before the names of `parameters`, where it is not the policy's */
  constructor(gpu: Gpu, shape: ProjectorShape, values: ProjectorValues, stem = '') {
    this.shape = shape;
    this.parameters = projectorTensors(shape).map(({ name, extents }) =>
      createParameter(gpu, stem + name, extents, values[name]!),
    );
    this.#names = projectorTensors(shape).map(({ name }) => name);
    this.#weights = Object.fromEntries(
      this.#names.map((name, i) => [name, this.parameters[i]!.value]),
    );
  }

  /** Raw features [n, E] as the first layer reads them. */
  input(features: Float32Array): Float32Array<ArrayBuffer> {
    return projectorInput(features, this.shape.E, featureDivider(this.shape), this.convention);
  }

  /** A pass over R rows that writes `prefix` [R, …prefixExtents]. */
  forward(runner: KernelRunner, R: number, prefix: Tensor): Promise<ProjectorForward> {
    return passesOf(this.shape).forward(runner, this.shape, this.#weights, R, prefix);
  }

  /** Of a way back, one for each of `parameters`. */
  gradients(backward: ProjectorBackward): Gradient[] {
    return this.#names.map((name) => backward.gradients.get(name)!);
  }

  /** Overwrites the weights; AdamW's moments stay. */
  write(values: ProjectorValues): void {
    for (const name of this.#names) this.#weights[name]!.write(values[name]!);
  }

  destroy(): void {
    for (const parameter of this.parameters) destroyParameter(parameter);
  }
}
