// Gradients of the value head's own weights:
//   dw[d] = sum over r, t of dvalues[r, t] hidden[r, offset + t, d],   dbias = sum over r, t of dvalues[r, t]
// The gradient stops at the hidden state: the LM is shared with the policy, and the value loss must not
// push the policy's prefix through it.
// Shapes: hidden [R, L, D]; dvalues [R, T], 0 beyond the lengths; dw [D]; dbias [1].
// One invocation a column of hidden, and one more for the bias.

struct Params {
  R: u32,
  T: u32,
  L: u32,
  D: u32,
  offset: u32,
}

override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> hidden: array<f32>;
@group(0) @binding(1) var<storage, read> dvalues: array<f32>;
@group(0) @binding(2) var<storage, read_write> dw: array<f32>;
@group(0) @binding(3) var<storage, read_write> dbias: array<f32>;
@group(0) @binding(4) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let d = gid.x + gid.y * groups.x * WORKGROUP;
  if (d > params.D) {
    return;
  }
  let is_bias = d == params.D;
  var gradient = 0.0;
  for (var r = 0u; r < params.R; r++) {
    for (var t = 0u; t < params.T; t++) {
      var x = 1.0;
      if (!is_bias) {
        x = hidden[(r * params.L + params.offset + t) * params.D + d];
      }
      gradient += dvalues[r * params.T + t] * x;
    }
  }
  if (is_bias) {
    dbias[0] = gradient;
  } else {
    dw[d] = gradient;
  }
}
