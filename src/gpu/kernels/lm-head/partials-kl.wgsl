// Head, forward, first half, with the divergence from a reference policy of the same vocabulary.
// As partials.wgsl, and with k the policy's logits against the reference's, l - l_ref:
//   partials = (m, s, u, k), k = sum exp(l - m) (l - l_ref)
// Shapes: hidden [B, L, D]; ref_hidden [B, ref_L, D]; weight [V, D], read by stored.ts; partials [R, chunks] of vec4f.
// One invocation: 4 rows, one chunk.

@group(0) @binding(1) var<storage, read> hidden: array<Lanes>;
@group(0) @binding(2) var<storage, read> ref_hidden: array<Lanes>;
@group(0) @binding(3) var<storage, read_write> partials: array<vec4f>;
@group(0) @binding(4) var<uniform> params: Params;

const EMPTY = vec4f(ABSENT, 0.0, 0.0, 0.0);

fn push(state: vec4f, logits: vec4f, ref_logits: vec4f) -> vec4f {
  let m = max(state.x, max(max(logits.x, logits.y), max(logits.z, logits.w)));
  let shift = state.x - m;
  let scale = exp(shift);
  let shifted = logits - m;
  let weights = exp(shifted);
  return vec4f(m, scale * state.y + dot(weights, vec4f(1.0)),
               scale * (state.z + shift * state.y) + dot(weights, shifted),
               scale * state.w + dot(weights, logits - ref_logits));
}

fn store(row: u32, chunk: u32, state: vec4f) {
  if (row < params.R) {
    partials[row * params.chunks + chunk] = state;
  }
}

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = id.x * 4u;
  let chunk = params.base / params.chunk + id.y;
  if (row >= params.R || chunk * params.chunk >= params.base + params.bound) {
    return;
  }
  let h0 = state_base(row);
  let h1 = state_base(row + 1u);
  let h2 = state_base(row + 2u);
  let h3 = state_base(row + 3u);
  let r0 = ref_state_base(row);
  let r1 = ref_state_base(row + 1u);
  let r2 = ref_state_base(row + 2u);
  let r3 = ref_state_base(row + 3u);
  var s0 = EMPTY;
  var s1 = EMPTY;
  var s2 = EMPTY;
  var s3 = EMPTY;
  let end = min((chunk + 1u) * params.chunk, params.V);
  for (var v = chunk * params.chunk; v < end; v += 8u) {
    let w0 = token_base(v);
    let w1 = token_base(v + 1u);
    let w2 = token_base(v + 2u);
    let w3 = token_base(v + 3u);
    let w4 = token_base(v + 4u);
    let w5 = token_base(v + 5u);
    let w6 = token_base(v + 6u);
    let w7 = token_base(v + 7u);
    var a0 = vec4f();
    var a1 = vec4f();
    var a2 = vec4f();
    var a3 = vec4f();
    var b0 = vec4f();
    var b1 = vec4f();
    var b2 = vec4f();
    var b3 = vec4f();
    var ra0 = vec4f();
    var ra1 = vec4f();
    var ra2 = vec4f();
    var ra3 = vec4f();
    var rb0 = vec4f();
    var rb1 = vec4f();
    var rb2 = vec4f();
    var rb3 = vec4f();
    for (var d = 0u; d < params.D; d++) {
      let w = Block(weight(w0 + d), weight(w1 + d), weight(w2 + d), weight(w3 + d));
      let x = Block(weight(w4 + d), weight(w5 + d), weight(w6 + d), weight(w7 + d));
      let g0 = hidden[h0 + d];
      a0 += g0 * w;
      b0 += g0 * x;
      let g1 = hidden[h1 + d];
      a1 += g1 * w;
      b1 += g1 * x;
      let g2 = hidden[h2 + d];
      a2 += g2 * w;
      b2 += g2 * x;
      let g3 = hidden[h3 + d];
      a3 += g3 * w;
      b3 += g3 * x;
      let f0 = ref_hidden[r0 + d];
      ra0 += f0 * w;
      rb0 += f0 * x;
      let f1 = ref_hidden[r1 + d];
      ra1 += f1 * w;
      rb1 += f1 * x;
      let f2 = ref_hidden[r2 + d];
      ra2 += f2 * w;
      rb2 += f2 * x;
      let f3 = ref_hidden[r3 + d];
      ra3 += f3 * w;
      rb3 += f3 * x;
    }
    if (is_limited(v)) {
      a0 = limited(a0, row, v);
      a1 = limited(a1, row + 1u, v);
      a2 = limited(a2, row + 2u, v);
      a3 = limited(a3, row + 3u, v);
      b0 = limited(b0, row, v + 4u);
      b1 = limited(b1, row + 1u, v + 4u);
      b2 = limited(b2, row + 2u, v + 4u);
      b3 = limited(b3, row + 3u, v + 4u);
      ra0 = limited(ra0, row, v);
      ra1 = limited(ra1, row + 1u, v);
      ra2 = limited(ra2, row + 2u, v);
      ra3 = limited(ra3, row + 3u, v);
      rb0 = limited(rb0, row, v + 4u);
      rb1 = limited(rb1, row + 1u, v + 4u);
      rb2 = limited(rb2, row + 2u, v + 4u);
      rb3 = limited(rb3, row + 3u, v + 4u);
    }
    s0 = push(push(s0, a0, ra0), b0, rb0);
    s1 = push(push(s1, a1, ra1), b1, rb1);
    s2 = push(push(s2, a2, ra2), b2, rb2);
    s3 = push(push(s3, a3, ra3), b3, rb3);
  }
  store(row, chunk, s0);
  store(row + 1u, chunk, s1);
  store(row + 2u, chunk, s2);
  store(row + 3u, chunk, s3);
}
