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

/** What `restoreParameters` takes, one tensor after another. */
export async function readParameters(parameters: readonly Parameter[]): Promise<ParameterState[]> {
  const states: ParameterState[] = [];
  for (const { name, value, m, v } of parameters)
    states.push({
      name,
      shape: value.shape,
      value: (await value.read()) as Float32Array,
      m: (await m.read()) as Float32Array,
      v: (await v.read()) as Float32Array,
    });
  return states;
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
