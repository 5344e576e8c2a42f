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
  { config, B, P, S, T, offset, prefix, tokens, targets, factors }: Work,
): Promise<Peer> {
  const { gpu } = runner;
  const gpt2 = await Gpt2Differentiable.create(runner, weights, { B, P, S });
  gpt2.prefix.write(prefix);
  gpt2.tokens.write(new Uint32Array(tokens));
  const [logp, entropy, lse, dentropy] = ['logp', 'entropy', 'lse', 'dentropy'].map(
    (label) => new Tensor(gpu, label, [B, T]),
  ) as [Tensor, Tensor, Tensor, Tensor];
  const dlogp = Tensor.from(gpu, 'dlogp', [B, T], factors);
  const given = Tensor.from(gpu, 'targets', [B, T], new Uint32Array(targets));
  const head = {
    policy: { hidden: gpt2.hidden, offset },
    weight: weights.head,
    targets: given,
    eos: config.eos_token_id,
    minResponse: 0,
    entropy,
    lse,
  };
  const headForward = await lmHeadForward(runner, { ...head, logp });
  const dhidden = gpt2.dHidden;
  const headBackward = await lmHeadBackward(runner, { ...head, dlogp, dentropy, dhidden });
  const readLogp = new Readback(gpu, 'log-probabilities', [logp]);
  const readGradient = new Readback(gpu, 'gradient', [gpt2.dPrefix]);
  const reading = (steps: readonly Step[], readback: Readback) => ({
    async run() {
      runner.submit('bench', steps);
      return (await readback.read())[0]!;
    },
  });
  const forward = [...gpt2.forward, headForward];
  return {
    name: 'ours',
    operations: {
      forward: reading(forward, readLogp),
      gradient: reading([...forward, headBackward, ...gpt2.backward], readGradient),
    },
    destroy() {
      const tensors = [logp, entropy, lse, dentropy, dlogp, given];
      for (const part of [...tensors, headForward, headBackward, readLogp, readGradient, gpt2])
        part.destroy();
    },
  };
}
