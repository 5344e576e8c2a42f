// GELU in GPT-2's tanh form (gelu_new; Hendrycks & Gimpel 2016) and its derivative:
//   gelu(x) = x / 2 (1 + tanh(u)),  u = sqrt(2 / pi) (x + 0.044715 x^3)
//   gelu'(x) = 1/2 (1 + t) + x / 2 (1 - t^2) sqrt(2 / pi) (1 + 3 · 0.044715 x^2),  t = tanh(u)
// Put behind lanes and before the epilogue of a matrix product that uses it.

const SQRT_2_OVER_PI: f32 = 0.7978845608028654;

fn gelu_tanh(x: Lanes) -> Lanes {
  let u = SQRT_2_OVER_PI * (x + 0.044715 * x * x * x);
  // Some drivers' tanh overflows to NaN; past 10 it is 1 in f32 anyway.
  return tanh(clamp(u, Lanes(-10.0), Lanes(10.0)));
}

fn gelu(x: Lanes) -> Lanes {
  return 0.5 * x * (1.0 + gelu_tanh(x));
}

fn gelu_slope(x: Lanes) -> Lanes {
  let t = gelu_tanh(x);
  let slope = SQRT_2_OVER_PI * (1.0 + 3.0 * 0.044715 * x * x);
  return 0.5 * (1.0 + t) + 0.5 * x * (1.0 - t * t) * slope;
}
