// Causal softmax in place, a row an invocation: scores [rows, L], of which row r belongs to position r % L.

struct Params {
  rows: u32,
  L: u32,
}

@group(0) @binding(0) var<storage, read_write> scores: array<f32>;
@group(0) @binding(1) var<uniform> params: Params;

override WORKGROUP: u32 = 16;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.rows) {
    return;
  }
  let base = id.x * params.L;
  let seen = id.x % params.L + 1u;
  var most = scores[base];
  for (var j = 1u; j < seen; j++) {
    most = max(most, scores[base + j]);
  }
  var total = 0.0;
  for (var j = 0u; j < seen; j++) {
    let weight = exp(scores[base + j] - most);
    scores[base + j] = weight;
    total += weight;
  }
  for (var j = 0u; j < params.L; j++) {
    scores[base + j] = select(0.0, scores[base + j] / total, j < seen);
  }
}
