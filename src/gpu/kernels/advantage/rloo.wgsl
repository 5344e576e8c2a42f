// Leave-one-out advantage (RLOO; Kool et al. 2019, Ahmadian et al. 2024) with reward-to-go: the K
// samples of one picture are each other's baseline, and a token answers only for what comes after it.
//   A[b, t] = sum of r[b, s] over s >= t - mean over the other K-1 samples of their total rewards
// Shapes: rewards, out [B, T]; lengths [B]; B = pictures x K, the samples of a picture consecutive.
// One workgroup a picture, one lane a sample. Beyond lengths[b] the output is 0; K >= 2.

struct Params {
  B: u32,
  T: u32,
  K: u32,
}

override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> rewards: array<f32>;
@group(0) @binding(1) var<storage, read> lengths: array<u32>;
@group(0) @binding(2) var<storage, read_write> out: array<f32>;
@group(0) @binding(3) var<uniform> params: Params;

alias Summed = f32;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let picture = group.x + group.y * groups.x;
  let K = params.K;
  if (picture * K >= params.B) {
    return;
  }
  let T = params.T;
  var totals = 0.0;
  for (var k = lane; k < K; k += WORKGROUP) {
    let b = picture * K + k;
    var to_go = 0.0;
    for (var t = T; t > 0u; t--) {
      let index = b * T + t - 1u;
      to_go += select(0.0, rewards[index], t <= lengths[b]);
      out[index] = to_go;
    }
    totals += to_go;
  }
  let total = workgroup_sum(lane, totals);
  for (var k = lane; k < K; k += WORKGROUP) {
    let b = picture * K + k;
    let baseline = (total - out[b * T]) / f32(K - 1u);
    for (var t = 0u; t < T; t++) {
      let index = b * T + t;
      out[index] = select(0.0, out[index] - baseline, t < lengths[b]);
    }
  }
}
