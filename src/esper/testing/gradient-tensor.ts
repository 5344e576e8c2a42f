/** A gradient as a tensor: the optimiser never makes one of a product or a sum. */
import type { KernelRunner } from '../../gpu/kernel';
import { asSum, type Gradient, isProduct, productSizes } from '../../gpu/kernels/gradient';
import { matmul } from '../../gpu/kernels/matmul/matmul';
import { Tensor } from '../../gpu/tensor';

export async function gradientTensor(runner: KernelRunner, gradient: Gradient): Promise<Tensor> {
  if (!isProduct(gradient)) {
    const { rows, R } = asSum(gradient);
    const values = await rows.read();
    const sum = new Float32Array(rows.size / R);
    for (const [i, value] of values.entries()) sum[i % sum.length]! += value;
    return Tensor.from(runner.gpu, 'gradient', [sum.length], sum);
  }
  const { R, out: M, in: N } = productSizes(gradient);
  const out = new Tensor(runner.gpu, 'gradient', [M, N]);
  const { dout: a, x: b } = gradient;
  runner.submit('gradient', [await matmul(runner, { a, b, out, M, K: R, N, transposeA: true })]);
  return out;
}
