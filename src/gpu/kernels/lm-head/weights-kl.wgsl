// Head, backward, first step, after weights.wgsl: adds dkl p_v (log p_v - log q_v - kl), so that
//   dlogits_v += p_v ref_weights.y log q_v,  log q_v = l_ref_v - ref_weights.x
// Shapes: ref_lse, kl, dkl [R]; weights [R] of vec4f, added to; ref_weights [R] of vec2f.
// One invocation a row.

@group(0) @binding(0) var<storage, read> ref_lse: array<f32>;
@group(0) @binding(1) var<storage, read> kl: array<f32>;
@group(0) @binding(2) var<storage, read> dkl: array<f32>;
@group(0) @binding(3) var<storage, read_write> weights: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> ref_weights: array<vec2f>;
@group(0) @binding(5) var<uniform> params: Params;

override WORKGROUP: u32 = 64;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let row = (group.x + group.y * groups.x) * WORKGROUP + lane;
  if (row >= params.R) {
    return;
  }
  weights[row] += vec4f(0.0, -dkl[row] * kl[row], dkl[row], 0.0);
  ref_weights[row] = vec2f(ref_lse[row], -dkl[row]);
}
