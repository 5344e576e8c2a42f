// Head, forward: online softmax (Milakov & Gimelshein 2018) over a window's logits, going on from the window before.
// LANES invocations share a row, every LANES-th column each; of the logits l that one has seen,
//   partials = (m, s, u, k), m = max l, s = sum exp(l - m), u = sum exp(l - m) (l - m), k = sum exp(l - m) (l - l_ref)
// with l_ref the reference policy's logits, WITH_REFERENCE alone. The target's logit goes to logp.
// Shapes: logits, ref_logits [R, columns] of vec4f; targets, logp [R]; partials [R, LANES] of vec4f.

@group(0) @binding(0) var<storage, read> logits: array<vec4f>;
@group(0) @binding(1) var<storage, read> ref_logits: array<vec4f>;
@group(0) @binding(2) var<storage, read> targets: array<u32>;
@group(0) @binding(3) var<storage, read_write> partials: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> logp: array<f32>;
@group(0) @binding(5) var<uniform> params: Params;

override WORKGROUP: u32 = 64;
override LANES: u32 = 32;
override WITH_REFERENCE: bool = false;

const EMPTY = vec4f(ABSENT, 0.0, 0.0, 0.0);

fn largest(x: vec4f) -> f32 {
  return max(max(x.x, x.y), max(x.z, x.w));
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) index: u32) {
  let at = (group.x + group.y * groups.x) * WORKGROUP + index;
  let row = at / LANES;
  let lane = at % LANES;
  if (row >= params.R) {
    return;
  }
  let banned = banned_token(row);
  let base = row * params.columns;
  var before = EMPTY;
  if (params.first > 0u) {
    before = partials[at];
  }
  var most = vec4f(before.x);
  for (var column = lane; column < params.columns; column += LANES) {
    most = max(most, limited(logits[base + column], params.first + column * 4u, banned));
  }
  let m = largest(most);
  var s = vec4f();
  var u = vec4f();
  var k = vec4f();
  for (var column = lane; column < params.columns; column += LANES) {
    let v = params.first + column * 4u;
    let l = limited(logits[base + column], v, banned);
    let shifted = l - m;
    let weights = exp(shifted);
    s += weights;
    u += weights * shifted;
    if (WITH_REFERENCE) {
      k += weights * (l - limited(ref_logits[base + column], v, banned));
    }
  }
  let shift = before.x - m;
  let scale = exp(shift);
  let one = vec4f(1.0);
  partials[at] = vec4f(m, scale * before.y + dot(s, one), scale * (before.z + shift * before.y) + dot(u, one),
                       scale * before.w + dot(k, one));
  let target_token = targets[row] - params.first; // unsigned, so one before the window is beyond it too
  let column = target_token / 4u;
  if (column < params.columns && column % LANES == lane) {
    logp[row] = limited(logits[base + column], params.first + column * 4u, banned)[target_token % 4u];
  }
}
