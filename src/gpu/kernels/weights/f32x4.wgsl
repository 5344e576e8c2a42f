// A stored matrix of f32, read by fours: index counts vec4s. See stored.ts.

@group(0) @binding(0) var<storage, read> stored: array<vec4f>;

fn weight(index: u32) -> vec4f {
  return stored[index];
}
