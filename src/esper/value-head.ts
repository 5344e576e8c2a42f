/** The linear value head V_t = w·h_t + b on the LM's last hidden state before token t; starts at 0. */
import type { Gpu } from '../gpu/device';
import { createParameter, destroyParameter, type Parameter } from './parameters';

export class ValueHead {
  readonly weight: Parameter;
  readonly bias: Parameter;

  constructor(gpu: Gpu, D: number) {
    this.weight = createParameter(gpu, 'value_head.weight', [D], new Float32Array(D));
    this.bias = createParameter(gpu, 'value_head.bias', [1], new Float32Array(1));
  }

  get parameters(): readonly Parameter[] {
    return [this.weight, this.bias];
  }

  destroy(): void {
    for (const parameter of this.parameters) destroyParameter(parameter);
  }
}
