/** AdamW over all trained tensors, with one limit on the length of their joint gradient. */
import { f32, type KernelRunner, type Step, u32 } from '../gpu/kernel';
import { adamw, adamwParams } from '../gpu/kernels/adamw/adamw';
import type { Gradient } from '../gpu/kernels/gradient';
import { gradNorm, gradNormPartials } from '../gpu/kernels/grad-norm/grad-norm';
import { Tensor } from '../gpu/tensor';
import type { Parameter } from './parameters';

const BETAS = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

export interface StepSettings {
  learningRate: number;
  weightDecay: number;
  maxGradNorm: number;
  /** From 1, over the whole run. */
  step: number;
  /** Element of `norms` to write. */
  row: number;
}

export interface Optimizer {
  /** [rows]: gradient norm of each step, Infinity where it was not finite (and nothing was changed). */
  readonly norms: Tensor;
  readonly steps: readonly Step[];
  /** For the next submit of `steps`. */
  configure(settings: StepSettings): void;
  destroy(): void;
}

/** @param gradients one for each of `parameters`, in their order */
export async function createOptimizer(
  runner: KernelRunner,
  parameters: readonly Parameter[],
  gradients: readonly Gradient[],
  rows: number,
): Promise<Optimizer> {
  const norms = new Tensor(runner.gpu, 'gradient norms', [rows]);
  const partials = new Tensor(runner.gpu, 'gradient partials', [gradNormPartials(gradients)]);
  const scale = new Tensor(runner.gpu, 'gradient scale', [1]);
  const nonFinite = new Tensor(runner.gpu, 'non-finite flag', [1], 'u32');
  const norm = await gradNorm(runner, {
    gradients,
    partials,
    norm: norms,
    scale,
    nonFinite,
    maxNorm: 1,
  });
  const updates = await Promise.all(
    parameters.map((parameter, i) =>
      adamw(runner, {
        gradient: gradients[i]!,
        parameter: parameter.value,
        m: parameter.m,
        v: parameter.v,
        scale,
        nonFinite,
        settings: { ...BETAS, learningRate: 0, weightDecay: 0, step: 1 },
      }),
    ),
  );
  return {
    norms,
    steps: [...norm.partials, norm.total, ...updates],
    configure({ learningRate, weightDecay, maxGradNorm, step, row }) {
      norm.total.setParams({ normRow: u32(row), maxNorm: f32(maxGradNorm) });
      const params = adamwParams({ ...BETAS, learningRate, weightDecay, step });
      for (const update of updates) update.setParams(params);
    },
    destroy() {
      for (const dispatch of [...norm.partials, norm.total, ...updates]) dispatch.destroy();
      for (const tensor of [norms, partials, scale, nonFinite]) tensor.destroy();
    },
  };
}
