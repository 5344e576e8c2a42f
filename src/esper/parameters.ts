/** What AdamW trains: each parameter with its moments, on the GPU. Gradients belong to the pass that makes them. */
import type { Gpu } from '../gpu/device';
import { Tensor } from '../gpu/tensor';
import type { ParameterState } from './run-state';

export interface Parameter {
  readonly name: string;
  readonly value: Tensor;
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
    m: new Tensor(gpu, `${name} m`, shape),
    v: new Tensor(gpu, `${name} v`, shape),
  };
}

export async function readParameter({ name, value, m, v }: Parameter): Promise<ParameterState> {
  const [values, first, second] = [await value.read(), await m.read(), await v.read()];
  return {
    name,
    shape: value.shape,
    value: values as Float32Array,
    m: first as Float32Array,
    v: second as Float32Array,
  };
}

export function writeParameter(parameter: Parameter, state: ParameterState): void {
  parameter.value.write(state.value);
  parameter.m.write(state.m);
  parameter.v.write(state.v);
}

export function destroyParameter(parameter: Parameter): void {
  for (const tensor of [parameter.value, parameter.m, parameter.v]) tensor.destroy();
}
