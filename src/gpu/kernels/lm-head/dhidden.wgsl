// Head, backward, third step: dhidden[b, offset + t, :] += dlogits . weight, of one chunk of the vocabulary.
// Shapes: dlogits [R, columns] of vec4f, the tokens from `first` on; weight [V, D], read by stored.ts; dhidden [B, L, D].
// One invocation: 8 rows, two Lanes of the width.

@group(0) @binding(1) var<storage, read> dlogits: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> dhidden: array<Lanes>;
@group(0) @binding(3) var<uniform> params: Params;

fn dlogits_base(row: u32) -> u32 {
  return min(row, params.R - 1u) * params.columns;
}

fn mix(g: vec4f, w0: Lanes, w1: Lanes, w2: Lanes, w3: Lanes) -> Lanes {
  return g.x * w0 + g.y * w1 + g.z * w2 + g.w * w3;
}

fn add(row: u32, d: u32, gradient: Lanes, next: Lanes) {
  if (row >= params.R) {
    return;
  }
  let at = state_base(row) + d;
  dhidden[at] += gradient;
  if (d + 1u < params.D) {
    dhidden[at + 1u] += next;
  }
}

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let d = id.x * 2u;
  let row = id.y * 8u;
  if (row >= params.R || d >= params.D) {
    return;
  }
  let next = min(d + 1u, params.D - 1u);
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
  var b0 = Lanes();
  var b1 = Lanes();
  var b2 = Lanes();
  var b3 = Lanes();
  var b4 = Lanes();
  var b5 = Lanes();
  var b6 = Lanes();
  var b7 = Lanes();
  for (var column = 0u; column < params.columns; column++) {
    let v = params.first + column * 4u;
    let t0 = token_base(v);
    let t1 = token_base(v + 1u);
    let t2 = token_base(v + 2u);
    let t3 = token_base(v + 3u);
    let w0 = weight(t0 + d);
    let w1 = weight(t1 + d);
    let w2 = weight(t2 + d);
    let w3 = weight(t3 + d);
    let x0 = weight(t0 + next);
    let x1 = weight(t1 + next);
    let x2 = weight(t2 + next);
    let x3 = weight(t3 + next);
    let c0 = dlogits[g0 + column];
    a0 += mix(c0, w0, w1, w2, w3);
    b0 += mix(c0, x0, x1, x2, x3);
    let c1 = dlogits[g1 + column];
    a1 += mix(c1, w0, w1, w2, w3);
    b1 += mix(c1, x0, x1, x2, x3);
    let c2 = dlogits[g2 + column];
    a2 += mix(c2, w0, w1, w2, w3);
    b2 += mix(c2, x0, x1, x2, x3);
    let c3 = dlogits[g3 + column];
    a3 += mix(c3, w0, w1, w2, w3);
    b3 += mix(c3, x0, x1, x2, x3);
    let c4 = dlogits[g4 + column];
    a4 += mix(c4, w0, w1, w2, w3);
    b4 += mix(c4, x0, x1, x2, x3);
    let c5 = dlogits[g5 + column];
    a5 += mix(c5, w0, w1, w2, w3);
    b5 += mix(c5, x0, x1, x2, x3);
    let c6 = dlogits[g6 + column];
    a6 += mix(c6, w0, w1, w2, w3);
    b6 += mix(c6, x0, x1, x2, x3);
    let c7 = dlogits[g7 + column];
    a7 += mix(c7, w0, w1, w2, w3);
    b7 += mix(c7, x0, x1, x2, x3);
  }
  add(row, d, a0, b0);
  add(row + 1u, d, a1, b1);
  add(row + 2u, d, a2, b2);
  add(row + 3u, d, a3, b3);
  add(row + 4u, d, a4, b4);
  add(row + 5u, d, a5, b5);
  add(row + 6u, d, a6, b6);
  add(row + 7u, d, a7, b7);
}
