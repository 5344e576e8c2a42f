/** Attention and the language model's head, forward and backward, beside their plain form. */
import type { KernelRunner, Step } from '../../../src/gpu/kernel';
import { attentionBackward, attentionForward } from '../../../src/gpu/kernels/attention/attention';
import { lmHeadBackward, lmHeadForward } from '../../../src/gpu/kernels/lm-head/lm-head';
import { Tensor } from '../../../src/gpu/tensor';
import { filled, type Group, inTurn, ours } from './contenders';
import { plainAttention } from './plain/attention';
import type { PlainForm } from './plain/form';
import { plainHead } from './plain/head';

/** Largest difference between the forms, over the largest number. */
const TOLERANCE = 1e-4;

/** The fused form of some work. */
interface Fused {
  forward: readonly Step[];
  backward: readonly Step[];
}

/** Of one pass each way. */
interface Costs {
  flop: number;
  bytes: number;
}

/** @param pairs what the fused and the plain form write, which must agree */
async function beside(
  runner: KernelRunner,
  what: string,
  fused: Fused,
  plain: PlainForm,
  pairs: readonly (readonly [Tensor, Tensor])[],
  { forward, backward }: { forward: Costs; backward: Costs },
): Promise<Group[]> {
  const passes = [...fused.forward, ...fused.backward, ...plain.forward, ...plain.backward];
  await runner.gpu.checked(what, () => runner.submit(what, passes));
  for (const [own, other] of pairs) await expectSame(what, own, other);
  const contenders = await inTurn([
    ours(runner, 'fused', fused.forward),
    ours(runner, 'plain form', plain.forward),
    ours(runner, 'fused', fused.backward),
    ours(runner, 'plain form', plain.backward),
  ]);
  return [
    { what: `${what}, forward`, ...forward, contenders: contenders.slice(0, 2) },
    { what: `${what}, backward`, ...backward, contenders: contenders.slice(2) },
  ];
}

async function expectSame(what: string, own: Tensor, other: Tensor): Promise<void> {
  const [a, b] = [await own.read(), await other.read()] as [Float32Array, Float32Array];
  const largest = a.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const apart = a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
  if (!(largest > 0 && apart <= TOLERANCE * largest))
    throw new Error(`${what}: ${own.label} is up to ${apart} from its plain form, of ${largest}`);
}

export async function attention(
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
  const dout = filled(runner, 'dout', [B, L, D], { seed: 2 });
  const results = () => ({
    out: new Tensor(gpu, 'out', [B, L, D]),
    dqkv: new Tensor(gpu, 'dqkv', [B, L, 3 * D]),
  });
  const [own, other] = [results(), results()];
  const [lse, delta] = [new Tensor(gpu, 'lse', [B, H, L]), new Tensor(gpu, 'delta', [B, H, L])];
  const forward = await attentionForward(runner, { qkv, lse, out: own.out });
  const backward = await attentionBackward(runner, { qkv, lse, dout, delta, ...own });
  const plain = await plainAttention(runner, { qkv, dout, heads: H, ...other });
  const pairs = [[own.out, other.out] as const, [own.dqkv, other.dqkv] as const];
  // Two products over the lower half of L × L; four coming back, and not counted the one that is computed again.
  const flop = 2 * B * H * L * (L + 1) * E;
  const bytes = 4 * B * L * (4 * D + H);
  const groups = await beside(runner, what, { forward: [forward], backward }, plain, pairs, {
    forward: { flop, bytes },
    backward: { flop: 2 * flop, bytes: 2 * bytes },
  });
  const tensors = [qkv, dout, lse, delta, ...pairs.flat()];
  for (const made of [forward, ...backward, ...plain.owned, ...tensors]) made.destroy();
  return groups;
}

export async function head(
  runner: KernelRunner,
  what: string,
  B: number,
  T: number,
  V: number,
  D: number,
): Promise<Group[]> {
  const { gpu } = runner;
  const hidden = filled(runner, 'hidden', [B, T, D]);
  const weight = filled(runner, 'weight', [V, D], { scale: 1 / Math.sqrt(D), seed: 2 });
  const targets = Tensor.from(
    gpu,
    'targets',
    [B, T],
    Uint32Array.from({ length: B * T }, (_, r) => (r * 7919) % V),
  );
  const perToken = (label: string) => new Tensor(gpu, label, [B, T]);
  const dlogp = filled(runner, 'dlogp', [B, T], { seed: 3 });
  const dentropy = filled(runner, 'dentropy', [B, T], { seed: 4 });
  const results = () => ({
    logp: perToken('logp'),
    entropy: perToken('entropy'),
    dhidden: new Tensor(gpu, 'dhidden', [B, T, D]),
  });
  const [own, other] = [results(), results()];
  const lse = perToken('lse');
  const policy = { hidden, offset: 0 };
  const shared = { policy, weight, targets, eos: V - 1, minResponse: 0, lse };
  const forward = await lmHeadForward(runner, { ...shared, ...own });
  const backward = await lmHeadBackward(runner, {
    ...shared,
    ...own,
    dlogp,
    dentropy,
    after: forward,
  });
  const plain = await plainHead(runner, { hidden, weight, targets, dlogp, dentropy, ...other });
  const pairs = [
    [own.logp, other.logp],
    [own.entropy, other.entropy],
    [own.dhidden, other.dhidden],
  ] as const;
  // One product each way; where the logits are computed again coming back, that is not counted.
  const costs = { flop: 2 * B * T * V * D, bytes: 4 * (B * T * D + V * D + 4 * B * T) };
  const fused = { forward: [forward], backward: [backward] };
  const groups = await beside(runner, what, fused, plain, pairs, {
    forward: costs,
    backward: costs,
  });
  const tensors = [hidden, weight, targets, dlogp, dentropy, lse, ...pairs.flat()];
  for (const made of [forward, backward, ...plain.owned, ...tensors]) made.destroy();
  return groups;
}
