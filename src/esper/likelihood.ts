/**
 * How likely the text-only language model finds given texts after the query: what their perplexity is made
 * of. In groups of a fixed size; unused rows and the room behind a text hold end-of-text tokens, whose numbers
 * are dropped.
 */
import { lmHeadForward } from '../gpu/kernels/lm-head/lm-head';
import { Readback } from '../gpu/readback';
import { Tensor } from '../gpu/tensor';
import type { Networks } from './networks';

/** Tokens of a text that are judged at most; a longer one is cut. */
const MOST_TOKENS = 60;
/** Texts at once. */
const ROWS = 16;

export interface Likelihood {
  /** −Σ log p of the tokens, temperature 1, without an end of text. */
  nats: number;
  tokens: number;
}

export interface TextJudge {
  /** @param texts token ids of each, without the query */
  judge(texts: readonly (readonly number[])[]): Promise<Likelihood[]>;
  destroy(): void;
}

export async function createTextJudge({ runner, lm, query }: Networks): Promise<TextJudge> {
  const { gpu } = runner;
  const { n_embd: D, n_positions, eos_token_id: eos } = lm.config;
  const Q = query.length;
  // The last token is predicted, not read.
  const T = Math.min(MOST_TOKENS, n_positions - Q + 1);
  const S = Q + T - 1;
  const made: Tensor[] = [];
  const make = (label: string, shape: readonly number[], dtype: 'f32' | 'u32' = 'f32') => {
    const tensor = new Tensor(gpu, label, shape, dtype);
    made.push(tensor);
    return tensor;
  };
  const sequences = make('texts to judge', [ROWS, S], 'u32');
  const targets = make('their tokens', [ROWS, T], 'u32');
  const hidden = make('hidden of texts', [ROWS, S, D]);
  const logp = make('log-prob of texts', [ROWS, T]);
  const head = await lmHeadForward(runner, {
    policy: { hidden, offset: Q - 1 },
    weight: lm.weights.head,
    targets,
    eos,
    minResponse: 0,
    logp,
    entropy: make('entropy of texts', [ROWS, T]),
    lse: make('log-sum-exp of texts', [ROWS, T]),
  });
  const readback = new Readback(gpu, 'log-prob of texts', [logp]);

  return {
    async judge(texts) {
      const judged: Likelihood[] = [];
      for (let first = 0; first < texts.length; first += ROWS) {
        const group = texts.slice(first, first + ROWS);
        const ids = new Uint32Array(ROWS * T).fill(eos);
        group.forEach((text, row) => ids.set(text.slice(0, T), row * T));
        targets.write(ids);
        const read = new Uint32Array(ROWS * S);
        for (let row = 0; row < ROWS; row++) {
          read.set(query, row * S);
          read.set(ids.subarray(row * T, row * T + T - 1), row * S + Q);
        }
        sequences.write(read);
        await lm.hidden({ prefix: undefined, tokens: sequences, out: hidden });
        runner.submit('likelihood of texts', [head]);
        const [values] = await readback.read();
        group.forEach((text, row) => {
          const tokens = Math.min(T, text.length);
          const own = values!.subarray(row * T, row * T + tokens);
          judged.push({ nats: own.reduce((sum, value) => sum - value, 0), tokens });
        });
      }
      return judged;
    },
    destroy() {
      head.destroy();
      readback.destroy();
      for (const tensor of made) tensor.destroy();
    },
  };
}
