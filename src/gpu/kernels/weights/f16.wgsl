// A stored matrix of f16, two to a word, the first in the low half, read one element at a time.
// unpack2x16float is core WGSL: no shader-f16 is asked for. See stored.ts.

@group(0) @binding(0) var<storage, read> stored: array<u32>;

fn weight(index: u32) -> f32 {
  let pair = unpack2x16float(stored[index / 2u]);
  return select(pair.x, pair.y, index % 2u == 1u);
}
