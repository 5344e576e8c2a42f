// Log-probability of the target and entropy of each row, a row a workgroup.
// Shapes: logps [R, columns] of vec4f; targets, logp, entropy [R].

struct Params {
  R: u32,
  columns: u32,
}

@group(0) @binding(0) var<storage, read> logps: array<vec4f>;
@group(0) @binding(1) var<storage, read> targets: array<u32>;
@group(0) @binding(2) var<storage, read_write> logp: array<f32>;
@group(0) @binding(3) var<storage, read_write> entropy: array<f32>;
@group(0) @binding(4) var<uniform> params: Params;

override WORKGROUP: u32 = 32;
var<workgroup> sums: array<f32, WORKGROUP>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let row = group.x;
  let base = row * params.columns;
  var sum = vec4f();
  for (var column = lane; column < params.columns; column += WORKGROUP) {
    let values = logps[base + column];
    sum -= exp(values) * values;
  }
  sums[lane] = dot(sum, vec4f(1.0));
  workgroupBarrier();
  if (lane == 0u) {
    var total = 0.0;
    for (var i = 0u; i < WORKGROUP; i++) {
      total += sums[i];
    }
    entropy[row] = total;
    logp[row] = logps[base + targets[row] / 4u][targets[row] % 4u];
  }
}
