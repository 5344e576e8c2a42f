import { describe, expect, it } from 'vitest';
import { Random } from '../../math/random';
import { heldOutOf } from './split';

/** Hashes as random as SHA-256's. */
function hashes(count: number, seed = 1): string[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () =>
    Array.from({ length: 64 }, () => Math.floor(random.uniform() * 16).toString(16)).join(''),
  );
}

describe('held-out photos', () => {
  it('are about the share asked for', () => {
    const all = hashes(2000);
    expect(heldOutOf(all, 0.1).size / 2000).toBeCloseTo(0.1, 1);
    expect(heldOutOf(all, 0.3).size / 2000).toBeCloseTo(0.3, 1);
    expect(heldOutOf(all, 0).size).toBe(0);
  });

  it('stay held out whatever comes, goes, or in which order', () => {
    const all = hashes(300);
    const before = heldOutOf(all, 0.2);
    const after = heldOutOf([...hashes(300, 2), ...all.toReversed().slice(0, 200)], 0.2);
    for (const hash of all.slice(100)) expect(after.has(hash)).toBe(before.has(hash));
  });

  it('with a greater share are the same ones and more', () => {
    const all = hashes(300);
    const more = heldOutOf(all, 0.3);
    for (const hash of heldOutOf(all, 0.1)) expect(more.has(hash)).toBe(true);
  });

  it('are at least one of ten, of nine perhaps none', () => {
    const late = hashes(10).map((hash) => `f${hash.slice(1)}`);
    expect([...heldOutOf(late, 0.1)]).toEqual([late.toSorted()[0]]);
    expect(heldOutOf(late.slice(0, 9), 0.1).size).toBe(0);
    expect(heldOutOf(late, 0).size).toBe(0);
  });

  it('are never all of them', () => {
    expect(heldOutOf(['00', '01'], 0.1)).toEqual(new Set(['00']));
    expect(heldOutOf(['00'], 0.1).size).toBe(0);
    expect(heldOutOf([], 0.1).size).toBe(0);
  });
});
