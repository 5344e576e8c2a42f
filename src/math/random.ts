/**
 * Counter-based random numbers: Threefry-2x32 with 20 rounds.
 * Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (SC 2011), Random123.
 * The WGSL twin is src/gpu/kernels/random/threefry.wgsl: the same (key, counter) gives the same bits on
 * both sides, so a draw depends only on what it is for, never on when it is made.
 */

const ROTATIONS = [13, 15, 26, 6, 17, 29, 16, 24] as const;
const KEY_PARITY = 0x1bd11bda;

/** Two uint32 from a two-word key and a two-word counter. */
export function threefry2x32(
  key0: number,
  key1: number,
  counter0: number,
  counter1: number,
): [number, number] {
  const keys = [key0 >>> 0, key1 >>> 0, (KEY_PARITY ^ key0 ^ key1) >>> 0] as const;
  let x0 = (counter0 + keys[0]) >>> 0;
  let x1 = (counter1 + keys[1]) >>> 0;
  for (let round = 0; round < 20; round++) {
    const r = ROTATIONS[round % 8]!;
    x0 = (x0 + x1) >>> 0;
    x1 = ((x1 << r) | (x1 >>> (32 - r))) >>> 0;
    x1 = (x1 ^ x0) >>> 0;
    if (round % 4 === 3) {
      const injection = (round + 1) / 4;
      x0 = (x0 + keys[injection % 3]!) >>> 0;
      x1 = (x1 + keys[(injection + 1) % 3]! + injection) >>> 0;
    }
  }
  return [x0, x1];
}

/**
 * The first words of the counters (counter0, 0), (counter0, 1), …, one for each element of `out`. Unrolled, in a
 * sixth of the time that as many calls take: whoever draws from a vocabulary needs one for each token. All is
 * int32, the same bits: V8 computes other numbers as floats.
 */
export function threefryWords(key0: number, key1: number, counter0: number, out: Int32Array): void {
  const [k0, k1] = [key0 | 0, key1 | 0];
  const k2 = KEY_PARITY ^ k0 ^ k1;
  const start = (counter0 + k0) | 0;
  for (let v = 0; v < out.length; v++) {
    let y = (v + k1) | 0;
    let x = (start + y) | 0;
    y = rotated(y, 13) ^ x;
    y = rotated(y, 15) ^ (x = (x + y) | 0);
    y = rotated(y, 26) ^ (x = (x + y) | 0);
    y = rotated(y, 6) ^ (x = (x + y) | 0);
    y = (y + k2 + 1) | 0;
    x = (x + k1 + y) | 0;
    y = rotated(y, 17) ^ x;
    y = rotated(y, 29) ^ (x = (x + y) | 0);
    y = rotated(y, 16) ^ (x = (x + y) | 0);
    y = rotated(y, 24) ^ (x = (x + y) | 0);
    y = (y + k0 + 2) | 0;
    x = (x + k2 + y) | 0;
    y = rotated(y, 13) ^ x;
    y = rotated(y, 15) ^ (x = (x + y) | 0);
    y = rotated(y, 26) ^ (x = (x + y) | 0);
    y = rotated(y, 6) ^ (x = (x + y) | 0);
    y = (y + k1 + 3) | 0;
    x = (x + k0 + y) | 0;
    y = rotated(y, 17) ^ x;
    y = rotated(y, 29) ^ (x = (x + y) | 0);
    y = rotated(y, 16) ^ (x = (x + y) | 0);
    y = rotated(y, 24) ^ (x = (x + y) | 0);
    y = (y + k2 + 4) | 0;
    x = (x + k1 + y) | 0;
    y = rotated(y, 13) ^ x;
    y = rotated(y, 15) ^ (x = (x + y) | 0);
    y = rotated(y, 26) ^ (x = (x + y) | 0);
    out[v] = x + y + k2;
  }
}

const rotated = (word: number, bits: number): number => (word << bits) | (word >>> (32 - bits));

/** A uint32 mapped to a float in [0, 1) with 24 bits, so that it is exact in f32. */
export function toUnitFloat(bits: number): number {
  return (bits >>> 8) / 0x1000000;
}

/** A sequential view of one Threefry stream: `new Random(seed, stream)`. */
export class Random {
  #seed: number;
  #stream: number;
  #counter = 0;

  constructor(seed: number, stream = 0) {
    this.#seed = seed >>> 0;
    this.#stream = stream >>> 0;
  }

  /** Next uint32. */
  bits(): number {
    const [word] = threefry2x32(this.#seed, this.#stream, this.#counter++, 0);
    return word;
  }

  /** Uniform float in [0, 1). */
  uniform(): number {
    return toUnitFloat(this.bits());
  }

  /** Uniform float in [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  /** Uniform integer in [0, count). */
  integer(count: number): number {
    return Math.floor(this.uniform() * count);
  }

  /** True with probability p. */
  chance(p: number): boolean {
    return this.uniform() < p;
  }

  /** Standard normal by Box-Muller. */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** One element of a non-empty list. */
  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError('pick: the list is empty');
    return items[this.integer(items.length)]!;
  }

  /** A shuffled copy (Fisher-Yates). */
  shuffle<T>(items: readonly T[]): T[] {
    const copy = [...items];
    for (let i = copy.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      [copy[i], copy[j]] = [copy[j]!, copy[i]!];
    }
    return copy;
  }
}
