// Head, backward, third step: dhidden[b, offset + t, :] += dlogits . wte, of one chunk of the vocabulary.
// Shapes: dlogits [R, columns] of vec4f, the tokens from `first` on; wte [V, D]; dhidden [B, L, D].
// One invocation: 8 rows, one Lanes of the width.

@group(0) @binding(0) var<storage, read> dlogits: array<vec4f>;
@group(0) @binding(1) var<storage, read> wte: array<Lanes>;
@group(0) @binding(2) var<storage, read_write> dhidden: array<Lanes>;
@group(0) @binding(3) var<uniform> params: Params;

fn dlogits_base(row: u32) -> u32 {
  return min(row, params.R - 1u) * params.columns;
}

fn mix(g: vec4f, w0: Lanes, w1: Lanes, w2: Lanes, w3: Lanes) -> Lanes {
  return g.x * w0 + g.y * w1 + g.z * w2 + g.w * w3;
}

fn add(row: u32, d: u32, gradient: Lanes) {
  if (row < params.R) {
    dhidden[state_base(row) + d] += gradient;
  }
}

@compute @workgroup_size(16, 4)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let d = id.x;
  let row = id.y * 8u;
  if (row >= params.R || d >= params.D) {
    return;
  }
  let g0 = dlogits_base(row);
  let g1 = dlogits_base(row + 1u);
  let g2 = dlogits_base(row + 2u);
  let g3 = dlogits_base(row + 3u);
  let g4 = dlogits_base(row + 4u);
  let g5 = dlogits_base(row + 5u);
  let g6 = dlogits_base(row + 6u);
  let g7 = dlogits_base(row + 7u);
  var a0 = Lanes();
  var a1 = Lanes();
  var a2 = Lanes();
  var a3 = Lanes();
  var a4 = Lanes();
  var a5 = Lanes();
  var a6 = Lanes();
  var a7 = Lanes();
  for (var column = 0u; column < params.columns; column++) {
    let v = params.first + column * 4u;
    let w0 = wte[token_base(v) + d];
    let w1 = wte[token_base(v + 1u) + d];
    let w2 = wte[token_base(v + 2u) + d];
    let w3 = wte[token_base(v + 3u) + d];
    a0 += mix(dlogits[g0 + column], w0, w1, w2, w3);
    a1 += mix(dlogits[g1 + column], w0, w1, w2, w3);
    a2 += mix(dlogits[g2 + column], w0, w1, w2, w3);
    a3 += mix(dlogits[g3 + column], w0, w1, w2, w3);
    a4 += mix(dlogits[g4 + column], w0, w1, w2, w3);
    a5 += mix(dlogits[g5 + column], w0, w1, w2, w3);
    a6 += mix(dlogits[g6 + column], w0, w1, w2, w3);
    a7 += mix(dlogits[g7 + column], w0, w1, w2, w3);
  }
  add(row, d, a0);
  add(row + 1u, d, a1);
  add(row + 2u, d, a2);
  add(row + 3u, d, a3);
  add(row + 4u, d, a4);
  add(row + 5u, d, a5);
  add(row + 6u, d, a6);
  add(row + 7u, d, a7);
}
