// Gradient of the hidden states that a value head read, where the value has a prefix of its own:
//   dhidden[r, offset + t, d] = dvalues[r, t] w[d]
// Shapes: dvalues [R, T], 0 beyond the lengths; w [D]; dhidden [R, L, D], of whose other rows nothing is written.
// One invocation an element.

struct Params {
  R: u32,
  T: u32,
  L: u32,
  D: u32,
  offset: u32,
}

override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> dvalues: array<f32>;
@group(0) @binding(1) var<storage, read> w: array<f32>;
@group(0) @binding(2) var<storage, read_write> dhidden: array<f32>;
@group(0) @binding(3) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let index = gid.x + gid.y * groups.x * WORKGROUP;
  if (index >= params.R * params.T * params.D) {
    return;
  }
  let d = index % params.D;
  let token = index / params.D; // (r, t)
  let row = token / params.T * params.L + params.offset + token % params.T;
  dhidden[row * params.D + d] = dvalues[token] * w[d];
}
