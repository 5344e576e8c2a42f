// The value of the state before each response token: a linear read-out of the LM's last hidden state,
//   out[r, t] = hidden[r, offset + t, :] . w + bias
// Shapes: hidden [R, L, D]; w [D]; bias [1]; lengths [B]; rows [R]: the episode of each row; out [R, T].
// offset is the position before the first response token (prefix + query - 1); offset + T <= L.
// One workgroup a token. Beyond the length the output is 0.

struct Params {
  R: u32,
  T: u32,
  L: u32,
  D: u32,
  offset: u32,
}

override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> hidden: array<f32>;
@group(0) @binding(1) var<storage, read> w: array<f32>;
@group(0) @binding(2) var<storage, read> bias: array<f32>;
@group(0) @binding(3) var<storage, read> lengths: array<u32>;
@group(0) @binding(4) var<storage, read> rows: array<u32>;
@group(0) @binding(5) var<storage, read_write> out: array<f32>;
@group(0) @binding(6) var<uniform> params: Params;

alias Summed = f32;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let token = group.x + group.y * groups.x;
  if (token >= params.R * params.T) {
    return;
  }
  let r = token / params.T;
  let t = token % params.T;
  if (t >= lengths[rows[r]]) {
    if (lane == 0u) {
      out[token] = 0.0;
    }
    return;
  }
  let base = (r * params.L + params.offset + t) * params.D;
  var dot = 0.0;
  for (var d = lane; d < params.D; d += WORKGROUP) {
    dot += hidden[base + d] * w[d];
  }
  let total = workgroup_sum(lane, dot);
  if (lane == 0u) {
    out[token] = total + bias[0];
  }
}
