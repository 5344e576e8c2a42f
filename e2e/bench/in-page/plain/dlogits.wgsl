// dlogits = dlogp ([v = target] - p) - dentropy p (log p + entropy), four an invocation.
// Shapes: logps, dlogits [R, columns] of vec4f; targets, dlogp, dentropy, entropy [R].

struct Params {
  R: u32,
  columns: u32,
}

@group(0) @binding(0) var<storage, read> logps: array<vec4f>;
@group(0) @binding(1) var<storage, read> targets: array<u32>;
@group(0) @binding(2) var<storage, read> dlogp: array<f32>;
@group(0) @binding(3) var<storage, read> dentropy: array<f32>;
@group(0) @binding(4) var<storage, read> entropy: array<f32>;
@group(0) @binding(5) var<storage, read_write> dlogits: array<vec4f>;
@group(0) @binding(6) var<uniform> params: Params;

override SIDE: u32 = 8; // of a workgroup

@compute @workgroup_size(SIDE, SIDE)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = id.y;
  if (id.x >= params.columns || row >= params.R) {
    return;
  }
  let at = row * params.columns + id.x;
  let values = logps[at];
  let p = exp(values);
  let tokens = id.x * 4u + vec4u(0u, 1u, 2u, 3u);
  let hit = select(vec4f(), vec4f(1.0), tokens == vec4u(targets[row]));
  dlogits[at] = dlogp[row] * (hit - p) - dentropy[row] * p * (values + entropy[row]);
}
