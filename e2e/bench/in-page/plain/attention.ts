/**
 * Causal attention as separate kernels, with the scores [B, H, L, L] in memory: a product, softmax, a product going
 * forward; coming back the softmax's gradient between the four products of dV, dP, dQ and dK.
 */
import { type Dispatch, f32, type KernelRunner, type Param, u32 } from '../../../../src/gpu/kernel';
import { Tensor } from '../../../../src/gpu/tensor';
import type { PlainForm } from './form';
import productCode from './product.wgsl?raw';
import gradientCode from './softmax-gradient.wgsl?raw';
import softmaxCode from './softmax.wgsl?raw';

/** qkv, dqkv [B, L, 3D]; out, dout [B, L, D]. */
export interface PlainAttention {
  qkv: Tensor;
  dout: Tensor;
  heads: number;
  /** Written. */
  out: Tensor;
  dqkv: Tensor;
}

/** How far elements of an operand are apart: from sequence to sequence, head to head, row to row, column to column. */
interface Strided {
  tensor: Tensor;
  first: number;
  sequence: number;
  head: number;
  row: number;
  column: number;
}

const SIDE = 4;
const WORKGROUP = 16;

export async function plainAttention(
  runner: KernelRunner,
  { qkv, dout, heads: H, out, dqkv }: PlainAttention,
): Promise<PlainForm> {
  const [B = 0, L = 0, D = 0] = out.shape;
  const E = D / H;
  const scale = 1 / Math.sqrt(E);
  const scores = (label: string) => new Tensor(runner.gpu, label, [B, H, L, L]);
  const [p, ds] = [scores('all weights'), scores('all gradients of scores')];
  const whole = (tensor: Tensor): Strided => {
    return { tensor, first: 0, sequence: H * L * L, head: L * L, row: L, column: 1 };
  };
  const part = (tensor: Tensor, width: number, first: number): Strided => {
    return { tensor, first, sequence: L * width, head: E, row: width, column: 1 };
  };
  const [q, k, v] = [0, 1, 2].map((i) => part(qkv, 3 * D, i * D)) as [Strided, Strided, Strided];
  const [dq, dk, dv] = [0, 1, 2].map((i) => part(dqkv, 3 * D, i * D)) as [
    Strided,
    Strided,
    Strided,
  ];
  const [o, dO] = [part(out, D, 0), part(dout, D, 0)];
  const product = (a: Strided, b: Strided, to: Strided, [M, K, N]: number[], by = 1) =>
    runner.prepare({
      label: 'plain product',
      code: productCode,
      overrides: { SIDE },
      inputs: [a.tensor, b.tensor],
      outputs: [to.tensor],
      params: {
        H: u32(H),
        M: u32(M!),
        K: u32(K!),
        N: u32(N!),
        ...fieldsOf('a', a),
        ...fieldsOf('b', b),
        ...fieldsOf('out', to),
        scale: f32(by),
      },
      workgroups: [Math.ceil(N! / 4 / SIDE), Math.ceil(M! / 4 / SIDE), B * H],
    });
  const rows = { rows: u32(B * H * L), L: u32(L) };
  const workgroups = [Math.ceil((B * H * L) / WORKGROUP)] as const;
  const perRow = (label: string, code: string, inputs: Tensor[], outputs: Tensor[]) =>
    runner.prepare({ label, code, inputs, outputs, params: rows, workgroups });
  const forward: Dispatch[] = [
    await product(q, transposed(k), whole(p), [L, E, L], scale),
    await perRow('plain softmax', softmaxCode, [], [p]),
    await product(whole(p), v, o, [L, L, E]),
  ];
  const backward: Dispatch[] = [
    await product(transposed(whole(p)), dO, dv, [L, L, E]),
    await product(dO, transposed(v), whole(ds), [L, E, L]),
    await perRow('plain softmax gradient', gradientCode, [p], [ds]),
    await product(whole(ds), k, dq, [L, L, E], scale),
    await product(transposed(whole(ds)), q, dk, [L, L, E], scale),
  ];
  return { forward, backward, owned: [...forward, ...backward, p, ds] };
}

const transposed = (operand: Strided): Strided => ({
  ...operand,
  row: operand.column,
  column: operand.row,
});

const fieldsOf = (name: string, { first, sequence, head, row, column }: Strided) =>
  Object.fromEntries(
    Object.entries({ first, sequence, head, row, column }).map(
      ([field, value]): [string, Param] => [`${name}_${field}`, u32(value)],
    ),
  );
