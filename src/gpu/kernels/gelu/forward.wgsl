// GELU in GPT-2's tanh form (gelu_new; Hendrycks & Gimpel 2016):
//   out = x / 2 (1 + tanh(u)),  u = sqrt(2 / pi) (x + 0.044715 x^3)
// Shapes: x, out [n]. One invocation an element.

struct Params {
  n: u32,
}

override WORKGROUP: u32 = 64;
const SQRT_2_OVER_PI: f32 = 0.7978845608028654;

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> out: array<f32>;
@group(0) @binding(2) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let index = id.x + id.y * groups.x * WORKGROUP;
  if (index >= params.n) {
    return;
  }
  let v = x[index];
  let u = SQRT_2_OVER_PI * (v + 0.044715 * v * v * v);
  // Some drivers' tanh overflows to NaN; past 10 it is 1 in f32 anyway.
  out[index] = 0.5 * v * (1.0 + tanh(clamp(u, -10.0, 10.0)));
}
