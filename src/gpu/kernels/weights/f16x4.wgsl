// A stored matrix of f16, two to a word, the first in the low half, read by fours: index counts vec4s.
// unpack2x16float is core WGSL: no shader-f16 is asked for. See stored.ts.

@group(0) @binding(0) var<storage, read> stored: array<vec2u>;

fn weight(index: u32) -> vec4f {
  let words = stored[index];
  return vec4f(unpack2x16float(words.x), unpack2x16float(words.y));
}
