// A product of each sequence and head, read and written with strides:
//   out[b, h, m, n] = scale · sum_k a[b, h, m, k] b[b, h, k, n]
// Elements are apart by `sequence` (b), `head` (h), `row` and `column` of each operand. One invocation: 4 × 4 of out.

struct Params {
  H: u32,
  M: u32,
  K: u32,
  N: u32,
  a_first: u32,
  a_sequence: u32,
  a_head: u32,
  a_row: u32,
  a_column: u32,
  b_first: u32,
  b_sequence: u32,
  b_head: u32,
  b_row: u32,
  b_column: u32,
  out_first: u32,
  out_sequence: u32,
  out_head: u32,
  out_row: u32,
  out_column: u32,
  scale: f32,
}

@group(0) @binding(0) var<storage, read> a: array<f32>;
@group(0) @binding(1) var<storage, read> b: array<f32>;
@group(0) @binding(2) var<storage, read_write> out: array<f32>;
@group(0) @binding(3) var<uniform> params: Params;

override SIDE: u32 = 4; // of a workgroup

fn base(first: u32, sequence: u32, head: u32, index: u32) -> u32 {
  return first + index / params.H * sequence + index % params.H * head;
}

@compute @workgroup_size(SIDE, SIDE)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let n = id.x * 4u;
  let m = id.y * 4u;
  if (m >= params.M || n >= params.N) {
    return;
  }
  let from_a = base(params.a_first, params.a_sequence, params.a_head, id.z);
  let from_b = base(params.b_first, params.b_sequence, params.b_head, id.z);
  let rows = from_a + min(m + vec4u(0u, 1u, 2u, 3u), vec4u(params.M - 1u)) * params.a_row;
  let columns = from_b + min(n + vec4u(0u, 1u, 2u, 3u), vec4u(params.N - 1u)) * params.b_column;
  var sum = mat4x4f();
  for (var k = 0u; k < params.K; k++) {
    let at = rows + k * params.a_column;
    let beside = columns + k * params.b_row;
    let values = vec4f(b[beside.x], b[beside.y], b[beside.z], b[beside.w]);
    sum += mat4x4f(a[at.x] * values, a[at.y] * values, a[at.z] * values, a[at.w] * values);
  }
  let to = base(params.out_first, params.out_sequence, params.out_head, id.z);
  for (var i = m; i < min(m + 4u, params.M); i++) {
    for (var j = n; j < min(n + 4u, params.N); j++) {
      out[to + i * params.out_row + j * params.out_column] = params.scale * sum[i - m][j - n];
    }
  }
}
