/**
 * What the language model expects next, read back to the CPU: what every way of decoding works with, so that
 * none of them knows of the GPU. A read passes over the whole context again, whichever rows went on from
 * which: no cache to reorder, at the cost of as many positions as the context has instead of one.
 * Letters: B rows at once, P prefix, S tokens, D width, V vocabulary.
 */
import { Fault } from '../../faults';
import { gather } from '../../gpu/kernels/gather/gather';
import { logitsForward } from '../../gpu/kernels/lm-head/logits';
import { Readback } from '../../gpu/readback';
import { Tensor } from '../../gpu/tensor';
import type { Networks } from '../networks';
import { prefixOf, type Seen } from './prefix';

export interface Reader {
  /** Tokens that a sequence may have. */
  readonly room: number;
  /** Logits [V] of the token after each sequence. */
  after(sequences: readonly (readonly number[])[]): Promise<Float32Array[]>;
  /** Logits [V] of the tokens after the first `from`, `from` + 1, … and all tokens of one sequence. */
  along(sequence: readonly number[], from: number): Promise<Float32Array[]>;
  destroy(): void;
}

/** Most sequences of one pass. */
export const MOST_ROWS = 16;
/** Passes have powers of two of rows and tokens, so that few sizes are ever compiled. */
const LEAST_TOKENS = 16;
const powerAbove = (count: number): number => 2 ** Math.ceil(Math.log2(count));

interface Pass {
  S: number;
  /** Fills the tokens, runs the model, and reads the logits of `places`, indices into [B · (P + S)]. */
  read(rows: readonly (readonly number[])[], places: readonly number[]): Promise<Float32Array[]>;
  destroy(): void;
}

/**
 * @param seen left out, the text-only model reads
 * @param rows sequences that are usually read at once
 */
export async function createReader(
  networks: Networks,
  seen: Seen | undefined,
  rows: number,
): Promise<Reader> {
  const { config } = networks.lm;
  const B = Math.min(MOST_ROWS, powerAbove(rows));
  const picture = seen && (await prefixOf(networks, seen, B));
  const P = picture?.prefix.shape[1] ?? 0;
  const room = config.n_positions - P;
  let pass: Pass | undefined;

  /** A pass that takes sequences of `length` tokens. */
  const passFor = async (length: number): Promise<Pass> => {
    if (length > room)
      throw new Fault({
        kind: 'too-long',
        tokens: length,
        room,
        what: 'What is to be read',
      });
    if (pass && pass.S >= length) return pass;
    pass?.destroy();
    pass = undefined;
    const S = Math.min(room, Math.max(LEAST_TOKENS, powerAbove(length)));
    return (pass = await createPass(networks, picture?.prefix, B, S));
  };

  return {
    room,
    async after(sequences) {
      const { S, read } = await passFor(Math.max(...sequences.map(({ length }) => length)));
      const logits: Float32Array[] = [];
      for (let first = 0; first < sequences.length; first += B) {
        const group = sequences.slice(first, first + B);
        const ends = group.map(({ length }, row) => row * (P + S) + P + length - 1);
        logits.push(...(await read(group, ends)));
      }
      return logits;
    },
    async along(sequence, from) {
      const { read } = await passFor(sequence.length);
      const places = Array.from({ length: sequence.length - from + 1 }, (_, i) => P + from + i - 1);
      return read([sequence], places);
    },
    destroy() {
      pass?.destroy();
      picture?.destroy();
    },
  };
}

async function createPass(
  { runner, lm }: Networks,
  prefix: Tensor | undefined,
  B: number,
  S: number,
): Promise<Pass> {
  const { gpu } = runner;
  const { n_embd: D, vocab_size: V, eos_token_id: eos } = lm.config;
  const L = (prefix?.shape[1] ?? 0) + S;
  const tokens = new Tensor(gpu, 'sequences to read', [B, S], 'u32');
  const hidden = new Tensor(gpu, 'hidden of sequences', [B, L, D]);
  const places = new Tensor(gpu, 'places', [B], 'u32');
  const states = new Tensor(gpu, 'states at places', [B, D]);
  const logits = new Tensor(gpu, 'logits at places', [B, V]);
  const tensors = [tokens, hidden, places, states, logits];
  const choose = await gather(runner, {
    source: hidden,
    index: places,
    out: states,
  });
  const head = await logitsForward(runner, { states, head: lm.weights.head, logits });
  const readback = new Readback(gpu, 'logits at places', [logits]);
  return {
    S,
    async read(rows, wanted) {
      // The room behind a sequence changes nothing before it.
      const ids = new Uint32Array(B * S).fill(eos);
      rows.forEach((row, b) => ids.set(row, b * S));
      tokens.write(ids);
      await lm.hidden({ prefix, tokens, out: hidden });
      const read: Float32Array[] = [];
      for (let first = 0; first < wanted.length; first += B) {
        const group = wanted.slice(first, first + B);
        places.write(Uint32Array.from({ length: B }, (_, i) => group[i] ?? 0));
        runner.submit('logits at places', [choose, ...head.steps]);
        const [values] = await readback.read();
        read.push(...group.map((_, i) => values!.slice(i * V, (i + 1) * V)));
      }
      return read;
    },
    destroy() {
      choose.destroy();
      head.destroy();
      readback.destroy();
      for (const tensor of tensors) tensor.destroy();
    },
  };
}
