// AdamW (Loshchilov & Hutter 2019) in the order of torch.optim.AdamW, in place, with g = scale gradient:
//   p *= 1 - lr weight_decay
//   m += (1 - beta1) (g - m),   v = beta2 v + (1 - beta2) g^2
//   p -= step_size m / (sqrt(v) / root_correction2 + epsilon)
// step_size = lr / (1 - beta1^step) and root_correction2 = sqrt(1 - beta2^step) come from the CPU, as
// does everything of the form 1 - x, which f32 would round.
// Shapes: gradient, parameter, m, v [n]; scale, non_finite [1] as the gradient norm left them. Where
// non_finite is set nothing changes. One invocation an element.

struct Params {
  n: u32,
  decay: f32,
  one_minus_beta1: f32,
  beta2: f32,
  one_minus_beta2: f32,
  step_size: f32,
  root_correction2: f32,
  epsilon: f32,
}

override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> gradient: array<f32>;
@group(0) @binding(1) var<storage, read> scale: array<f32>;
@group(0) @binding(2) var<storage, read> non_finite: array<u32>;
@group(0) @binding(3) var<storage, read_write> parameter: array<f32>;
@group(0) @binding(4) var<storage, read_write> m: array<f32>;
@group(0) @binding(5) var<storage, read_write> v: array<f32>;
@group(0) @binding(6) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = gid.x + gid.y * groups.x * WORKGROUP;
  if (i >= params.n || non_finite[0] != 0u) {
    return;
  }
  let g = scale[0] * gradient[i];
  let first = m[i] + params.one_minus_beta1 * (g - m[i]);
  let second = params.beta2 * v[i] + params.one_minus_beta2 * g * g;
  let denominator = sqrt(second) / params.root_correction2 + params.epsilon;
  parameter[i] = params.decay * parameter[i] - params.step_size * first / denominator;
  m[i] = first;
  v[i] = second;
}
