/**
 * Our kernels one by one: every variant of the matrix product beside ONNX Runtime's WebGPU MatMul on the same
 * buffers, attention and the language model's head beside their plain form. All of a group are timed in turn, round
 * by round. Runs in a page of Vite's server.
 */
import { GraphBuilder } from '../../../src/frozen/onnx/graph';
import { bound, Session } from '../../../src/frozen/onnx/runtime';
import { openGpu } from '../../../src/gpu/device';
import { KernelRunner } from '../../../src/gpu/kernel';
import { matmul } from '../../../src/gpu/kernels/matmul/matmul';
import { variantsOn } from '../../../src/gpu/kernels/matmul/variants';
import { Tensor } from '../../../src/gpu/tensor';
import { Tuner } from '../../../src/gpu/tuner';
import type { Roofs } from '../roofline';
import { type Contender, filled, type Group, inTurn, ours } from './contenders';
import { attention, head } from './fused';
import { measureRoofs } from './roofs';

export interface KernelTimes {
  groups: Group[];
  roofs: Roofs;
}

/** M, K, N and the network that has the shape; the last of them are products with a transposed weight. */
const PRODUCTS = [
  ['a cube', 512, 512, 512, false],
  ['GPT-2 124M, c_attn of 64 positions', 64, 768, 2304, false],
  ['GPT-2 124M, mlp c_proj of 64 positions', 64, 3072, 768, false],
  ['GPT-2 124M, mlp c_proj of 16 tokens', 16, 3072, 768, false],
  ['bundled, c_attn', 288, 64, 192, false],
  ['bundled, c_fc', 288, 64, 256, false],
  ['bundled, mlp c_proj', 288, 256, 64, false],
  ['bundled, attn c_proj', 288, 64, 64, false],
  ['bundled, gradient of c_fc', 288, 256, 64, true],
  ['bundled, projector', 16, 128, 256, true],
] as const;

/** Besides, of a GPU: a software adapter would take minutes. */
const LARGE_PRODUCTS = [
  ['a large cube', 2048, 2048, 2048, false],
  ['GPT-2 124M, c_attn of 16 × 32 positions', 512, 768, 2304, false],
  ['GPT-2 124M, mlp c_proj of 16 × 32 positions', 512, 3072, 768, false],
  ['GPT-2 124M, gradient of mlp c_proj', 512, 768, 3072, true],
] as const;

/** B, L, H, E of a training minibatch. */
const ATTENTIONS = [
  ['bundled', 16, 18, 4, 16],
  ['GPT-2 124M', 2, 64, 12, 64],
] as const;

/** B, T, V, D of a training minibatch, without a prefix. */
const HEADS = [
  ['bundled', 16, 12, 512, 64],
  ['GPT-2 124M', 2, 16, 50257, 768],
] as const;
const LARGE_HEADS = [['GPT-2 124M', 16, 20, 50257, 768]] as const;

/** Milliseconds in which a GPU's variants are chosen, as the page does it within less. */
const TUNING = 60_000;

/** @param only names that the group's title must hold; all where it is left out */
export async function measureKernels(only = ''): Promise<KernelTimes> {
  const gpu = await openGpu();
  const { isSoftware } = gpu;
  const tuner = isSoftware ? undefined : new Tuner(gpu, { budget: TUNING });
  const runner = new KernelRunner(gpu, undefined, tuner);
  const roofs = await measureRoofs(runner);
  const groups: Group[] = [];
  const wanted = (title: string) => title.includes(only);
  for (const [whose, M, K, N, transposeB] of [...PRODUCTS, ...(isSoftware ? [] : LARGE_PRODUCTS)]) {
    const what = `matmul ${M}×${K}×${N}${transposeB ? ' (Bᵀ)' : ''}, ${whose}`;
    if (wanted(what)) groups.push({ what, ...(await product(runner, M, K, N, transposeB)) });
  }
  for (const [whose, B, L, H, E] of ATTENTIONS) {
    const what = `attention B ${B}, L ${L}, H ${H}, E ${E}, ${whose}`;
    if (wanted(what)) groups.push(...(await attention(runner, what, B, L, H, E)));
  }
  for (const [whose, B, T, V, D] of [...HEADS, ...(isSoftware ? [] : LARGE_HEADS)]) {
    const what = `head B ${B}, T ${T}, V ${V}, D ${D}, ${whose}`;
    if (!wanted(what)) continue;
    // The plain form binds the whole vocabulary at once.
    const fits = 4 * V * D <= gpu.device.limits.maxStorageBufferBindingSize;
    if (!fits) console.info(`${what}: more than this adapter binds at once`);
    else groups.push(...(await head(runner, what, B, T, V, D)));
  }
  gpu.destroy();
  return { groups, roofs };
}

async function product(
  runner: KernelRunner,
  M: number,
  K: number,
  N: number,
  transposeB: boolean,
): Promise<Omit<Group, 'what'>> {
  const a = filled(runner, 'a', [M, K]);
  const b = filled(runner, 'b', transposeB ? [N, K] : [K, N]);
  const out = new Tensor(runner.gpu, 'out', [M, N]);
  const args = { a, b, out, M, K, N, transposeB };
  const prepared = [];
  for (const variant of variantsOn(runner.gpu)) {
    const step = await matmul(runner, { ...args, variant, slices: 1 });
    prepared.push({ name: variant as string, step });
  }
  if (K >= 2048) {
    const step = await matmul(runner, { ...args, variant: 'tile-8x4', slices: 4 });
    prepared.push({ name: 'tile-8x4, 4 slices', step });
  }
  prepared.push({ name: 'as chosen', step: await matmul(runner, args) });
  const session = await Session.create(matmulGraph(M, K, N), runner.gpu, 'webgpu');
  const onnx: Contender = {
    name: 'ONNX Runtime',
    run: async (times) => {
      for (let i = 0; i < times; i++)
        await session.run({ a: bound(a), b: bound(b, [K, N]) }, { out: bound(out) });
      await runner.gpu.device.queue.onSubmittedWorkDone();
    },
  };
  const contenders = await inTurn([
    ...prepared.map(({ name, step }) => ours(runner, name, [step])),
    onnx,
  ]);
  for (const made of [...prepared.map(({ step }) => step), a, b, out]) made.destroy();
  await session.dispose();
  return { flop: 2 * M * K * N, bytes: 4 * (M * K + K * N + M * N), contenders };
}

/** Of untransposed operands: the numbers differ where ours transposes, the work does not. */
function matmulGraph(M: number, K: number, N: number): Uint8Array {
  const graph = new GraphBuilder('matmul');
  const a = graph.input('a', 'float32', [M, K]);
  const b = graph.input('b', 'float32', [K, N]);
  graph.output('out', graph.node('MatMul', [a, b]), 'float32', [M, N]);
  return graph.build();
}
