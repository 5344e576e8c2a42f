/** Multi-head attention in f64, causal unless said otherwise, with all scores written out. Letters: E head size, D = H · E. */

export interface AttentionShape {
  B: number;
  L: number;
  H: number;
  E: number;
}

/** Indices of one head in qkv [B, L, 3D] (part 0 q, 1 k, 2 v) and in out [B, L, D]. */
function indices({ L, H, E }: AttentionShape, b: number, h: number) {
  return {
    qkv: (part: number, t: number, d: number) => ((b * L + t) * 3 + part) * H * E + h * E + d,
    out: (t: number, d: number) => (b * L + t) * H * E + h * E + d,
  };
}

/** Σ_d x(d) · y(d) over a head. */
function dot(E: number, x: (d: number) => number, y: (d: number) => number): number {
  let sum = 0;
  for (let d = 0; d < E; d++) sum += x(d) * y(d);
  return sum;
}

export function attentionReference(
  qkv: ArrayLike<number>,
  shape: AttentionShape,
  causal = true,
): { out: Float64Array; lse: Float64Array } {
  const { B, L, H, E } = shape;
  const out = new Float64Array(B * L * H * E);
  const lse = new Float64Array(B * H * L);
  for (let b = 0; b < B; b++)
    for (let h = 0; h < H; h++) {
      const at = indices(shape, b, h);
      for (let i = 0; i < L; i++) {
        const scores: number[] = [];
        for (let j = 0; j <= (causal ? i : L - 1); j++)
          scores.push(
            dot(
              E,
              (d) => qkv[at.qkv(0, i, d)]!,
              (d) => qkv[at.qkv(1, j, d)]!,
            ) / Math.sqrt(E),
          );
        const top = Math.max(...scores);
        const total = scores.reduce((sum, s) => sum + Math.exp(s - top), 0);
        const normalizer = top + Math.log(total);
        lse[(b * H + h) * L + i] = normalizer;
        scores.forEach((s, j) => {
          for (let d = 0; d < E; d++)
            out[at.out(i, d)]! += Math.exp(s - normalizer) * qkv[at.qkv(2, j, d)]!;
        });
      }
    }
  return { out, lse };
}

export function attentionBackwardReference(
  dout: ArrayLike<number>,
  qkv: ArrayLike<number>,
  shape: AttentionShape,
  causal = true,
): Float64Array {
  const { B, L, H, E } = shape;
  const { out, lse } = attentionReference(qkv, shape, causal);
  const dqkv = new Float64Array(qkv.length);
  for (let b = 0; b < B; b++)
    for (let h = 0; h < H; h++) {
      const at = indices(shape, b, h);
      for (let i = 0; i < L; i++) {
        const q = (d: number) => qkv[at.qkv(0, i, d)]!;
        const g = (d: number) => dout[at.out(i, d)]!;
        const delta = dot(E, g, (d) => out[at.out(i, d)]!);
        for (let j = 0; j <= (causal ? i : L - 1); j++) {
          const k = (d: number) => qkv[at.qkv(1, j, d)]!;
          const v = (d: number) => qkv[at.qkv(2, j, d)]!;
          const p = Math.exp(dot(E, q, k) / Math.sqrt(E) - lse[(b * H + h) * L + i]!);
          const ds = (p * (dot(E, g, v) - delta)) / Math.sqrt(E);
          for (let d = 0; d < E; d++) {
            dqkv[at.qkv(0, i, d)]! += ds * k(d);
            dqkv[at.qkv(1, j, d)]! += ds * q(d);
            dqkv[at.qkv(2, j, d)]! += p * g(d);
          }
        }
      }
    }
  return dqkv;
}
