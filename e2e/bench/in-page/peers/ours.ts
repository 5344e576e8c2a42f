/** This project's own passes, as training runs them. */
import { Gpt2Differentiable } from '../../../../src/frozen/gpt2/differentiable';
import type { Gpt2Weights } from '../../../../src/frozen/gpt2/weights';
import type { KernelRunner, Step } from '../../../../src/gpu/kernel';
import { lmHeadBackward, lmHeadForward } from '../../../../src/gpu/kernels/lm-head/lm-head';
import { Readback } from '../../../../src/gpu/readback';
import { Tensor } from '../../../../src/gpu/tensor';
import type { Peer } from './peer';
import type { Work } from './work';

export async function ourPasses(
  runner: KernelRunner,
  weights: Gpt2Weights,
  work: Work,
): Promise<Peer> {
  const { gpu } = runner;
  const { B, P, S, offset, prefix, tokens } = work;
  const sizes = { B, P, S, N: P + S - offset };
  const gpt2 = await Gpt2Differentiable.create(runner, weights, sizes);
  gpt2.prefix.write(prefix);
  gpt2.tokens.write(new Uint32Array(tokens));
  const head = await differentiableHead(runner, weights, gpt2, work);
  const readLogp = new Readback(gpu, 'log-probabilities', [head.logp]);
  const readGradient = new Readback(gpu, 'gradient', [gpt2.dPrefix]);
  const reading = (steps: readonly Step[], readback: Readback) => ({
    async run() {
      runner.submit('bench', steps);
      return (await readback.read())[0]!;
    },
  });
  const forward = [...gpt2.forward, head.forward];
  return {
    name: 'ours',
    operations: {
      forward: reading(forward, readLogp),
      gradient: reading([...forward, head.backward, ...gpt2.backward], readGradient),
    },
    destroy() {
      for (const part of [head, readLogp, readGradient, gpt2]) part.destroy();
    },
  };
}

export interface DifferentiableHead {
  /** [B, T] */
  logp: Tensor;
  forward: Step;
  /** Writes the states' gradient of Σ factor · logp. */
  backward: Step;
  destroy(): void;
}

/** @param gpt2 whose states begin at `offset` */
export async function differentiableHead(
  runner: KernelRunner,
  weights: Gpt2Weights,
  gpt2: Gpt2Differentiable,
  { config, B, T, targets, factors }: Work,
): Promise<DifferentiableHead> {
  const { gpu } = runner;
  const [logp, entropy, lse, dentropy] = ['logp', 'entropy', 'lse', 'dentropy'].map(
    (label) => new Tensor(gpu, label, [B, T]),
  ) as [Tensor, Tensor, Tensor, Tensor];
  const dlogp = Tensor.from(gpu, 'dlogp', [B, T], factors);
  const given = Tensor.from(gpu, 'targets', [B, T], new Uint32Array(targets));
  const head = {
    policy: { hidden: gpt2.hidden, offset: 0 },
    weight: weights.head,
    targets: given,
    eos: config.eos_token_id,
    minResponse: 0,
    entropy,
    lse,
  };
  const dhidden = gpt2.dHidden;
  const forward = await lmHeadForward(runner, { ...head, logp });
  const backward = await lmHeadBackward(runner, {
    ...head,
    dlogp,
    dentropy,
    dhidden,
    after: forward,
  });
  return {
    logp,
    forward,
    backward,
    destroy() {
      for (const part of [logp, entropy, lse, dentropy, dlogp, given, forward, backward])
        part.destroy();
    },
  };
}
