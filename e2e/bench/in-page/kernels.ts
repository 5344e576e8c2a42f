/**
 * Our kernels one by one: every variant of the matrix product beside ONNX Runtime's WebGPU MatMul on the same
 * buffers, attention and the language model's head, forward and backward. All of a group are timed in turn, round by
 * round. Runs in a page of Vite's server.
 */
import { GraphBuilder } from '../../../src/frozen/onnx/graph';
import { bound, Session } from '../../../src/frozen/onnx/runtime';
import { openGpu } from '../../../src/gpu/device';
import { KernelRunner, type Step } from '../../../src/gpu/kernel';
import { attentionBackward, attentionForward } from '../../../src/gpu/kernels/attention/attention';
import { lmHeadBackward, lmHeadForward } from '../../../src/gpu/kernels/lm-head/lm-head';
import { matmul } from '../../../src/gpu/kernels/matmul/matmul';
import { variantsOn } from '../../../src/gpu/kernels/matmul/variants';
import { Tensor } from '../../../src/gpu/tensor';
import { Random } from '../../../src/math/random';

const ROUNDS = 7;
/** Milliseconds that one timing takes at least, where one pass takes less. */
const LONG_ENOUGH = 12;

/** One way to compute something, repeated as often as it is told. */
interface Contender {
  name: string;
  run(times: number): Promise<void>;
}

export interface Timed {
  name: string;
  /** Milliseconds of one pass, of each round. */
  ms: number[];
}

export interface Group {
  what: string;
  flop: number;
  /** Of what goes in and out, each once. */
  bytes: number;
  contenders: Timed[];
}

export interface KernelTimes {
  adapter: string;
  groups: Group[];
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

/** @param only names that the group's title must hold; all where it is left out */
export async function measureKernels(only = ''): Promise<KernelTimes> {
  const gpu = await openGpu();
  const runner = new KernelRunner(gpu);
  const groups: Group[] = [];
  const wanted = (title: string) => title.includes(only);
  for (const [whose, M, K, N, transposeB] of PRODUCTS) {
    const what = `matmul ${M}×${K}×${N}${transposeB ? ' (Bᵀ)' : ''}, ${whose}`;
    if (wanted(what)) groups.push({ what, ...(await product(runner, M, K, N, transposeB)) });
  }
  for (const [whose, B, L, H, E] of ATTENTIONS) {
    const what = `attention B ${B}, L ${L}, H ${H}, E ${E}, ${whose}`;
    if (wanted(what)) groups.push(...(await attention(runner, what, B, L, H, E)));
  }
  for (const [whose, B, T, V, D] of HEADS) {
    const what = `head B ${B}, T ${T}, V ${V}, D ${D}, ${whose}`;
    if (wanted(what)) groups.push({ what, ...(await head(runner, B, T, V, D)) });
  }
  const { name } = gpu;
  gpu.destroy();
  return { adapter: name, groups };
}

/** Each contender once to warm up, then all of them in turn. */
async function inTurn(contenders: readonly Contender[]): Promise<Timed[]> {
  const timed: (Timed & { contender: Contender; times: number })[] = [];
  for (const contender of contenders) {
    await contender.run(1);
    const once = await milliseconds(() => contender.run(1));
    const times = Math.max(1, Math.ceil(LONG_ENOUGH / once));
    timed.push({ name: contender.name, ms: [], contender, times });
  }
  for (let round = 0; round < ROUNDS; round++)
    for (const { ms, contender, times } of timed)
      ms.push((await milliseconds(() => contender.run(times))) / times);
  return timed.map(({ name, ms }) => ({ name, ms }));
}

async function milliseconds(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** Steps that are submitted together. */
const ours = (runner: KernelRunner, name: string, steps: readonly Step[]): Contender => ({
  name,
  run: async (times) => {
    runner.submit(name, Array.from({ length: times }, () => steps).flat());
    await runner.gpu.device.queue.onSubmittedWorkDone();
  },
});

function filled(runner: KernelRunner, label: string, shape: readonly number[]): Tensor {
  const tensor = new Tensor(runner.gpu, label, shape);
  const random = new Random(1);
  const part = Float32Array.from({ length: Math.min(tensor.size, 2 ** 16) }, () => random.normal());
  for (let first = 0; first < tensor.size; first += part.length)
    tensor.write(part.subarray(0, Math.min(part.length, tensor.size - first)), first);
  return tensor;
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

async function attention(
  runner: KernelRunner,
  what: string,
  B: number,
  L: number,
  H: number,
  E: number,
): Promise<Group[]> {
  const D = H * E;
  const { gpu } = runner;
  const qkv = filled(runner, 'qkv', [B, L, 3 * D]);
  const dout = filled(runner, 'dout', [B, L, D]);
  const out = new Tensor(gpu, 'out', [B, L, D]);
  const dqkv = new Tensor(gpu, 'dqkv', [B, L, 3 * D]);
  const [lse, delta] = [new Tensor(gpu, 'lse', [B, H, L]), new Tensor(gpu, 'delta', [B, H, L])];
  const forward = await attentionForward(runner, { qkv, out, lse });
  const backward = await attentionBackward(runner, { qkv, out, lse, dout, dqkv, delta });
  const contenders = await inTurn([
    ours(runner, 'forward', [forward]),
    ours(runner, 'backward', backward),
  ]);
  for (const made of [qkv, dout, out, dqkv, lse, delta, forward, ...backward]) made.destroy();
  const [timedForward, timedBackward] = contenders;
  // Two products over the lower half of L × L; four coming back, and not counted the one that is computed again.
  const flop = 2 * B * H * L * (L + 1) * E;
  const floats = B * L * (4 * D + H);
  return [
    { what, flop, bytes: 4 * floats, contenders: [timedForward!] },
    { what, flop: 2 * flop, bytes: 8 * floats, contenders: [timedBackward!] },
  ];
}

async function head(
  runner: KernelRunner,
  B: number,
  T: number,
  V: number,
  D: number,
): Promise<Omit<Group, 'what'>> {
  const { gpu } = runner;
  const hidden = filled(runner, 'hidden', [B, T, D]);
  const weight = filled(runner, 'weight', [V, D]);
  const targets = new Tensor(gpu, 'targets', [B, T], 'u32');
  const perToken = (label: string) => new Tensor(gpu, label, [B, T]);
  const [entropy, lse, logp] = [perToken('entropy'), perToken('lse'), perToken('logp')];
  const [dlogp, dentropy] = [perToken('dlogp'), perToken('dentropy')];
  const dhidden = new Tensor(gpu, 'dhidden', [B, T, D]);
  const policy = { hidden, offset: 0 };
  const shared = { policy, weight, targets, eos: V - 1, minResponse: 0, entropy, lse };
  const forward = await lmHeadForward(runner, { ...shared, logp });
  const backward = await lmHeadBackward(runner, { ...shared, dlogp, dentropy, dhidden });
  const contenders = await inTurn([
    ours(runner, 'forward', [forward]),
    ours(runner, 'backward', [backward]),
  ]);
  const tensors = [hidden, weight, targets, entropy, lse, logp, dlogp, dentropy, dhidden];
  for (const made of [forward, backward, ...tensors]) made.destroy();
  // One product each way; coming back the logits are computed again, which is not counted.
  return { flop: 2 * B * T * V * D, bytes: 4 * (B * T * D + V * D + 4 * B * T), contenders };
}
