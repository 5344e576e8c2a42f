/**
 * What the loss of a minibatch reads besides its own pass: of the whole batch, picked by rows; or, where
 * whitening is over the minibatch, of its rows alone, gathered and whitened anew each time
 * (released trainer; shared/esper.md, point 5).
 * Letters as in episodes.ts; R = B / minibatches rows.
 */
import type { KernelRunner, Step } from '../gpu/kernel';
import { gae } from '../gpu/kernels/advantage/advantage';
import { gather } from '../gpu/kernels/gather/gather';
import { whiten } from '../gpu/kernels/whiten/whiten';
import { Tensor } from '../gpu/tensor';
import type { Advantages } from './advantage';
import type { Config } from './config';
import type { Episodes } from './episodes';

export interface LossInputs {
  /** [N, T] each, N being B or R. */
  oldLogp: Tensor;
  advantage: Tensor;
  /** [N, T] each; only with a value head. */
  values: Tensor | undefined;
  returns: Tensor | undefined;
  /** u32 [N]. */
  lengths: Tensor;
  /** u32 [R] < N. */
  rows: Tensor;
  /** To be run for each minibatch, before its loss. */
  steps: readonly Step[];
  destroy(): void;
}

/** @param rows u32 [R]: the minibatch's episodes */
export async function createLossInputs(
  runner: KernelRunner,
  episodes: Episodes,
  advantages: Advantages,
  rows: Tensor,
  config: Config,
): Promise<LossInputs> {
  const { logp: oldLogp, lengths } = episodes;
  const { advantage, values, returns } = advantages;
  // GRPO's advantages are never whitened.
  if (config.whitening === 'batch' || config.advantage === 'grpo')
    return {
      oldLogp,
      advantage,
      values,
      returns,
      lengths,
      rows,
      steps: [],
      destroy() {},
    };
  return ofMinibatch(runner, episodes, advantages, rows, config);
}

async function ofMinibatch(
  runner: KernelRunner,
  episodes: Episodes,
  advantages: Advantages,
  rows: Tensor,
  config: Config,
): Promise<LossInputs> {
  const { T } = episodes.shape;
  const R = rows.size;
  const tensors: Tensor[] = [];
  const steps: Awaited<ReturnType<typeof gather>>[] = [];
  const make = (label: string, dtype: 'f32' | 'u32' = 'f32', shape = [R, T]) => {
    const tensor = new Tensor(runner.gpu, `minibatch ${label}`, shape, dtype);
    tensors.push(tensor);
    return tensor;
  };
  const taken = async (label: string, source: Tensor, out = make(label)) => {
    steps.push(await gather(runner, { source, index: rows, out }));
    return out;
  };
  const lengths = await taken('lengths', episodes.lengths, make('lengths', 'u32', [R]));
  const own = make('rows of its own', 'u32', [R]);
  own.write(Uint32Array.from({ length: R }, (_, r) => r));
  const oldLogp = await taken('old log-prob', episodes.logp);
  const advantage = make('advantage');
  const rootDeviation = config.fidelity === 'released';
  const whitened = async (x: Tensor, out: Tensor, shiftMean: boolean) =>
    steps.push(await whiten(runner, { x, lengths, out, shiftMean, rootDeviation }));

  let values: Tensor | undefined;
  let returns: Tensor | undefined;
  if (advantages.values) {
    values = await taken('old values', advantages.values);
    returns = make('returns');
    let rewards = await taken('rewards', episodes.rewards);
    if (config.whitenRewards === 'yes') {
      const divided = make('whitened rewards');
      await whitened(rewards, divided, false);
      rewards = divided;
    }
    const raw = make('raw advantage');
    const { gamma, lambda } = config;
    steps.push(
      await gae(runner, { rewards, values, lengths, advantages: raw, returns, gamma, lambda }),
    );
    await whitened(raw, advantage, true);
  } else {
    await whitened(await taken('raw advantage', advantages.raw), advantage, true);
  }
  return {
    oldLogp,
    advantage,
    values,
    returns,
    lengths,
    rows: own,
    steps,
    destroy() {
      for (const step of steps) step.destroy();
      for (const tensor of tensors) tensor.destroy();
    },
  };
}
