/** Everything a run needs to go on where it stopped: plain data, on the CPU. */
import type { Config } from './config';
import type { FeatureConvention } from './projector/features';

/** Gain and bias of the CLIP reward, gain · (cos − bias), from a first pass of the untrained policy. */
export interface Calibration {
  gain: number;
  bias: number;
}

/** One trained tensor with AdamW's moments. */
export interface ParameterState {
  name: string;
  shape: readonly number[];
  value: Float32Array;
  m: Float32Array;
  v: Float32Array;
}

export interface RunState {
  config: Config;
  /** Updates done. */
  update: number;
  /** Optimiser steps done. */
  steps: number;
  calibration: Calibration;
  /** Where an adaptive controller has brought β; absent where it is fixed, and from earlier versions. */
  klCoef?: number;
  /** Absent from checkpoints of earlier versions, which knew raw features only. */
  convention?: FeatureConvention;
  parameters: readonly ParameterState[];
}

/** An all-but-constant cosine would give a gain without bound. */
const MAX_GAIN = 20;

/** Mean 0 and deviation 1 over the given cosines (shared/esper.md, reward). */
export function calibrate(cosines: ArrayLike<number>): Calibration {
  const values = Array.from(cosines);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { gain: Math.min(MAX_GAIN, 1 / Math.max(Math.sqrt(variance), 1e-6)), bias: mean };
}
