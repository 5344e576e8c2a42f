// Head, backward, second step, with the divergence from the reference policy.
//   dlogits_v = p_v (weights.y + weights.z log p_v + ref_weights.y log q_v) + weights.w [v = target];
//   0 where banned or absent
// Shapes: hidden [B, L, D]; ref_hidden [B, ref_L, D]; weight [V, D], read by stored.ts; targets [R]; weights [R] of vec4f and
// ref_weights [R] of vec2f (weights-kl.wgsl); dlogits [R, columns] of vec4f, the tokens from `first` on.
// One invocation: 4 rows, 8 tokens. The reference policy is frozen and has no gradient.

@group(0) @binding(1) var<storage, read> hidden: array<Lanes>;
@group(0) @binding(2) var<storage, read> ref_hidden: array<Lanes>;
@group(0) @binding(3) var<storage, read> targets: array<u32>;
@group(0) @binding(4) var<storage, read> weights: array<vec4f>;
@group(0) @binding(5) var<storage, read> ref_weights: array<vec2f>;
@group(0) @binding(6) var<storage, read_write> dlogits: array<vec4f>;
@group(0) @binding(7) var<uniform> params: Params;

fn store(row: u32, column: u32, raw: vec4f, ref_raw: vec4f) {
  if (row >= params.R) {
    return;
  }
  let v = params.first + column * 4u;
  let logits = limited(raw, row, v);
  let factors = weights[row];
  let ref_weight = ref_weights[row];
  let logp = logits - factors.x;
  let logq = limited(ref_raw, row, v) - ref_weight.x;
  let soft = exp(logp) * (factors.y + factors.z * logp + ref_weight.y * logq);
  let hit = select(vec4f(), vec4f(factors.w), four_tokens(v) == vec4u(targets[row]));
  dlogits[row * params.columns + column] = select(soft + hit, vec4f(), logits <= vec4f(BANNED));
}

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let column = id.x * 2u;
  let row = id.y * 4u;
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
  let r0 = ref_state_base(row);
  let r1 = ref_state_base(row + 1u);
  let r2 = ref_state_base(row + 2u);
  let r3 = ref_state_base(row + 3u);
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
  // A loop, so that the epilogue is compiled once and not for every tile.
  var raw = array(a0, b0, a1, b1, a2, b2, a3, b3);
  var ref_raw = array(ra0, rb0, ra1, rb1, ra2, rb2, ra3, rb3);
  for (var i = 0u; i < 8u; i++) {
    store(row + i / 2u, column + i % 2u, raw[i], ref_raw[i]);
  }
}
