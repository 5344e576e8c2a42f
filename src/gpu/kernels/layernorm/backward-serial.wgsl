// Gradient of layer normalisation as in backward.wgsl, one invocation a row: no barriers, which a
// software adapter pays for a hundredfold. With n = (x - mean) * rstd and g = dout * gamma:
//   dinp (+)= rstd * (g - mean_C(g) - n * mean_C(g * n)) (+ beside)
// Shapes: of the first n positions of a sequence dout, dinp [R = B n, C]; of all L x [B L, C], mean, rstd [B L]; of
// the last N beside [B N, C]; gamma [C].
// accumulate = 1 adds to dinp. Put behind lanes.

struct Params {
  R: u32,
  C: u32, // in Lanes
  width: f32, // in elements
  n: u32,
  L: u32,
  N: u32,
  accumulate: u32,
}

override WORKGROUP: u32 = 64;
override BESIDE: bool = false;

@group(0) @binding(0) var<storage, read> dout: array<Lanes>;
@group(0) @binding(1) var<storage, read> x: array<Lanes>;
@group(0) @binding(2) var<storage, read> gamma: array<Lanes>;
@group(0) @binding(3) var<storage, read> mean: array<f32>;
@group(0) @binding(4) var<storage, read> rstd: array<f32>;
@group(0) @binding(5) var<storage, read> beside: array<Lanes>;
@group(0) @binding(6) var<storage, read_write> dinp: array<Lanes>;
@group(0) @binding(7) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = id.x + id.y * groups.x * WORKGROUP;
  if (row >= params.R) {
    return;
  }
  let C = params.C;
  let base = row * C;
  let b = row / params.n;
  let position = row % params.n;
  let whole = b * params.L + position; // among all positions
  let mu = mean[whole];
  let inverse = rstd[whole];
  var sum = 0.0; // of g
  var weighted = 0.0; // of g n
  for (var c = 0u; c < C; c++) {
    let g = dout[base + c] * gamma[c];
    sum += inner(g, Lanes(1.0));
    weighted += inner(g, (x[whole * C + c] - mu) * inverse);
  }
  for (var c = 0u; c < C; c++) {
    let n = (x[whole * C + c] - mu) * inverse;
    let g = dout[base + c] * gamma[c];
    var gradient = inverse * (g - sum / params.width - n * weighted / params.width);
    if (params.accumulate == 1u) {
      gradient += dinp[base + c];
    }
    if (BESIDE) {
      if (position + params.N >= params.L) {
        gradient += beside[(b * params.N + position + params.N - params.L) * C + c];
      }
    }
    dinp[base + c] = gradient;
  }
}
