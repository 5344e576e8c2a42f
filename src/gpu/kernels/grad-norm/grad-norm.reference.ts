/** Global L2 norm and its clip factor in f64. */

export function gradNormReference(
  gradients: readonly ArrayLike<number>[],
  maxNorm: number,
): { norm: number; scale: number; nonFinite: 0 | 1 } {
  let squares = 0;
  for (const gradient of gradients)
    for (let i = 0; i < gradient.length; i++) squares += gradient[i]! ** 2;
  const norm = Math.sqrt(squares);
  if (!Number.isFinite(norm)) return { norm: Infinity, scale: 0, nonFinite: 1 };
  return { norm, scale: Math.min(1, maxNorm / (norm + 1e-6)), nonFinite: 0 };
}
