/**
 * The value's part of a minibatch: estimates, PPO's clipped loss and the gradients of all that the value trains.
 * Letters as in minibatch.ts.
 */
import type { Gpt2Differentiable } from '../frozen/gpt2/differentiable';
import { Copy } from '../gpu/copies';
import { f32, type Step, u32 } from '../gpu/kernel';
import { gather } from '../gpu/kernels/gather/gather';
import type { Gradient } from '../gpu/kernels/gradient';
import {
  valueBackward,
  valueBackwardHidden,
  valueForward,
  valueLoss,
} from '../gpu/kernels/value-head/value-head';
import { Tensor } from '../gpu/tensor';
import type { Config } from './config';
import type { Episodes } from './episodes';
import type { LossInputs } from './loss-inputs';
import type { Networks } from './networks';
import type { Projector } from './projector';
import type { ValueHead } from './value-head';

export interface ValueStep {
  /** Read the policy's states, where the value shares them: after its forward pass. */
  readonly onPolicy: readonly Step[];
  /** With a prefix of its own: a whole pass through the LM, before the policy's takes its place. */
  readonly alone: readonly Step[];
  /** In the order of the head's parameters. */
  readonly gradients: readonly Gradient[];
  configure(config: Config, row: number): void;
  destroy(): void;
}

/** What the value shares with the policy's part of the minibatch. */
export interface MinibatchParts {
  gpt2: Gpt2Differentiable;
  table: Tensor;
  /** u32 [R]: the minibatch's episodes. */
  rows: Tensor;
  /** [steps, VALUE_STATS.length] */
  stats: Tensor;
}

export async function createValueStep(
  { runner }: Networks,
  head: ValueHead,
  episodes: Episodes,
  { values: oldValues, returns, lengths, rows }: LossInputs,
  { gpt2, table, rows: chosen, stats }: MinibatchParts,
  config: Config,
): Promise<ValueStep> {
  const { T, D } = episodes.shape;
  const R = rows.size;
  const offset = 0; // the pass has no states but those of the response
  const tensor = (label: string, shape: readonly number[]) =>
    new Tensor(runner.gpu, `minibatch ${label}`, shape);
  const values = tensor('values', [R, T]);
  const dvalues = tensor('dvalues', [R, T]);
  const dw = tensor('value head dw', [D]);
  const dbias = tensor('value head dbias', [1]);
  const { hidden, dHidden } = gpt2;
  const [estimate, error, gradient] = await Promise.all([
    valueForward(runner, {
      hidden,
      w: head.weight.value,
      bias: head.bias.value,
      lengths,
      rows,
      out: values,
      offset,
    }),
    valueLoss(runner, {
      values,
      oldValues: oldValues!,
      returns: returns!,
      lengths,
      rows,
      dvalues,
      stats,
      clipRange: config.valueClipRange,
      coef: config.valueCoef,
    }),
    valueBackward(runner, { hidden, dvalues, dw, dbias, offset }),
  ]);

  /** Through the LM to the value's own projector. */
  const through = async (projector: Projector) => {
    const dPrefix = tensor('value dprefix', gpt2.dPrefix.shape);
    const forward = await projector.forward(runner, R, gpt2.prefix);
    const backward = await forward.backward(dPrefix);
    const [features, toHidden] = await Promise.all([
      gather(runner, {
        source: table,
        index: chosen,
        via: episodes.imageIndex,
        out: forward.features,
      }),
      valueBackwardHidden(runner, { dvalues, w: head.weight.value, dhidden: dHidden, offset }),
    ]);
    return {
      before: [features, ...forward.steps, ...gpt2.forward],
      after: [
        toHidden,
        ...gpt2.backward,
        // The policy's pass overwrites it, and the optimiser reads both.
        new Copy(gpt2.dPrefix, dPrefix),
        ...backward.steps,
      ],
      gradients: projector.gradients(backward),
      destroy() {
        for (const part of [features, toHidden, forward, backward, dPrefix]) part.destroy();
      },
    };
  };
  const own = head.projector && (await through(head.projector));
  const steps = [estimate, error, gradient];
  return {
    onPolicy: own ? [] : steps,
    alone: own ? [...own.before, ...steps, ...own.after] : [],
    gradients: [dw, dbias, ...(own?.gradients ?? [])],
    configure({ valueClipRange, valueCoef }, row) {
      error.setParams({
        statsRow: u32(row),
        clipRange: f32(valueClipRange),
        coef: f32(valueCoef),
      });
    },
    destroy() {
      for (const step of steps) step.destroy();
      own?.destroy();
      for (const made of [values, dvalues, dw, dbias]) made.destroy();
    },
  };
}
