/** Samples a rollout's tokens from logits on the GPU: they are drawn there, into `episodes`, and read back once. */
import type { DecodingOnGpu } from '../frozen/gpt2/model';
import { drawParams, sample } from '../gpu/kernels/sampling/sampling';
import type { KernelRunner } from '../gpu/kernel';
import { Readback } from '../gpu/readback';
import { Tensor } from '../gpu/tensor';
import type { Rules } from './decode/distribution';
import type { GumbelDraw } from './decode/gumbel';
import type { Episodes } from './episodes';

/** Token ids [B, T], end of text from where a row has ended, and lengths [B] with the first end of text. */
export interface Sampled {
  tokens: Uint32Array;
  lengths: Uint32Array;
}

export interface GpuSampler {
  sample(decoding: DecodingOnGpu, draws: GumbelDraw): Promise<Sampled>;
  destroy(): void;
}

/**
 * Where every row of the rollout before had ended early, it is looked whether all have ended by then, and the rest
 * is not decoded.
 */
export function createGpuSampler(
  runner: KernelRunner,
  episodes: Episodes,
  rules: Rules,
): GpuSampler {
  const { B, T } = episodes.shape;
  const { eos } = rules;
  const next = new Tensor(runner.gpu, 'next token', [B], 'i32');
  const readback = new Readback(runner.gpu, 'responses', [episodes.tokens, episodes.lengths]);
  const drawn = new Readback(runner.gpu, 'tokens drawn', [next]);
  /** Tokens after which the rollout before had ended in every row; nobody looks where it never had. */
  let usualEnd = T;
  let draw: { step: Awaited<ReturnType<typeof sample>>; logits: Tensor } | undefined;

  const prepareDraw = async (logits: Tensor, draws: GumbelDraw) => {
    if (draw?.logits === logits) return draw.step;
    draw?.step.destroy();
    const { query, tokens, lengths } = episodes;
    const tensors = { logits, query, tokens, next, lengths };
    const step = await sample(runner, { ...tensors, ...rules, ...draws, t: 0 });
    draw = { step, logits };
    return step;
  };

  const haveEnded = async () => {
    const [tokens] = await drawn.readIntegers();
    return tokens!.every((token) => token === eos);
  };

  return {
    async sample(decoding, draws) {
      const step = await prepareDraw(decoding.logits, draws);
      let isOver = false;
      for (let t = 0; t < T; t++) {
        step.setParams(drawParams({ ...draws, t }));
        runner.submit('draw', [step]); // of a row that has ended, the end of text again
        isOver ||= t + 1 === T || (t + 1 >= usualEnd && (await haveEnded()));
        if (!isOver) await decoding.step(next);
      }
      const [tokens, lengths] = await readback.readIntegers();
      usualEnd = Math.max(...lengths!);
      return { tokens: tokens!, lengths: lengths! };
    },
    destroy() {
      draw?.step.destroy();
      readback.destroy();
      drawn.destroy();
      next.destroy();
    },
  };
}
