// Head, forward, second half: the divergence of the policy from the reference policy, after combine.wgsl.
//   kl = sum_v p (log p - log q) = sum_c exp(m_c - lse) k_c - lse + ref_lse
// Shapes: partials [R, chunks] of vec4f; lse, ref_lse, kl [R]. One invocation a row.

@group(0) @binding(0) var<storage, read> partials: array<vec4f>;
@group(0) @binding(1) var<storage, read> lse: array<f32>;
@group(0) @binding(2) var<storage, read> ref_lse: array<f32>;
@group(0) @binding(3) var<storage, read_write> kl: array<f32>;
@group(0) @binding(4) var<uniform> params: Params;

override WORKGROUP: u32 = 64;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let row = (group.x + group.y * groups.x) * WORKGROUP + lane;
  if (row >= params.R) {
    return;
  }
  var difference = 0.0;
  for (var chunk = 0u; chunk < params.chunks; chunk++) {
    let part = partials[row * params.chunks + chunk];
    difference += exp(part.x - lse[row]) * part.w;
  }
  kl[row] = difference - lse[row] + ref_lse[row];
}
