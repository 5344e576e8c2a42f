/**
 * Which photos are held out, by their hashes alone: the same photo is on the same side after a reload,
 * in another order, and whatever is added or removed beside it.
 */

/** From so many photos on at least one is held out, if any share is. */
export const FIRST_HELD_OUT = 10;

/** A hash as a number of [0, 1): its first 52 bits, which a double holds exactly. */
const fraction = (hash: string): number => Number.parseInt(hash.slice(0, 13), 16) / 16 ** 13;

/** The hashes in an order that has nothing to do with names or with the time of adding. */
export const byHash = (hashes: readonly string[]): string[] => hashes.toSorted();

/**
 * @param hashes SHA-256, hex
 * @param share of the photos to hold out, 0 to 1
 */
export function heldOutOf(hashes: readonly string[], share: number): ReadonlySet<string> {
  const ordered = byHash(hashes);
  const heldOut = new Set(ordered.filter((hash) => fraction(hash) < share));
  const [first] = ordered;
  if (heldOut.size === 0 && share > 0 && first && ordered.length >= FIRST_HELD_OUT)
    heldOut.add(first);
  // One photo at least is to train on.
  const last = ordered.at(-1);
  if (heldOut.size === ordered.length && last) heldOut.delete(last);
  return heldOut;
}
