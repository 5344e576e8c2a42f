// Mean cosine between an episode's texts (its response, or the sentences of it) and its picture:
//   out[b] = mean over r of (image[i] . text[r]) / max(|image[i]| |text[r]|, 1e-8),
//   i = image_index[b], r from first[b] to first[b + 1]
// Shapes: image [I, E]; text [at least first[B], E]; first [B + 1]; image_index, out [B].
// One workgroup an episode; without texts it is 0.
// The floor of the denominator is that of torch.nn.functional.cosine_similarity: 0 at a zero norm.

struct Params {
  B: u32,
  E: u32,
}

override WORKGROUP: u32 = 64;
const EPSILON: f32 = 1e-8;

@group(0) @binding(0) var<storage, read> image: array<f32>;
@group(0) @binding(1) var<storage, read> text: array<f32>;
@group(0) @binding(2) var<storage, read> image_index: array<u32>;
@group(0) @binding(3) var<storage, read> first: array<u32>;
@group(0) @binding(4) var<storage, read_write> out: array<f32>;
@group(0) @binding(5) var<uniform> params: Params;

alias Summed = vec3f;
var<workgroup> bounds: vec2u;

fn cosine_of(row: u32, image_base: u32, lane: u32) -> f32 {
  let text_base = row * params.E;
  var products = vec3f(0.0);
  for (var e = lane; e < params.E; e += WORKGROUP) {
    let x = image[image_base + e];
    let y = text[text_base + e];
    products += vec3f(x * y, x * x, y * y);
  }
  let sums = workgroup_sum(lane, products);
  return sums.x / max(sqrt(sums.y) * sqrt(sums.z), EPSILON);
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let b = group.x + group.y * groups.x;
  if (b >= params.B) {
    return;
  }
  // Barriers want the same number of rounds of all: it is read once and shared.
  if (lane == 0u) {
    bounds = vec2u(first[b], first[b + 1u]);
  }
  let range = workgroupUniformLoad(&bounds);
  let image_base = image_index[b] * params.E;
  var sum = 0.0;
  for (var row = range.x; row < range.y; row++) {
    sum += cosine_of(row, image_base, lane);
  }
  if (lane == 0u) {
    out[b] = sum / f32(max(range.y - range.x, 1u));
  }
}
