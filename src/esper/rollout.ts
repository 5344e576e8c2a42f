/**
 * The rollout: from pictures to sampled responses. Prefixes are computed once a picture and shared by its K
 * samples; tokens are drawn where the model leaves its logits, and become text for CLIP.
 */
import type { InMemory } from '../frozen/gpt2/model';
import type { Step } from '../gpu/kernel';
import { gather } from '../gpu/kernels/gather/gather';
import { Tensor } from '../gpu/tensor';
import type { Config } from './config';
import type { GumbelDraw } from './decode/gumbel';
import type { Episodes } from './episodes';
import type { Networks } from './networks';
import type { Projector } from './projector';
import { sampleInMemory } from './sampler-in-memory';
import { createGpuSampler, type Sampled } from './sampler-on-gpu';

export interface Draws extends GumbelDraw {
  /** By the text-only language model, without a prefix. */
  blind?: boolean;
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
  /** Where the model computes in memory: what its teacher-forced passes will read, `episodes.sequences` and prefix. */
  inMemory?: InMemory | undefined;
}

export interface Rollout {
  run(draws: Draws): Promise<Responses & Sampled>;
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
  const rules = { eos, minResponse, noRepeatNgram };
  const prefixes = await createPrefixes(networks, projector, episodes, table);
  const onGpu = createGpuSampler(runner, episodes, rules);

  const textOf = (b: number, ids: Uint32Array): string => {
    const end = ids.indexOf(eos);
    const said = end < 0 ? ids : ids.subarray(0, end);
    return tokenizer.decode([...episodes.spoken[b]!, ...said]).trim();
  };

  const decode = async (draws: Draws) => {
    const { query, asked, pictureQuery, pictureAsked } = episodes;
    const beginning = (prefix: Tensor, words: Tensor, tokens: Uint32Array) => ({
      prefix: draws.blind ? undefined : prefix,
      query: words,
      inMemory: { tokens, prefix: undefined },
    });
    const decoding = await lm.startDecoding({
      ...beginning(episodes.prefix, query, asked),
      ...(I < B && { once: beginning(prefixes.each, pictureQuery, pictureAsked) }),
      B,
      steps: T,
    });
    try {
      if (decoding.place === 'gpu') {
        const { size } = decoding.logits;
        if (size !== B * V) throw new RangeError(`logits of ${size} elements, not ${B}×${V}`);
        return await onGpu.sample(decoding, draws);
      }
      const sampled = await sampleInMemory(decoding, draws, episodes, { ...rules, V });
      episodes.tokens.write(sampled.tokens);
      episodes.lengths.write(sampled.lengths);
      const inMemory = { tokens: sequencesOf(episodes, sampled.tokens), prefix: decoding.prefix };
      return { ...sampled, inMemory };
    } finally {
      decoding.end();
    }
  };

  return {
    async run(draws) {
      runner.submit('prefix', prefixes.steps);
      const said = await decode(draws);
      const texts = Array.from({ length: B }, (_, b) =>
        textOf(b, said.tokens.subarray(b * T, (b + 1) * T)),
      );
      return { texts, ...said };
    },
    destroy() {
      prefixes.destroy();
      onGpu.destroy();
    },
  };
}

/** `episodes.sequences` in memory [B, S], of tokens [B, T]. */
function sequencesOf({ shape, asked }: Episodes, tokens: Uint32Array): Uint32Array {
  const { B, Q, T, S } = shape;
  const sequences = new Uint32Array(B * S);
  for (let b = 0; b < B; b++) {
    sequences.set(asked.subarray(b * Q, (b + 1) * Q), b * S);
    sequences.set(tokens.subarray(b * T, (b + 1) * T - 1), b * S + Q);
  }
  return sequences;
}
