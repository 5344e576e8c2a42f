/**
 * Which row of a cache is to read on for which sequence, so that as little as can be is read again and as few rows
 * as can be change places: a beam goes on in its own row, a branch in a row that goes on from another's.
 */
export interface Placing {
  /** Row of each sequence. */
  rows: number[];
  /** The row that each row goes on from; itself where nothing changes. */
  parents: number[];
  /** Tokens that every sequence has in common with what its row has read then. */
  shared: number;
}

/**
 * @param read tokens that each row has read
 * @param sequences at most as many as rows
 */
export function placing(
  read: readonly (readonly number[])[],
  sequences: readonly (readonly number[])[],
): Placing {
  const free = new Set(read.keys());
  const best = sequences.map((sequence) => {
    const common = read.map((tokens) => commonLength(tokens, sequence));
    const most = Math.max(...common);
    const own = [...free].find((row) => common[row] === most);
    if (own !== undefined) free.delete(own);
    return { own, parent: own ?? common.indexOf(most), most };
  });
  const left = [...free];
  const parents = [...read.keys()];
  const rows = best.map(({ own, parent }) => {
    const row = own ?? left.shift()!;
    parents[row] = parent;
    return row;
  });
  return { rows, parents, shared: Math.min(...best.map(({ most }) => most)) };
}

function commonLength(a: readonly number[], b: readonly number[]): number {
  let i = 0;
  while (i < a.length && i < b.length && a[i] === b[i]) i++;
  return i;
}
