// Head, backward, first step: what a row's gradient of the logits needs, so that
//   dlogits_v = p_v (weights.y + weights.z log p_v) + weights.w [v = target],  log p_v = l_v - weights.x
// is dlogp ([v = target] - p_v) - dentropy p_v (log p_v + entropy).
// Shapes: lse, entropy, dlogp, dentropy [R]; weights [R] of vec4f. One invocation a row.

@group(0) @binding(0) var<storage, read> lse: array<f32>;
@group(0) @binding(1) var<storage, read> entropy: array<f32>;
@group(0) @binding(2) var<storage, read> dlogp: array<f32>;
@group(0) @binding(3) var<storage, read> dentropy: array<f32>;
@group(0) @binding(4) var<storage, read_write> weights: array<vec4f>;
@group(0) @binding(5) var<uniform> params: Params;

override WORKGROUP: u32 = 64;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let row = (group.x + group.y * groups.x) * WORKGROUP + lane;
  if (row >= params.R) {
    return;
  }
  weights[row] = vec4f(lse[row], -dlogp[row] - dentropy[row] * entropy[row], -dentropy[row], dlogp[row]);
}
