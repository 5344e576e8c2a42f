// Four rows, one Lanes, of the product doutᵀ · x: a matrix's gradient where it is needed, see gradient.ts.
// Put before a kernel that declares dout [R, rows], x [R, columns] and params with these sizes. Rows past
// the end repeat the last.

fn product(row: u32, column: u32) -> array<Lanes, 4> {
  let last = params.rows - 1u;
  var rows = min(vec4u(row) + vec4u(0u, 1u, 2u, 3u), vec4u(last)); // of dout, each r's in turn
  var at = column; // of x
  var g0 = Lanes();
  var g1 = Lanes();
  var g2 = Lanes();
  var g3 = Lanes();
  for (var r = 0u; r < params.R; r++) {
    let values = x[at];
    g0 += dout[rows[0]] * values;
    g1 += dout[rows[1]] * values;
    g2 += dout[rows[2]] * values;
    g3 += dout[rows[3]] * values;
    rows += params.rows;
    at += params.columns;
  }
  return array<Lanes, 4>(g0, g1, g2, g3);
}
