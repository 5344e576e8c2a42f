// AdamW of a linear layer's matrix, whose gradient is a product that never lies in memory:
//   gradient = doutᵀ · x
// Shapes: dout [R, rows]; x [R, columns]; parameter, m, v [rows, columns].
// One invocation: 4 rows, one Lanes.

@group(0) @binding(2) var<storage, read> dout: array<f32>;
@group(0) @binding(3) var<storage, read> x: array<Lanes>;
@group(0) @binding(4) var<storage, read_write> parameter: array<Lanes>;
@group(0) @binding(5) var<storage, read_write> m: array<Lanes>;
@group(0) @binding(6) var<storage, read_write> v: array<Lanes>;
@group(0) @binding(7) var<uniform> params: Params;

fn step(row: u32, column: u32, gradient: Lanes) {
  if (row >= params.rows) {
    return;
  }
  let i = row * params.columns + column;
  let g = scale[0] * gradient;
  let first = first_moment(m[i], g);
  let second = second_moment(v[i], g);
  parameter[i] = stepped(parameter[i], first, second);
  m[i] = first;
  v[i] = second;
}

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let column = id.x;
  let row = id.y * 4u;
  if (column >= params.columns || row >= params.rows || non_finite[0] != 0u) {
    return;
  }
  let gradient = product(row, column);
  step(row, column, gradient[0]);
  step(row + 1u, column, gradient[1]);
  step(row + 2u, column, gradient[2]);
  step(row + 3u, column, gradient[3]);
}
