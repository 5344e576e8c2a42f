// A stored matrix of f32, read one element at a time. See stored.ts.

@group(0) @binding(0) var<storage, read> stored: array<f32>;

fn weight(index: u32) -> f32 {
  return stored[index];
}
