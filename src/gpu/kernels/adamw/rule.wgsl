// AdamW (Loshchilov & Hutter 2019) in the order of torch.optim.AdamW, with g = scale gradient:
//   p *= 1 - lr weight_decay
//   m += (1 - beta1) (g - m),   v = beta2 v + (1 - beta2) g^2
//   p -= step_size m / (sqrt(v) / root_correction2 + epsilon)
// step_size = lr / (1 - beta1^step) and root_correction2 = sqrt(1 - beta2^step) come from the CPU, as
// does everything of the form 1 - x, which f32 would round.
// Shapes: parameter, m, v [rows, columns]; scale, non_finite [1] as the gradient norm left them. Where
// non_finite is set nothing changes. adamw.ts puts this between lanes and a kernel.

struct Params {
  rows: u32,
  columns: u32, // in Lanes
  R: u32, // rows that the gradient is a sum over
  decay: f32,
  one_minus_beta1: f32,
  beta2: f32,
  one_minus_beta2: f32,
  step_size: f32,
  root_correction2: f32,
  epsilon: f32,
}

@group(0) @binding(0) var<storage, read> scale: array<f32>;
@group(0) @binding(1) var<storage, read> non_finite: array<u32>;

fn first_moment(m: Lanes, g: Lanes) -> Lanes {
  return m + params.one_minus_beta1 * (g - m);
}

fn second_moment(v: Lanes, g: Lanes) -> Lanes {
  return params.beta2 * v + params.one_minus_beta2 * g * g;
}

fn stepped(parameter: Lanes, first: Lanes, second: Lanes) -> Lanes {
  let denominator = sqrt(second) / params.root_correction2 + params.epsilon;
  return params.decay * parameter - params.step_size * first / denominator;
}
