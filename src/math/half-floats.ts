/** 16-bit floats to 32-bit ones and back, by bits; every 16-bit value has an exact f32. */
import { Float16Array as SubstituteFloat16Array } from '@petamoriken/float16';

type HalfArray = new (
  source: Float32Array | ArrayBufferLike,
  from?: number,
  length?: number,
) => Iterable<number> & { buffer: ArrayBufferLike };

/** The platform's own where it has one: many times faster over a checkpoint's 124 million. */
const Float16Array = ((globalThis as { Float16Array?: unknown }).Float16Array ??
  SubstituteFloat16Array) as HalfArray;

/** IEEE 754 binary16: 1 sign, 5 exponent (bias 15), 10 mantissa bits. */
export function float16ToFloat32(halves: Uint16Array): Float32Array {
  return Float32Array.from(new Float16Array(halves.buffer, halves.byteOffset, halves.length));
}

/** Rounded to the nearest half, ties to even; beyond ±65,504 (rounded) it is ±Infinity. */
export function float32ToFloat16(values: Float32Array): Uint16Array {
  return new Uint16Array(new Float16Array(values).buffer);
}

/** bfloat16: the upper half of an f32. */
export function bfloat16ToFloat32(halves: Uint16Array): Float32Array {
  return new Float32Array(Uint32Array.from(halves, (half) => half << 16).buffer);
}
