// Head, forward, first half, with the divergence from a reference policy of the same vocabulary.
// As partials.wgsl, and with k the policy's logits against the reference's, l - l_ref:
//   partials = (m, s, u, k), k = sum exp(l - m) (l - l_ref)
// Shapes: hidden [B, L, D]; ref_hidden [B, ref_L, D]; wte [V, D]; partials [R, chunks] of vec4f.
// One invocation: 4 rows, one chunk.

@group(0) @binding(0) var<storage, read> hidden: array<Lanes>;
@group(0) @binding(1) var<storage, read> ref_hidden: array<Lanes>;
@group(0) @binding(2) var<storage, read> wte: array<Lanes>;
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
  let chunk = id.y;
  if (row >= params.R || chunk >= params.chunks) {
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
  for (var v = chunk * params.chunk; v < end; v += 4u) {
    let w0 = token_base(v);
    let w1 = token_base(v + 1u);
    let w2 = token_base(v + 2u);
    let w3 = token_base(v + 3u);
    var a0 = vec4f();
    var a1 = vec4f();
    var a2 = vec4f();
    var a3 = vec4f();
    var b0 = vec4f();
    var b1 = vec4f();
    var b2 = vec4f();
    var b3 = vec4f();
    for (var d = 0u; d < params.D; d++) {
      let w = Block(wte[w0 + d], wte[w1 + d], wte[w2 + d], wte[w3 + d]);
      a0 += hidden[h0 + d] * w;
      a1 += hidden[h1 + d] * w;
      a2 += hidden[h2 + d] * w;
      a3 += hidden[h3 + d] * w;
      b0 += ref_hidden[r0 + d] * w;
      b1 += ref_hidden[r1 + d] * w;
      b2 += ref_hidden[r2 + d] * w;
      b3 += ref_hidden[r3 + d] * w;
    }
    if (is_limited(v)) {
      a0 = limited(a0, row, v);
      a1 = limited(a1, row + 1u, v);
      a2 = limited(a2, row + 2u, v);
      a3 = limited(a3, row + 3u, v);
      b0 = limited(b0, row, v);
      b1 = limited(b1, row + 1u, v);
      b2 = limited(b2, row + 2u, v);
      b3 = limited(b3, row + 3u, v);
    }
    s0 = push(s0, a0, b0);
    s1 = push(s1, a1, b1);
    s2 = push(s2, a2, b2);
    s3 = push(s3, a3, b3);
  }
  store(row, chunk, s0);
  store(row + 1u, chunk, s1);
  store(row + 2u, chunk, s2);
  store(row + 3u, chunk, s3);
}
