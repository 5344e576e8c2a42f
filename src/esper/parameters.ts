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

/** Puts each parameter back as it was stored. */
export function restoreParameters(
  parameters: readonly Parameter[],
  stored: readonly ParameterState[],
): void {
  for (const { name, value, m, v } of parameters) {
    const state = stored.find((one) => one.name === name);
    if (!state) throw new RangeError(`the stored run lacks ${name}`);
    value.write(state.value);
    m.write(state.m);
    v.write(state.v);
  }
}

/** As at the first step. */
export function forgetMoments(parameters: readonly Parameter[]): void {
  for (const { m, v } of parameters) {
    m.write(new Float32Array(m.size));
    v.write(new Float32Array(v.size));
  }
}

export function destroyParameter(parameter: Parameter): void {
  for (const tensor of [parameter.value, parameter.m, parameter.v]) tensor.destroy();
}
