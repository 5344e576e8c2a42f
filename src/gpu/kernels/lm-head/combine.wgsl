// Head, forward, last: a row's partials to its log-probability, entropy, log-sum-exp and, WITH_REFERENCE, divergence.
//   m = max_c m_c, s = sum_c exp(m_c - m) s_c, u = sum_c exp(m_c - m) (u_c + (m_c - m) s_c), k = sum_c exp(m_c - m) k_c
//   lse = m + log s; entropy = log s - u / s; logp = logit of the target - lse
//   kl = sum_v p (log p - log q) = k / s - lse + ref_lse
// Shapes: partials [R, LANES] of vec4f; logp, which holds the target's logit, entropy, lse, kl, ref_lse [R].
// One invocation a row.

@group(0) @binding(0) var<storage, read> partials: array<vec4f>;
@group(0) @binding(1) var<storage, read> ref_lse: array<f32>;
@group(0) @binding(2) var<storage, read_write> logp: array<f32>;
@group(0) @binding(3) var<storage, read_write> entropy: array<f32>;
@group(0) @binding(4) var<storage, read_write> lse: array<f32>;
@group(0) @binding(5) var<storage, read_write> kl: array<f32>;
@group(0) @binding(6) var<uniform> params: Params;

override WORKGROUP: u32 = 64;
override LANES: u32 = 32;
override WITH_REFERENCE: bool = false;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) index: u32) {
  let row = (group.x + group.y * groups.x) * WORKGROUP + index;
  if (row >= params.R) {
    return;
  }
  let base = row * LANES;
  var m = ABSENT;
  for (var lane = 0u; lane < LANES; lane++) {
    m = max(m, partials[base + lane].x);
  }
  var s = 0.0;
  var u = 0.0;
  var k = 0.0;
  for (var lane = 0u; lane < LANES; lane++) {
    let part = partials[base + lane];
    let shift = part.x - m;
    let scale = exp(shift);
    s += scale * part.y;
    u += scale * (part.z + shift * part.y);
    k += scale * part.w;
  }
  let total = m + log(s);
  lse[row] = total;
  entropy[row] = log(s) - u / s;
  logp[row] -= total;
  if (WITH_REFERENCE) {
    kl[row] = k / s - total + ref_lse[row];
  }
}
