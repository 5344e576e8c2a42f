// Head, backward, second step: the gradient of the logits of one chunk of the vocabulary, recomputed.
//   dlogits_v = p_v (weights.y + weights.z log p_v) + weights.w [v = target]; 0 where banned or absent
// Shapes: hidden [B, L, D]; weight [V, D], read by stored.ts; targets [R]; weights [R] of vec4f (weights.wgsl);
// dlogits [R, columns] of vec4f, the tokens from `first` on. One invocation: 8 rows, 8 tokens.

@group(0) @binding(1) var<storage, read> hidden: array<Lanes>;
@group(0) @binding(2) var<storage, read> targets: array<u32>;
@group(0) @binding(3) var<storage, read> weights: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> dlogits: array<vec4f>;
@group(0) @binding(5) var<uniform> params: Params;

fn store(row: u32, column: u32, raw: vec4f) {
  if (row >= params.R) {
    return;
  }
  let v = params.first + column * 4u;
  let logits = limited(raw, row, v);
  let factors = weights[row];
  let logp = logits - factors.x;
  let soft = exp(logp) * (factors.y + factors.z * logp);
  let hit = select(vec4f(), vec4f(factors.w), four_tokens(v) == vec4u(targets[row]));
  dlogits[row * params.columns + column] = select(soft + hit, vec4f(), logits <= vec4f(BANNED));
}

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let column = id.x * 2u;
  let row = id.y * 8u;
  if (row >= params.R || column >= params.columns) {
    return;
  }
  let v = params.first + column * 4u;
  let w0 = token_base(v);
  let w1 = token_base(v + 1u);
  let w2 = token_base(v + 2u);
  let w3 = token_base(v + 3u);
  let w4 = token_base(v + 4u);
  let w5 = token_base(v + 5u);
  let w6 = token_base(v + 6u);
  let w7 = token_base(v + 7u);
  let h0 = state_base(row);
  let h1 = state_base(row + 1u);
  let h2 = state_base(row + 2u);
  let h3 = state_base(row + 3u);
  let h4 = state_base(row + 4u);
  let h5 = state_base(row + 5u);
  let h6 = state_base(row + 6u);
  let h7 = state_base(row + 7u);
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
  // A loop, so that the epilogue is compiled once and not for every tile.
  var raw = array(a0, b0, a1, b1, a2, b2, a3, b3,
                  a4, b4, a5, b5, a6, b6, a7, b7);
  for (var i = 0u; i < 16u; i++) {
    store(row + i / 2u, column + i % 2u, raw[i]);
  }
}
