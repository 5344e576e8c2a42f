// Head, forward, first half: online softmax of a chunk of the vocabulary (Milakov & Gimelshein 2018).
// For each row and chunk, with l the chunk's logits:
//   partials = (m, s, u, 0), m = max l, s = sum exp(l - m), u = sum exp(l - m) (l - m)
// Shapes: hidden [B, L, D]; weight [V, D], read by stored.ts; partials [R, chunks] of vec4f.
// One invocation: 8 rows, one chunk.

@group(0) @binding(1) var<storage, read> hidden: array<Lanes>;
@group(0) @binding(2) var<storage, read_write> partials: array<vec4f>;
@group(0) @binding(3) var<uniform> params: Params;

const EMPTY = vec3f(ABSENT, 0.0, 0.0);

fn push(state: vec3f, logits: vec4f) -> vec3f {
  let m = max(state.x, max(max(logits.x, logits.y), max(logits.z, logits.w)));
  let shift = state.x - m;
  let scale = exp(shift);
  let shifted = logits - m;
  let weights = exp(shifted);
  return vec3f(m, scale * state.y + dot(weights, vec4f(1.0)),
               scale * (state.z + shift * state.y) + dot(weights, shifted));
}

fn store(row: u32, chunk: u32, state: vec3f) {
  if (row < params.R) {
    partials[row * params.chunks + chunk] = vec4f(state, 0.0);
  }
}

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = id.x * 8u;
  let chunk = params.base / params.chunk + id.y;
  if (row >= params.R || chunk * params.chunk >= params.base + params.bound) {
    return;
  }
  let h0 = state_base(row);
  let h1 = state_base(row + 1u);
  let h2 = state_base(row + 2u);
  let h3 = state_base(row + 3u);
  let h4 = state_base(row + 4u);
  let h5 = state_base(row + 5u);
  let h6 = state_base(row + 6u);
  let h7 = state_base(row + 7u);
  var s0 = EMPTY;
  var s1 = EMPTY;
  var s2 = EMPTY;
  var s3 = EMPTY;
  var s4 = EMPTY;
  var s5 = EMPTY;
  var s6 = EMPTY;
  var s7 = EMPTY;
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
    var a4 = vec4f();
    var a5 = vec4f();
    var a6 = vec4f();
    var a7 = vec4f();
    var b0 = vec4f();
    var b1 = vec4f();
    var b2 = vec4f();
    var b3 = vec4f();
    var b4 = vec4f();
    var b5 = vec4f();
    var b6 = vec4f();
    var b7 = vec4f();
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
      let g4 = hidden[h4 + d];
      a4 += g4 * w;
      b4 += g4 * x;
      let g5 = hidden[h5 + d];
      a5 += g5 * w;
      b5 += g5 * x;
      let g6 = hidden[h6 + d];
      a6 += g6 * w;
      b6 += g6 * x;
      let g7 = hidden[h7 + d];
      a7 += g7 * w;
      b7 += g7 * x;
    }
    if (is_limited(v)) {
      a0 = limited(a0, row, v);
      a1 = limited(a1, row + 1u, v);
      a2 = limited(a2, row + 2u, v);
      a3 = limited(a3, row + 3u, v);
      a4 = limited(a4, row + 4u, v);
      a5 = limited(a5, row + 5u, v);
      a6 = limited(a6, row + 6u, v);
      a7 = limited(a7, row + 7u, v);
      b0 = limited(b0, row, v + 4u);
      b1 = limited(b1, row + 1u, v + 4u);
      b2 = limited(b2, row + 2u, v + 4u);
      b3 = limited(b3, row + 3u, v + 4u);
      b4 = limited(b4, row + 4u, v + 4u);
      b5 = limited(b5, row + 5u, v + 4u);
      b6 = limited(b6, row + 6u, v + 4u);
      b7 = limited(b7, row + 7u, v + 4u);
    }
    s0 = push(push(s0, a0), b0);
    s1 = push(push(s1, a1), b1);
    s2 = push(push(s2, a2), b2);
    s3 = push(push(s3, a3), b3);
    s4 = push(push(s4, a4), b4);
    s5 = push(push(s5, a5), b5);
    s6 = push(push(s6, a6), b6);
    s7 = push(push(s7, a7), b7);
  }
  store(row, chunk, s0);
  store(row + 1u, chunk, s1);
  store(row + 2u, chunk, s2);
  store(row + 3u, chunk, s3);
  store(row + 4u, chunk, s4);
  store(row + 5u, chunk, s5);
  store(row + 6u, chunk, s6);
  store(row + 7u, chunk, s7);
}
