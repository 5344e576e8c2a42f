/**
 * A checkpoint of any size without a file: every element is a hash of its tensor's number and its place,
 * as models/reference/true_size.py computes it. murmur3's finalizer, which is in the public domain.
 */
import { parameterShapes } from '../parameters';
import type { Gpt2Config } from '../weights';

const CHUNK = 1 << 18;

/** Uniform numbers of mean 0 and variance 1: elements `first` and on of a tensor. */
export function hashed(tensor: number, first: number, out: Float64Array): Float64Array {
  const start = Math.imul(tensor, 0x9e3779b9);
  for (let i = 0; i < out.length; i++) {
    let x = (Math.imul(first + i, 2654435761) + start) | 0;
    x ^= x >>> 16;
    x = Math.imul(x, 0x85ebca6b);
    x ^= x >>> 13;
    x = Math.imul(x, 0xc2b2ae35);
    x ^= x >>> 16;
    out[i] = ((x >>> 0) * 2 ** -32 - 0.5) * Math.sqrt(12);
  }
  return out;
}

/** A safetensors file of f32, as far as a reader of streams can tell. */
export function hashedCheckpoint(config: Gpt2Config): Pick<Blob, 'size' | 'stream'> {
  const shapes = [...parameterShapes(config)];
  const sizes = shapes.map(([, shape]) => shape.reduce((product, extent) => product * extent, 1));
  let end = 0;
  const header = new TextEncoder().encode(
    JSON.stringify(
      Object.fromEntries(
        shapes.map(([name, shape], i) => {
          const from = end;
          end += 4 * sizes[i]!;
          return [name, { dtype: 'F32', shape, data_offsets: [from, end] }];
        }),
      ),
    ),
  );
  function* chunks(): Generator<Uint8Array<ArrayBuffer>> {
    const length = new Uint8Array(8);
    new DataView(length.buffer).setBigUint64(0, BigInt(header.length), true);
    yield length;
    yield header;
    for (const [number, [name]] of shapes.entries()) {
      const isNormScale = name.includes('ln_') && name.endsWith('.weight');
      for (let first = 0; first < sizes[number]!; first += CHUNK) {
        const values = hashed(
          number,
          first,
          new Float64Array(Math.min(CHUNK, sizes[number]! - first)),
        );
        const f32 = Float32Array.from(values, (value) =>
          isNormScale ? 1 + 0.1 * value : 0.02 * value,
        );
        yield new Uint8Array(f32.buffer);
      }
    }
  }
  return {
    size: 8 + header.length + end,
    stream() {
      const source = chunks();
      return new ReadableStream({
        pull(controller) {
          const { done, value } = source.next();
          if (done) controller.close();
          else controller.enqueue(value);
        },
      });
    },
  };
}
