// Generalised advantage estimation (Schulman et al. 2016), backwards over each episode:
//   delta[t] = r[t] + gamma V[t+1] - V[t],   A[t] = delta[t] + gamma lambda A[t+1],   R[t] = A[t] + V[t]
// V[t] is the value before token t; the value after the last token and A beyond it are 0.
// Shapes: rewards, values, advantages, returns [B, T]; lengths [B]. One invocation an episode.
// Beyond lengths[b] both outputs are 0.

struct Params {
  B: u32,
  T: u32,
  gamma: f32,
  lambda: f32,
}

override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> rewards: array<f32>;
@group(0) @binding(1) var<storage, read> values: array<f32>;
@group(0) @binding(2) var<storage, read> lengths: array<u32>;
@group(0) @binding(3) var<storage, read_write> advantages: array<f32>;
@group(0) @binding(4) var<storage, read_write> returns: array<f32>;
@group(0) @binding(5) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let b = gid.x + gid.y * groups.x * WORKGROUP;
  if (b >= params.B) {
    return;
  }
  var advantage = 0.0;
  var next_value = 0.0;
  for (var t = params.T; t > 0u; t--) {
    let index = b * params.T + t - 1u;
    if (t > lengths[b]) {
      advantages[index] = 0.0;
      returns[index] = 0.0;
      continue;
    }
    let value = values[index];
    let delta = rewards[index] + params.gamma * next_value - value;
    advantage = delta + params.gamma * params.lambda * advantage;
    advantages[index] = advantage;
    returns[index] = advantage + value;
    next_value = value;
  }
}
