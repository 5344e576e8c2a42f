/** What is said of repeated times: the median, and the 10th and 90th percentile. */

export interface Spread {
  median: number;
  low: number;
  high: number;
}

function quantile(values: readonly number[], at: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.round(at * (sorted.length - 1))] ?? Number.NaN;
}

export const spreadOf = (values: readonly number[]): Spread => ({
  median: quantile(values, 0.5),
  low: quantile(values, 0.1),
  high: quantile(values, 0.9),
});
