/**
 * The tensors of one batch of episodes: what was sampled, how it was scored, and what it earned.
 * Letters: N pictures in the table, I pictures in the batch, K samples a picture, B = I·K episodes,
 * P prefix, Q query, T response, S = Q + T − 1 tokens fed, D LM width, E CLIP width.
 * Episodes of one picture are consecutive: b = i·K + k.
 */
import type { KernelRunner } from '../gpu/kernel';
import { type DType, Tensor } from '../gpu/tensor';
import { prefixExtents, type ProjectorShape } from './projector/shape';
import type { Query } from './queries';
import { MOST_SENTENCES } from './sentences';

export interface EpisodeShape extends ProjectorShape {
  I: number;
  K: number;
  Q: number;
  T: number;
}

export class Episodes {
  readonly shape: EpisodeShape & { B: number; S: number };
  /** u32 [I], rows of the picture table. */
  readonly pictureRows: Tensor;
  /** u32 [B], the same for each episode. */
  readonly imageIndex: Tensor;
  /** u32 [B], the episode's row among the batch's I pictures. */
  readonly batchRows: Tensor;
  /** [B, P, D], or deep [B, P, N, 2, D]. */
  readonly prefix: Tensor;
  /** u32 [B, Q], and of each picture [I, Q]. */
  readonly query: Tensor;
  readonly pictureQuery: Tensor;
  /** u32 [B, T] and [B]: the response, and its length with the end of text. */
  readonly tokens: Tensor;
  readonly lengths: Tensor;
  /** u32 [B, S]: query and response without its last token, as the LM is fed. */
  readonly sequences: Tensor;
  /** [B, P + S, D] and [B, S, D]: hidden states of the policy and of the text-only LM. */
  readonly hidden: Tensor;
  readonly refHidden: Tensor;
  /** [B, T], of the tokens drawn; lse is the log-sum-exp of the logits. */
  readonly logp: Tensor;
  readonly entropy: Tensor;
  readonly lse: Tensor;
  readonly refLogp: Tensor;
  readonly refEntropy: Tensor;
  readonly refLse: Tensor;
  /** [M, E] of the texts that CLIP reads, M ≥ B; u32 [B + 1]: where each episode's begin. */
  readonly textFeatures: Tensor;
  readonly firstText: Tensor;
  /** [B]: mean cosine of an episode's texts, and what the reward makes of it. */
  readonly cosine: Tensor;
  readonly score: Tensor;
  /** [B, T] and [B, 4]. */
  readonly rewards: Tensor;
  readonly terms: Tensor;
  /** `query` and `pictureQuery` in memory. */
  asked: Uint32Array;
  pictureAsked: Uint32Array;
  /** Of each episode: the part of its query that is text of the caption. */
  spoken: readonly (readonly number[])[];
  readonly #all: Tensor[] = [];

  /** @param query of all episodes until `ask`, nothing of it spoken */
  constructor(runner: KernelRunner, shape: EpisodeShape, query: readonly number[]) {
    const { I, K, P, Q, T, D, E } = shape;
    const B = I * K;
    const S = Q + T - 1;
    this.shape = { ...shape, B, S };
    const make = (label: string, extents: readonly number[], dtype: DType = 'f32') => {
      const tensor = new Tensor(runner.gpu, label, extents, dtype);
      this.#all.push(tensor);
      return tensor;
    };
    this.pictureRows = make('picture rows', [I], 'u32');
    this.imageIndex = make('image index', [B], 'u32');
    this.batchRows = make('batch rows', [B], 'u32');
    this.batchRows.write(Uint32Array.from({ length: B }, (_, b) => Math.floor(b / K)));
    this.prefix = make('prefix', [B, ...prefixExtents(shape)]);
    this.query = make('query', [B, Q], 'u32');
    this.pictureQuery = make('query of each picture', [I, Q], 'u32');
    this.asked = Uint32Array.from({ length: B * Q }, (_, i) => query[i % Q]!);
    this.pictureAsked = this.asked.slice(0, I * Q);
    this.query.write(this.asked);
    this.pictureQuery.write(this.pictureAsked);
    this.spoken = Array.from({ length: B }, () => []);
    this.tokens = make('tokens', [B, T], 'u32');
    this.lengths = make('lengths', [B], 'u32');
    this.sequences = make('sequences', [B, S], 'u32');
    this.hidden = make('hidden', [B, P + S, D]);
    this.refHidden = make('reference hidden', [B, S, D]);
    this.logp = make('log-prob', [B, T]);
    this.entropy = make('entropy', [B, T]);
    this.lse = make('log-sum-exp', [B, T]);
    this.refLogp = make('reference log-prob', [B, T]);
    this.refEntropy = make('reference entropy', [B, T]);
    this.refLse = make('reference log-sum-exp', [B, T]);
    this.textFeatures = make('text features', [B * MOST_SENTENCES, E]);
    this.firstText = make('first text', [B + 1], 'u32');
    this.cosine = make('cosine', [B]);
    this.score = make('score', [B]);
    this.rewards = make('rewards', [B, T]);
    this.terms = make('reward terms', [B, 4]);
  }

  /** Chooses the pictures of the batch: I rows of the picture table. */
  choose(rows: Uint32Array): void {
    const { B, K } = this.shape;
    this.pictureRows.write(rows);
    this.imageIndex.write(Uint32Array.from({ length: B }, (_, b) => rows[Math.floor(b / K)]!));
  }

  /** Chooses the query of each of the batch's I pictures; its K episodes share it, and so their baseline. */
  ask(queries: readonly Query[]): void {
    const { B, K } = this.shape;
    const each = Array.from({ length: B }, (_, b) => queries[Math.floor(b / K)]!);
    this.asked = Uint32Array.from(each.flatMap(({ tokens }) => tokens));
    this.query.write(this.asked);
    this.pictureAsked = Uint32Array.from(queries.flatMap(({ tokens }) => tokens));
    this.pictureQuery.write(this.pictureAsked);
    this.spoken = each.map(({ spoken }) => spoken);
  }

  destroy(): void {
    for (const tensor of this.#all) tensor.destroy();
  }
}
