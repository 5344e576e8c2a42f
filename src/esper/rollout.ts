/**
 * The rollout: from pictures to sampled responses. Prefixes are computed once a picture and shared by
 * its K samples; tokens are drawn on the GPU and read back once, as text for CLIP needs them. Where every row of
 * the rollout before had ended early, it is looked whether all have ended by then, and the rest is not decoded.
 */
import type { Step } from '../gpu/kernel';
import { gather } from '../gpu/kernels/gather/gather';
import { drawParams, sample } from '../gpu/kernels/sampling/sampling';
import { Readback } from '../gpu/readback';
import { Tensor } from '../gpu/tensor';
import type { Config } from './config';
import type { Episodes } from './episodes';
import type { Networks } from './networks';
import type { Projector } from './projector';

export interface Draws {
  seed: number;
  /** Sets this rollout's random numbers apart from every other's. */
  stream: number;
  temperature: number;
  /** The most likely token instead of a draw. */
  greedy: boolean;
  /** By the text-only language model, without a prefix. */
  blind?: boolean;
  /** Only the k most likely tokens; 0 for all. */
  topK: number;
  /** Only the most likely tokens of this probability; 1 for all. */
  topP: number;
}

/** How a run samples: as its settings say now. */
export const drawsOf = ({ seed, temperature, topK, topP }: Config, stream: number): Draws => ({
  seed,
  stream,
  temperature,
  greedy: false,
  topK,
  topP,
});

export interface RolloutSettings {
  minResponse: number;
  noRepeatNgram: number;
}

/** The responses on the CPU: texts with the spoken part of the query, without end of text. */
export interface Responses {
  texts: string[];
  lengths: Uint32Array;
}

export interface Rollout {
  run(draws: Draws): Promise<Responses>;
  destroy(): void;
}

/** Prefixes of the batch's pictures, computed once a picture and shared by its K samples. */
export interface Prefixes {
  /** Writes `episodes.prefix`, or another, from `episodes.pictureRows`. */
  readonly steps: readonly Step[];
  /** The same once a picture: [I, …]. */
  readonly each: Tensor;
  destroy(): void;
}

/** `table` [N, E] holds the pictures' divided features; `out` is another prefix than the policy's. */
export async function createPrefixes(
  { runner }: Networks,
  projector: Projector,
  episodes: Episodes,
  table: Tensor,
  out = episodes.prefix,
): Promise<Prefixes> {
  const { I } = episodes.shape;
  const each = new Tensor(runner.gpu, 'prefix of each picture', [I, ...out.shape.slice(1)]);
  const [forward, repeat] = await Promise.all([
    projector.forward(runner, I, each),
    gather(runner, { source: each, index: episodes.batchRows, out }),
  ]);
  const features = await gather(runner, {
    source: table,
    index: episodes.pictureRows,
    out: forward.features,
  });
  return {
    steps: [features, ...forward.steps, repeat],
    each,
    destroy() {
      for (const step of [features, repeat]) step.destroy();
      forward.destroy();
      each.destroy();
    },
  };
}

/** `table` [N, E] holds the pictures' divided features. */
export async function createRollout(
  networks: Networks,
  projector: Projector,
  episodes: Episodes,
  table: Tensor,
  { minResponse, noRepeatNgram }: RolloutSettings,
): Promise<Rollout> {
  const { runner, lm, tokenizer } = networks;
  const { I, B, T } = episodes.shape;
  const V = lm.config.vocab_size;
  const eos = lm.config.eos_token_id;
  const next = new Tensor(runner.gpu, 'next token', [B], 'i32');
  const prefixes = await createPrefixes(networks, projector, episodes, table);
  const readback = new Readback(runner.gpu, 'responses', [episodes.tokens, episodes.lengths]);
  const drawn = new Readback(runner.gpu, 'tokens drawn', [next]);
  /** Tokens after which the rollout before had ended in every row; nobody looks where it never had. */
  let usualEnd = T;
  let draw: { step: Awaited<ReturnType<typeof sample>>; logits: Tensor } | undefined;

  const prepareDraw = async (logits: Tensor, draws: Draws) => {
    if (draw?.logits === logits) return draw.step;
    draw?.step.destroy();
    const step = await sample(runner, {
      logits,
      query: episodes.query,
      tokens: episodes.tokens,
      next,
      lengths: episodes.lengths,
      eos,
      minResponse,
      noRepeatNgram,
      ...draws,
      t: 0,
    });
    draw = { step, logits };
    return step;
  };

  const haveEnded = async () => {
    const [tokens] = await drawn.readIntegers();
    return tokens!.every((token) => token === eos);
  };

  const textOf = (b: number, ids: Uint32Array): string => {
    const end = ids.indexOf(eos);
    const said = end < 0 ? ids : ids.subarray(0, end);
    return tokenizer.decode([...episodes.spoken[b]!, ...said]).trim();
  };

  return {
    async run(draws) {
      runner.submit('prefix', prefixes.steps);
      const prefixed = (prefix: Tensor, query: Tensor) => ({
        prefix: draws.blind ? undefined : prefix,
        query,
      });
      const decoding = await lm.startDecoding({
        ...prefixed(episodes.prefix, episodes.query),
        ...(I < B && { once: prefixed(prefixes.each, episodes.pictureQuery) }),
        B,
        steps: T,
      });
      try {
        if (decoding.logits.size !== B * V)
          throw new RangeError(`logits of ${decoding.logits.size} elements, not ${B}×${V}`);
        const step = await prepareDraw(decoding.logits, draws);
        let isOver = false;
        for (let t = 0; t < T; t++) {
          step.setParams(drawParams({ ...draws, t }));
          runner.submit('draw', [step]); // of a row that has ended, the end of text again
          isOver ||= t + 1 === T || (t + 1 >= usualEnd && (await haveEnded()));
          if (!isOver) await decoding.step(next);
        }
      } finally {
        decoding.end();
      }
      const [tokens, lengths] = await readback.readIntegers();
      usualEnd = Math.max(...lengths!);
      const texts = Array.from({ length: B }, (_, b) =>
        textOf(b, tokens!.subarray(b * T, (b + 1) * T)),
      );
      return { texts, lengths: lengths! };
    },
    destroy() {
      prefixes.destroy();
      draw?.step.destroy();
      readback.destroy();
      drawn.destroy();
      next.destroy();
    },
  };
}
