// Head, backward, second step: the gradient of a window's logits.
//   dlogits_v = p_v (weights.y + weights.z log p_v + ref_weights.y log q_v) + weights.w [v = target];
//   0 where banned or absent
// Shapes: logits, ref_logits, dlogits [R, columns] of vec4f; targets [R]; weights [R] of vec4f (weights.wgsl) and,
// WITH_REFERENCE alone, ref_weights [R] of vec2f (weights-kl.wgsl).
// One invocation: some columns of a row, a stride apart. The reference policy is frozen and has no gradient.

@group(0) @binding(0) var<storage, read> logits: array<vec4f>;
@group(0) @binding(1) var<storage, read> ref_logits: array<vec4f>;
@group(0) @binding(2) var<storage, read> targets: array<u32>;
@group(0) @binding(3) var<storage, read> weights: array<vec4f>;
@group(0) @binding(4) var<storage, read> ref_weights: array<vec2f>;
@group(0) @binding(5) var<storage, read_write> dlogits: array<vec4f>;
@group(0) @binding(6) var<uniform> params: Params;

override SIDE: u32 = 8; // of a workgroup
override WITH_REFERENCE: bool = false;

@compute @workgroup_size(SIDE, SIDE)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = id.y;
  if (row >= params.R) {
    return;
  }
  let banned = banned_token(row);
  let factors = weights[row];
  let ref_factors = ref_weights[row];
  let target_token = vec4u(targets[row]);
  for (var column = id.x; column < params.columns; column += groups.x * SIDE) {
    let at = row * params.columns + column;
    let v = params.first + column * 4u;
    let l = limited(logits[at], v, banned);
    let logp = l - factors.x;
    var slope = factors.y + factors.z * logp;
    if (WITH_REFERENCE) {
      slope += ref_factors.y * (limited(ref_logits[at], v, banned) - ref_factors.x);
    }
    let hit = select(vec4f(), vec4f(factors.w), four_tokens(v) == target_token);
    dlogits[at] = select(exp(logp) * slope + hit, vec4f(), l <= vec4f(BANNED));
  }
}
