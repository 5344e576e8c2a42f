// Gradient of gelu_new, from its input:
//   dinp = dout (1/2 (1 + t) + x / 2 (1 - t^2) sqrt(2 / pi) (1 + 3 · 0.044715 x^2)),  t = tanh(u)
// Shapes: dout, x, dinp [n]. One invocation an element.

struct Params {
  n: u32,
}

override WORKGROUP: u32 = 64;
const SQRT_2_OVER_PI: f32 = 0.7978845608028654;

@group(0) @binding(0) var<storage, read> dout: array<f32>;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> dinp: array<f32>;
@group(0) @binding(3) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let index = id.x + id.y * groups.x * WORKGROUP;
  if (index >= params.n) {
    return;
  }
  let v = x[index];
  let u = SQRT_2_OVER_PI * (v + 0.044715 * v * v * v);
  let t = tanh(clamp(u, -10.0, 10.0)); // some drivers' tanh overflows to NaN
  let slope = SQRT_2_OVER_PI * (1.0 + 3.0 * 0.044715 * v * v);
  dinp[index] = dout[index] * (0.5 * (1.0 + t) + 0.5 * v * (1.0 - t * t) * slope);
}
