// Head, forward, second half: a row's partials to its log-probability, entropy and log-sum-exp.
//   m = max_c m_c, s = sum_c exp(m_c - m) s_c, u = sum_c exp(m_c - m) (u_c + (m_c - m) s_c)
//   lse = m + log s; entropy = log s - u / s; logp = logit of the target - lse
// Where weight is bound in ranges of rows, once for each: logp is written by the range of its target.
// Shapes: partials [R, chunks] of vec4f; hidden [B, L, D]; weight [V, D], read by stored.ts; targets, logp, entropy, lse [R].
// One invocation a row.

@group(0) @binding(1) var<storage, read> partials: array<vec4f>;
@group(0) @binding(2) var<storage, read> hidden: array<Lanes>;
@group(0) @binding(3) var<storage, read> targets: array<u32>;
@group(0) @binding(4) var<storage, read_write> logp: array<f32>;
@group(0) @binding(5) var<storage, read_write> entropy: array<f32>;
@group(0) @binding(6) var<storage, read_write> lse: array<f32>;
@group(0) @binding(7) var<uniform> params: Params;

override WORKGROUP: u32 = 64;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let row = (group.x + group.y * groups.x) * WORKGROUP + lane;
  if (row >= params.R) {
    return;
  }
  var m = ABSENT;
  for (var chunk = 0u; chunk < params.chunks; chunk++) {
    m = max(m, partials[row * params.chunks + chunk].x);
  }
  var s = 0.0;
  var u = 0.0;
  for (var chunk = 0u; chunk < params.chunks; chunk++) {
    let part = partials[row * params.chunks + chunk];
    let shift = part.x - m;
    let scale = exp(shift);
    s += scale * part.y;
    u += scale * (part.z + shift * part.y);
  }
  lse[row] = m + log(s);
  entropy[row] = log(s) - u / s;
  let target_token = targets[row];
  if (target_token - params.base >= params.bound) {
    return; // in another range of weight's rows: unsigned, so below base is beyond too
  }
  let h = state_base(row);
  let w = token_base(target_token);
  var logit = 0.0;
  for (var d = 0u; d < params.D; d++) {
    logit += inner(hidden[h + d], weight(w + d));
  }
  logit = limited(vec4f(logit), row, target_token).x;
  logp[row] = logit - (m + log(s));
}
