/**
 * The language model's head as separate kernels: a product, log-softmax and picking going forward, the gradient of
 * the logits and a product coming back, with all log-probabilities [R, V] in memory in between.
 */
import { type KernelRunner, type Prepared, u32 } from '../../../../src/gpu/kernel';
import { matmul } from '../../../../src/gpu/kernels/matmul/matmul';
import { Tensor } from '../../../../src/gpu/tensor';
import dlogitsCode from './dlogits.wgsl?raw';
import logSoftmaxCode from './log-softmax.wgsl?raw';
import pickCode from './pick.wgsl?raw';
import type { PlainForm } from './form';

/** hidden, dhidden [R, D]; weight [V, D]; the others [R]. */
export interface PlainHead {
  hidden: Tensor;
  weight: Tensor;
  targets: Tensor;
  dlogp: Tensor;
  dentropy: Tensor;
  /** Written. */
  logp: Tensor;
  entropy: Tensor;
  dhidden: Tensor;
}

const SIDE = 8;

export async function plainHead(
  runner: KernelRunner,
  { hidden, weight, targets, dlogp, dentropy, logp, entropy, dhidden }: PlainHead,
): Promise<PlainForm> {
  const [V = 0, D = 0] = weight.shape;
  const R = targets.size;
  const N = 4 * Math.ceil(V / 4);
  const logps = new Tensor(runner.gpu, 'all log-probabilities', [R, N]);
  const dlogits = new Tensor(runner.gpu, 'all gradients of logits', [R, N]);
  const rows = { R: u32(R), columns: u32(N / 4) };
  const forward: Prepared[] = [
    await matmul(runner, { a: hidden, b: weight, out: logps, M: R, K: D, N, transposeB: true }),
    await runner.prepare({
      label: 'plain log-softmax',
      code: logSoftmaxCode,
      inputs: [],
      outputs: [logps],
      params: { R: u32(R), V: u32(V), columns: u32(N / 4) },
      workgroups: [R],
    }),
    await runner.prepare({
      label: 'plain pick',
      code: pickCode,
      inputs: [logps, targets],
      outputs: [logp, entropy],
      params: rows,
      workgroups: [R],
    }),
  ];
  const backward: Prepared[] = [
    await runner.prepare({
      label: 'plain dlogits',
      code: dlogitsCode,
      overrides: { SIDE },
      inputs: [logps, targets, dlogp, dentropy, entropy],
      outputs: [dlogits],
      params: rows,
      workgroups: [Math.ceil(N / 4 / SIDE), Math.ceil(R / SIDE)],
    }),
    await matmul(runner, { a: dlogits, b: weight, out: dhidden, M: R, K: N, N: D }),
  ];
  return { forward, backward, owned: [...forward, ...backward, logps, dlogits] };
}
