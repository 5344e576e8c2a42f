// Layer normalisation, gradient of the input; gamma and beta are frozen and have none.
// With n = (x - mean) * rstd and g = dout * gamma:
//   dinp (+)= rstd * (g - mean_C(g) - n * mean_C(g * n)) (+ beside)
// Shapes: of the first n positions of a sequence dout, dinp [R = B n, C]; of all L x [B L, C], mean, rstd [B L]; of
// the last N beside [B N, C]; gamma [C]. One workgroup a row.
// accumulate = 1 adds to dinp (the residual branch already left its gradient there).

struct Params {
  R: u32,
  C: u32,
  n: u32,
  L: u32,
  N: u32,
  accumulate: u32,
}

override WORKGROUP: u32 = 64;
override BESIDE: bool = false;

@group(0) @binding(0) var<storage, read> dout: array<f32>;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> gamma: array<f32>;
@group(0) @binding(3) var<storage, read> mean: array<f32>;
@group(0) @binding(4) var<storage, read> rstd: array<f32>;
@group(0) @binding(5) var<storage, read> beside: array<f32>;
@group(0) @binding(6) var<storage, read_write> dinp: array<f32>;
@group(0) @binding(7) var<uniform> params: Params;

alias Summed = vec2f;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let row = group.x + group.y * groups.x;
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
  var sums = vec2f(0.0);
  for (var c = lane; c < C; c += WORKGROUP) {
    let g = dout[base + c] * gamma[c];
    sums += vec2f(g, g * (x[whole * C + c] - mu) * inverse);
  }
  let means = workgroup_sum(lane, sums) / f32(C);
  for (var c = lane; c < C; c += WORKGROUP) {
    let n = (x[whole * C + c] - mu) * inverse;
    let g = dout[base + c] * gamma[c];
    var gradient = inverse * (g - means.x - n * means.y);
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
