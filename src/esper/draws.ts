/**
 * What a run draws on the CPU from its seed: which pictures an iteration looks at, what their captions follow, in
 * which order it learns.
 */
import { Random } from '../math/random';

// Streams of the seed: updates count from 0; these lie beyond any update.
export const CALIBRATION_STREAM = 0xe0000000;
const PICTURES_STREAM = 0xd0000000;
const ORDER_STREAM = 0xc0000000;
const QUERY_STREAM = 0xb0000000;
export const WARM_START_STREAM = 0xa0000000;

/** `count` of the first `available` pictures, without repetition where they suffice. */
export function pictureRows(
  seed: number,
  stream: number,
  available: number,
  count: number,
): Uint32Array {
  const random = new Random(seed, (PICTURES_STREAM ^ stream) >>> 0);
  const rows = random.shuffle(Array.from({ length: available }, (_, row) => row));
  return Uint32Array.from({ length: count }, (_, i) => rows[i % rows.length]!);
}

/** Of each of `count` pictures: the place among `probabilities` of what its captions follow. */
export function queryPlaces(
  seed: number,
  stream: number,
  probabilities: readonly number[],
  count: number,
): number[] {
  const random = new Random(seed, (QUERY_STREAM ^ stream) >>> 0);
  return Array.from({ length: count }, () => {
    let left = random.uniform();
    const place = probabilities.findIndex((probability) => (left -= probability) < 0);
    // Rounding may leave a crumb beyond the last.
    return place < 0 ? probabilities.length - 1 : place;
  });
}

/** Of each epoch: the batch's rows in a new order. */
export function minibatchOrders(
  seed: number,
  update: number,
  batch: number,
  epochs: number,
): Uint32Array[] {
  const random = new Random(seed, (ORDER_STREAM ^ update) >>> 0);
  const all = Array.from({ length: batch }, (_, row) => row);
  return Array.from({ length: epochs }, () => Uint32Array.from(random.shuffle(all)));
}
