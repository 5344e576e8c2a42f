/** What AdamW trains: each parameter with its gradient and moments, on the GPU. */
import type { Gpu } from '../gpu/device';
import { Tensor } from '../gpu/tensor';

export interface Parameter {
  readonly name: string;
  readonly value: Tensor;
  readonly gradient: Tensor;
  /** First and second moment of AdamW. */
  readonly m: Tensor;
  readonly v: Tensor;
}

export function createParameter(
  gpu: Gpu,
  name: string,
  shape: readonly number[],
  data: Float32Array,
): Parameter {
  return {
    name,
    value: Tensor.from(gpu, name, shape, data),
    gradient: new Tensor(gpu, `${name} gradient`, shape),
    m: new Tensor(gpu, `${name} m`, shape),
    v: new Tensor(gpu, `${name} v`, shape),
  };
}

export function destroyParameter(parameter: Parameter): void {
  for (const tensor of [parameter.value, parameter.gradient, parameter.m, parameter.v])
    tensor.destroy();
}
