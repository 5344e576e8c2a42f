/** CLIP's features as a projector's first layer reads them. */

/**
 * What a projector was trained on: CLIP's features as they come, or brought to unit length first. The
 * page trains on raw ones; the released trainer under fp16 and ClipCap with `normalize_prefix` do not.
 */
export const FEATURE_CONVENTIONS = ['raw', 'unit'] as const;
export type FeatureConvention = (typeof FEATURE_CONVENTIONS)[number];

/** Raw features [n, E] → [n, E], of the convention and divided. */
export function projectorInput(
  features: Float32Array,
  E: number,
  divider: number,
  convention: FeatureConvention,
): Float32Array<ArrayBuffer> {
  if (convention === 'raw') return Float32Array.from(features, (value) => value / divider);
  const input = new Float32Array(features.length);
  for (let start = 0; start < input.length; start += E) {
    const feature = features.subarray(start, start + E);
    const length = Math.hypot(...feature) || 1; // unused rows of a table are 0
    input.set(
      feature.map((value) => value / length / divider),
      start,
    );
  }
  return input;
}
