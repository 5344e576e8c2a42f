/**
 * What each phase must spend, counted from its shapes: FLOP of the matrix products and of attention (a multiply and
 * an add are two; what else is done is small beside them), and bytes between memory and arithmetic where each of
 * these operators reads its operands once and writes its result once, in f32. More bytes than that is a kernel's
 * own doing; fewer would need operators fused.
 * Letters: B sequences, L positions, D width, N layers, I inner width, V vocabulary, T response tokens, R rows.
 */

export interface Cost {
  flop: number;
  bytes: number;
}

/** What an adapter can do at most, of a second, in 1e9 (in-page/roofs.ts measures it). */
export interface Roofs {
  gflops: number;
  gigabytes: number;
}

/** The time that the nearer roof allows, over the time that it took. */
export const shareOfRoof = ({ flop, bytes }: Cost, milliseconds: number, roofs: Roofs): number =>
  Math.max(flop / roofs.gflops, bytes / roofs.gigabytes) / (1e6 * milliseconds);

const F32 = 4;

export const sum = (...costs: readonly Cost[]): Cost => ({
  flop: costs.reduce((total, { flop }) => total + flop, 0),
  bytes: costs.reduce((total, { bytes }) => total + bytes, 0),
});

export const times = (count: number, { flop, bytes }: Cost): Cost => ({
  flop: count * flop,
  bytes: count * bytes,
});

/** [M, K] · [K, N] */
export const product = (M: number, K: number, N: number): Cost => ({
  flop: 2 * M * K * N,
  bytes: F32 * (M * K + K * N + M * N),
});

export interface Transformer {
  D: number;
  N: number;
  /** 4D where left out. */
  I?: number;
}

const layerProducts = (rows: number, { D, I = 4 * D }: Transformer): Cost =>
  sum(product(rows, D, 3 * D), product(rows, D, D), product(rows, D, I), product(rows, I, D));

/** Position i sees i + 1 keys; without causality all see all. */
const scored = (L: number, isCausal: boolean): number => (isCausal ? (L * (L + 1)) / 2 : L * L);

/** A pass over [B, L]. */
export function forwardPass(net: Transformer, B: number, L: number, isCausal = true): Cost {
  const attention = {
    flop: 2 * 2 * B * net.D * scored(L, isCausal), // scores, and values mixed
    bytes: F32 * 4 * B * L * net.D, // q, k, v; out
  };
  return times(net.N, sum(layerProducts(B * L, net), attention));
}

/** The gradient of the input alone: a product for each of the forward pass, five in attention for its two. */
export function backwardPass(net: Transformer, B: number, L: number): Cost {
  const attention = {
    flop: 5 * 2 * B * net.D * scored(L, true), // scores again, and dV, dP, dQ, dK
    bytes: F32 * 8 * B * L * net.D, // q, k, v, out, dout; dq, dk, dv
  };
  return times(net.N, sum(layerProducts(B * L, net), attention));
}

/**
 * Training's pass over [B, L], of whose last block only the last T positions go on after attention.
 */
export function trainedForward(net: Transformer, B: number, L: number, T: number): Cost {
  const spared = lastBlock(net, B, L - T);
  const seen = scored(L - T, true);
  return less(forwardPass(net, B, L), {
    flop: spared.flop + 2 * 2 * B * net.D * seen,
    bytes: spared.bytes + F32 * 2 * B * (L - T) * net.D, // q, out
  });
}

/** Its gradient, in the first block of the first P positions' input alone. */
export function trainedBackward(
  net: Transformer,
  B: number,
  L: number,
  { T, P }: { T: number; P: number },
): Cost {
  const { D } = net;
  const spared = lastBlock(net, B, L - T);
  const rows = B * (L - P);
  // Pairs whose query is not the response's, and, in the first block, whose key is not the prefix's.
  const unasked = scored(L - T, true);
  const unwanted = scored(L - P, true);
  return less(backwardPass(net, B, L), {
    flop: spared.flop + 2 * rows * D * 3 * D + 2 * B * D * 5 * (unasked + unwanted),
    bytes: spared.bytes + F32 * rows * (D + 3 * D) + F32 * 3 * B * (L - T + L - P) * D,
  });
}

/** What `rows` positions a sequence cost after attention. */
function lastBlock({ D, I = 4 * D }: Transformer, B: number, rows: number): Cost {
  const M = B * rows;
  const moved = (wide: number) => F32 * M * (D + wide);
  return { flop: 2 * M * (D * D + 2 * D * I), bytes: moved(D) + 2 * moved(I) };
}

const less = (a: Cost, b: Cost): Cost => ({ flop: a.flop - b.flop, bytes: a.bytes - b.bytes });

/** T tokens after Q given ones, with a cache: the given ones in one pass, then one position at a time. */
export function decoding(net: Transformer, V: number, B: number, Q: number, T: number): Cost {
  const steps = Array.from({ length: T - 1 }, (_, t) => {
    const keys = Q + t + 1;
    const attention = {
      flop: 2 * 2 * B * net.D * keys,
      bytes: F32 * B * net.D * (2 * keys + 2), // the cache, the query, the result
    };
    return times(net.N, sum(layerProducts(B, net), attention));
  });
  // Logits are written, then read by the draw.
  const draw = { flop: 0, bytes: F32 * B * V };
  return sum(forwardPass(net, B, Q), ...steps, times(T, sum(product(B, net.D, V), draw)));
}

/** Logits of R tokens, kept for the way back; what is made of them is small. */
export const headForward = (D: number, V: number, R: number): Cost => product(R, D, V);

/** The gradient of the logits times the head. Where there are too many logits to keep, they are computed again. */
export const headBackward = (D: number, V: number, R: number): Cost => product(R, V, D);

/** Linear layers one behind the other, of these widths. */
export const layersForward = (widths: readonly number[], R: number): Cost =>
  sum(...widths.slice(1).map((out, i) => product(R, widths[i]!, out)));

/** Gradients of every input but the first. */
export const layersBackward = (widths: readonly number[], R: number): Cost =>
  sum(...widths.slice(2).map((out, i) => product(R, out, widths[i + 1]!)));

/**
 * Gradients of the layers' matrices, made of their factors where they are used, and AdamW: it reads and writes value
 * and two moments of each of `parameters`.
 */
export function optimiser(widths: readonly number[], R: number, parameters: number): Cost {
  const gradients = widths.slice(1).map((out, i) => ({
    flop: 2 * R * widths[i]! * out,
    bytes: F32 * R * (widths[i]! + out),
  }));
  return sum(...gradients, { flop: 14 * parameters, bytes: F32 * 6 * parameters });
}
