// GPT-2's input: the prefix, then the embedded tokens, each with its position's embedding:
//   x[b, t] = (t < P ? prefix[b, t] : wte[tokens[b, t - P]]) + wpe[first + t]
// Shapes: prefix [B, P, D]; tokens [B, S]; wte [V, D]; wpe [at least first + P + S, D]; x [B, P + S, D].
// One invocation an element.

struct Params {
  B: u32,
  P: u32,
  S: u32,
  D: u32,
  first: u32, // position of x[:, 0]
}

override WORKGROUP: u32 = 64;

// Binding 0 is wte, which `weight` reads (stored.ts).
@group(0) @binding(1) var<storage, read> prefix: array<f32>;
@group(0) @binding(2) var<storage, read> tokens: array<u32>;
@group(0) @binding(3) var<storage, read> wpe: array<f32>;
@group(0) @binding(4) var<storage, read_write> x: array<f32>;
@group(0) @binding(5) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let index = id.x + id.y * groups.x * WORKGROUP;
  let L = params.P + params.S;
  if (index >= params.B * L * params.D) {
    return;
  }
  let d = index % params.D;
  let t = index / params.D % L;
  let b = index / params.D / L;
  var value = wpe[(params.first + t) * params.D + d];
  if (t < params.P) {
    value += prefix[(b * params.P + t) * params.D + d];
  } else {
    value += weight(tokens[b * params.S + t - params.P] * params.D + d);
  }
  x[index] = value;
}
