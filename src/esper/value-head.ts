/**
 * The value V_t = w·h_t + b of the LM's last hidden state before token t; w and b start at 0. The states are the
 * policy's, or those of another pass behind a prefix of the value's own (the released `unfix_value_model: False`).
 */
import type { Gpu } from '../gpu/device';
import type { Config } from './config';
import { createParameter, destroyParameter, type Parameter } from './parameters';
import { Projector } from './projector';
import type { ProjectorShape } from './projector/shape';
import { initialProjector, VALUE_STEM } from './projector/values';

/** Apart from the streams of the policy's tensors. */
const VALUE_STREAM = 0x1000;

export class ValueHead {
  readonly weight: Parameter;
  readonly bias: Parameter;
  /** Makes the prefix of the value's own; none where the states are the policy's. */
  readonly projector: Projector | undefined;

  /** @param projector which is destroyed with the head */
  constructor(gpu: Gpu, D: number, projector?: Projector) {
    this.weight = createParameter(gpu, 'value_head.weight', [D], new Float32Array(D));
    this.bias = createParameter(gpu, 'value_head.bias', [1], new Float32Array(1));
    this.projector = projector;
  }

  get parameters(): readonly Parameter[] {
    return [this.weight, this.bias, ...(this.projector?.parameters ?? [])];
  }

  destroy(): void {
    for (const parameter of [this.weight, this.bias]) destroyParameter(parameter);
    this.projector?.destroy();
  }
}

/** As the settings have it. */
export function createValueHead(
  gpu: Gpu,
  shape: ProjectorShape,
  { valueProjector, seed }: Config,
): ValueHead {
  if (valueProjector === 'shared') return new ValueHead(gpu, shape.D);
  const values = initialProjector(shape, seed, VALUE_STREAM);
  return new ValueHead(gpu, shape.D, new Projector(gpu, shape, values, VALUE_STEM));
}
