// Four rows, one Lanes, of the product doutᵀ · x: a matrix's gradient where it is needed, see gradient.ts.
// Put before a kernel that declares dout [R, rows], x [R, columns] and params with these sizes. Rows past
// the end repeat the last.

fn product(row: u32, column: u32) -> array<Lanes, 4> {
  let last = params.rows - 1u;
  var g0 = Lanes();
  var g1 = Lanes();
  var g2 = Lanes();
  var g3 = Lanes();
  for (var r = 0u; r < params.R; r++) {
    let values = x[r * params.columns + column];
    let base = r * params.rows;
    g0 += dout[base + min(row, last)] * values;
    g1 += dout[base + min(row + 1u, last)] * values;
    g2 += dout[base + min(row + 2u, last)] * values;
    g3 += dout[base + min(row + 3u, last)] * values;
  }
  return array<Lanes, 4>(g0, g1, g2, g3);
}
