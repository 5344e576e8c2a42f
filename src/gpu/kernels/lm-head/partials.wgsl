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

fn push(state: vec4f, l: vec4f, difference: vec4f) -> vec4f {
  let m = max(state.x, max(max(l.x, l.y), max(l.z, l.w)));
  let shift = state.x - m;
  let scale = exp(shift);
  let shifted = l - m;
  let weights = exp(shifted);
  return vec4f(m, scale * state.y + dot(weights, vec4f(1.0)),
               scale * (state.z + shift * state.y) + dot(weights, shifted),
               scale * state.w + dot(weights, difference));
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
  var state = EMPTY;
  if (params.first > 0u) {
    state = partials[at];
  }
  for (var column = lane; column < params.columns; column += LANES) {
    let v = params.first + column * 4u;
    let l = limited(logits[base + column], v, banned);
    var difference = vec4f();
    if (WITH_REFERENCE) {
      difference = l - limited(ref_logits[base + column], v, banned);
    }
    state = push(state, l, difference);
  }
  partials[at] = state;
  let target_token = targets[row] - params.first; // unsigned, so one before the window is beyond it too
  let column = target_token / 4u;
  if (column < params.columns && column % LANES == lane) {
    logp[row] = limited(logits[base + column], params.first + column * 4u, banned)[target_token % 4u];
  }
}
