// Second stage of the global gradient norm, and the factor that clips it (as torch.nn.utils.clip_grad_norm_):
//   norm = sqrt(sum of partials),   scale = min(1, max_norm / (norm + 1e-6))
// A norm that is not finite writes norm = infinity, scale = 0 and non_finite = 1, else 0.
// Shapes: partials [P]; norm [S], of which row `norm_row` is written; scale, non_finite [1]. One workgroup.
// WGSL may assume that no f32 is NaN or infinite, so partials and norm are bound as bits: a float is not
// finite when all the bits of its exponent are set.

struct Params {
  P: u32,
  norm_row: u32,
  max_norm: f32,
}

override WORKGROUP: u32 = 64;
const INFINITY_BITS: u32 = 0x7f800000u; // and the mask of the exponent
const LARGEST: f32 = 3.4028234e38;

@group(0) @binding(0) var<storage, read> partials: array<u32>;
@group(0) @binding(1) var<storage, read_write> norm: array<u32>;
@group(0) @binding(2) var<storage, read_write> scale: array<f32>;
@group(0) @binding(3) var<storage, read_write> non_finite: array<u32>;
@group(0) @binding(4) var<uniform> params: Params;

alias Summed = vec2f;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(local_invocation_index) lane: u32) {
  var squares = 0.0;
  var broken = 0.0;
  for (var i = lane; i < params.P; i += WORKGROUP) {
    let bits = partials[i];
    if ((bits & INFINITY_BITS) == INFINITY_BITS) {
      broken = 1.0;
    } else {
      squares += bitcast<f32>(bits);
    }
  }
  let totals = workgroup_sum(lane, vec2f(squares, broken));
  if (lane == 0u) {
    // The sum itself may overflow.
    if (totals.y > 0.0 || totals.x > LARGEST) {
      norm[params.norm_row] = INFINITY_BITS;
      scale[0] = 0.0;
      non_finite[0] = 1u;
    } else {
      let length = sqrt(totals.x);
      norm[params.norm_row] = bitcast<u32>(length);
      scale[0] = min(1.0, params.max_norm / (length + 1e-6));
      non_finite[0] = 0u;
    }
  }
}
