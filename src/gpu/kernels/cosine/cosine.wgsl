// Cosine between each text and the picture that it was written for:
//   out[b] = (image[i] . text[b]) / max(|image[i]| |text[b]|, 1e-8), i = image_index[b]
// Shapes: image [I, E]; text [B, E]; image_index, out [B]. One workgroup an episode.
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
@group(0) @binding(3) var<storage, read_write> out: array<f32>;
@group(0) @binding(4) var<uniform> params: Params;

var<workgroup> partial: array<vec3f, WORKGROUP>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let b = group.x + group.y * groups.x;
  if (b >= params.B) {
    return;
  }
  let image_base = image_index[b] * params.E;
  let text_base = b * params.E;
  var products = vec3f(0.0);
  for (var e = lane; e < params.E; e += WORKGROUP) {
    let x = image[image_base + e];
    let y = text[text_base + e];
    products += vec3f(x * y, x * x, y * y);
  }
  partial[lane] = products;
  workgroupBarrier();
  for (var half = WORKGROUP / 2u; half > 0u; half = half / 2u) {
    if (lane < half) {
      partial[lane] += partial[lane + half];
    }
    workgroupBarrier();
  }
  if (lane == 0u) {
    let sums = partial[0];
    out[b] = sums.x / max(sqrt(sums.y) * sqrt(sums.z), EPSILON);
  }
}
