// Gradient of the prefix, the only learned part of GPT-2's input: dprefix[b, p] = dx[b, p], p < P.
// Shapes: dx [B, L, D]; dprefix [B, P, D]. One invocation an element.

struct Params {
  B: u32,
  P: u32,
  L: u32,
  D: u32,
}

override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> dx: array<f32>;
@group(0) @binding(1) var<storage, read_write> dprefix: array<f32>;
@group(0) @binding(2) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let index = id.x + id.y * groups.x * WORKGROUP;
  let row = params.P * params.D; // of one sequence
  if (index >= params.B * row) {
    return;
  }
  dprefix[index] = dx[index / row * params.L * params.D + index % row];
}
