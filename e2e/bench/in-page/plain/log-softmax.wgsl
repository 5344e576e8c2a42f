// Log-softmax in place, a row a workgroup: logits [R, columns] of vec4f, of which V numbers count.

struct Params {
  R: u32,
  V: u32,
  columns: u32,
}

@group(0) @binding(0) var<storage, read_write> logits: array<vec4f>;
@group(0) @binding(1) var<uniform> params: Params;

override WORKGROUP: u32 = 32;
var<workgroup> most: array<f32, WORKGROUP>;
var<workgroup> total: array<f32, WORKGROUP>;

fn counted(at: u32, column: u32) -> vec4f {
  let tokens = column * 4u + vec4u(0u, 1u, 2u, 3u);
  return select(logits[at], vec4f(-1e30), tokens >= vec4u(params.V));
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let base = group.x * params.columns;
  var m = vec4f(-1e30);
  for (var column = lane; column < params.columns; column += WORKGROUP) {
    m = max(m, counted(base + column, column));
  }
  most[lane] = max(max(m.x, m.y), max(m.z, m.w));
  workgroupBarrier();
  var top = most[0];
  for (var i = 1u; i < WORKGROUP; i++) {
    top = max(top, most[i]);
  }
  var s = vec4f();
  for (var column = lane; column < params.columns; column += WORKGROUP) {
    s += exp(counted(base + column, column) - top);
  }
  total[lane] = dot(s, vec4f(1.0));
  workgroupBarrier();
  var sum = 0.0;
  for (var i = 0u; i < WORKGROUP; i++) {
    sum += total[i];
  }
  let lse = top + log(sum);
  for (var column = lane; column < params.columns; column += WORKGROUP) {
    logits[base + column] = counted(base + column, column) - lse;
  }
}
