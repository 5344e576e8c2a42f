/**
 * What the language model expects next, read back to the CPU: what every way of decoding works with, so that
 * none of them knows of the GPU. Keys and values of what was read are kept in `rows` rows; a sequence that goes
 * on from one of them is read from there, each token once. The decoders say whole sequences and need not say
 * which went on from which.
 * Letters: B rows, P prefix, V vocabulary.
 */
import { Fault } from '../../faults';
import type { Tensor } from '../../gpu/tensor';
import type { Networks } from '../networks';
import { createPlaces } from './places';
import { placing } from './placing';
import { prefixOf, type Seen } from './prefix';

export interface Reader {
  /** Logits [V] of the token after each sequence. */
  after(sequences: readonly (readonly number[])[]): Promise<Float32Array[]>;
  /** Logits [V] of the tokens after the first `from`, `from` + 1, … and all tokens of one sequence; `from` ≥ 1. */
  along(sequence: readonly number[], from: number): Promise<Float32Array[]>;
}

export interface KeepingReader extends Reader {
  /** Tokens of a prefix, which come before every sequence. */
  readonly P: number;
  /** Of the first row, the keys and values of as many positions as `out` [1, T, N, 2, D] of N layers has. */
  takeOut(out: Tensor): void;
  destroy(): void;
}

/** Most sequences that are read at once. */
const MOST_ROWS = 16;

/**
 * @param seen left out, the text-only model reads
 * @param rows sequences that are usually read at once
 * @param length tokens that a sequence may grow to
 * @throws Fault too-long
 */
export async function createReader(
  networks: Networks,
  seen: Seen | undefined,
  rows: number,
  length: number,
): Promise<KeepingReader> {
  const { lm } = networks;
  const { n_positions, eos_token_id: eos } = lm.config;
  const B = Math.min(MOST_ROWS, rows);
  const P = seen?.projector.shape.P ?? 0;
  const room = n_positions - P;
  if (length > room)
    throw new Fault({ kind: 'too-long', tokens: length, room, what: 'What is to be read' });
  const picture = seen && (await prefixOf(networks, seen, B));
  const cache = await networks.cache({ B, prefix: picture?.prefix, length });
  picture?.destroy();
  const places = await createPlaces(networks, cache.hidden, B);
  /** Tokens whose keys and values each row holds. */
  let read: readonly (readonly number[])[] = Array.from({ length: B }, () => []);

  /** Reads what of at most B sequences was not read yet; logits after the places of each, one after the other. */
  async function readOn(
    sequences: readonly (readonly number[])[],
    placesOf: (sequence: readonly number[]) => readonly number[],
  ): Promise<Float32Array[]> {
    const end = Math.max(...sequences.map((sequence) => sequence.length));
    if (end > length) throw new RangeError(`${end} tokens for a reader of ${length}`);
    const { rows: rowOf, parents, shared } = placing(read, sequences);
    if (parents.some((parent, row) => parent !== row)) cache.inherit(parents);
    const tokens = parents.map((parent) => read[parent]!);
    sequences.forEach((sequence, i) => (tokens[rowOf[i]!] = sequence));
    read = tokens;
    const wanted = sequences.flatMap((sequence, i) =>
      placesOf(sequence).map((place) => ({ row: rowOf[i]!, place })),
    );
    const first = Math.min(shared, ...wanted.map(({ place }) => place));
    const found: Float32Array[] = [];
    for (const { start, n } of passesOf(first, end, cache.chunk)) {
      // The other rows read what they hold again, and what is behind a sequence changes nothing before it.
      const ids = tokens.flatMap((row) =>
        Array.from({ length: n }, (_, i) => row[start + i] ?? eos),
      );
      const hidden = cache.read(Uint32Array.from(ids), start);
      const here = [...wanted.keys()].filter((i) => {
        const { place } = wanted[i]!;
        return !found[i] && place >= start && place < start + n;
      });
      const logits = await places.logitsOf(
        hidden,
        here.map((i) => wanted[i]!.row * n + wanted[i]!.place - start),
      );
      here.forEach((i, at) => (found[i] = logits[at]!));
    }
    return found;
  }

  return {
    P,
    async after(sequences) {
      const logits: Float32Array[] = [];
      for (let first = 0; first < sequences.length; first += B)
        logits.push(
          ...(await readOn(sequences.slice(first, first + B), ({ length: tokens }) => [
            tokens - 1,
          ])),
        );
      return logits;
    },
    along: (sequence, from) =>
      readOn([sequence], () =>
        Array.from({ length: sequence.length - from + 1 }, (_, i) => from - 1 + i),
      ),
    takeOut: (out) => cache.takeOut(out),
    destroy() {
      places.destroy();
      cache.destroy();
    },
  };
}

/**
 * The passes that read tokens `first` to `end`. The last one begins earlier where it would end behind them: what
 * is read again stays as it is.
 */
function passesOf(first: number, end: number, chunk: number): { start: number; n: number }[] {
  if (end - first === 1) return [{ start: first, n: 1 }];
  const count = Math.ceil((end - first) / chunk);
  return Array.from({ length: count }, (_, i) => ({
    start: Math.max(0, Math.min(first + i * chunk, end - chunk)),
    n: chunk,
  }));
}
