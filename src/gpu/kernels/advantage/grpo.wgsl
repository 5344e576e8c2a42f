// Group-normalised advantage (GRPO; Shao et al. 2024, DeepSeekMath, outcome supervision): every token of a
// response has the response's total reward, brought to mean 0 and deviation 1 over the K samples of its picture.
//   R_b = sum of r[b, s],   A[b, t] = (R_b - mean R) / (deviation R + epsilon)
// The deviation is over K - 1, as TRL's GRPOTrainer computes it, with its epsilon of 1e-4.
// Shapes: rewards, out [B, T]; lengths [B]; B = pictures x K, the samples of a picture consecutive.
// One workgroup a picture, one lane a sample. Beyond lengths[b] the output is 0; K >= 2.

struct Params {
  B: u32,
  T: u32,
  K: u32,
}

override WORKGROUP: u32 = 64;
const EPSILON: f32 = 1e-4;

@group(0) @binding(0) var<storage, read> rewards: array<f32>;
@group(0) @binding(1) var<storage, read> lengths: array<u32>;
@group(0) @binding(2) var<storage, read_write> out: array<f32>;
@group(0) @binding(3) var<uniform> params: Params;

alias Summed = f32;

fn total(b: u32) -> f32 {
  var sum = 0.0;
  for (var t = 0u; t < min(lengths[b], params.T); t++) {
    sum += rewards[b * params.T + t];
  }
  return sum;
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let picture = group.x + group.y * groups.x;
  let K = params.K;
  if (picture * K >= params.B) {
    return;
  }
  var sum = 0.0;
  for (var k = lane; k < K; k += WORKGROUP) {
    sum += total(picture * K + k);
  }
  let mean = workgroup_sum(lane, sum) / f32(K);
  var squares = 0.0;
  for (var k = lane; k < K; k += WORKGROUP) {
    let distance = total(picture * K + k) - mean;
    squares += distance * distance;
  }
  let deviation = sqrt(workgroup_sum(lane, squares) / f32(K - 1u));
  for (var k = lane; k < K; k += WORKGROUP) {
    let b = picture * K + k;
    let advantage = (total(b) - mean) / (deviation + EPSILON);
    for (var t = 0u; t < params.T; t++) {
      out[b * params.T + t] = select(0.0, advantage, t < lengths[b]);
    }
  }
}
