// GPT-2's input: the prefix, then the embedded tokens, each with its position's embedding:
//   x[b, t] = (t < P ? prefix[b, t] : wte[tokens[b, t - P]]) + wpe[first + t]
// Where wte is bound in ranges of rows, once for each: the first range writes all of x, and tokens of a
// later one without their embedding; the later ones add it.
// Shapes: prefix [B, P, D]; tokens [B, S]; wte [V, D]; wpe [at least first + P + S, D]; x [B, P + S, D].
// One invocation a Lanes. Put behind a reader of wte (stored.ts) and lanes.

struct Params {
  B: u32,
  P: u32,
  S: u32,
  D: u32, // in Lanes
  first: u32, // position of x[:, 0]
  base: u32, // token whose row of wte is the first that is bound
  bound: u32, // rows of wte that are bound
}

override WORKGROUP: u32 = 64;

// Binding 0 is wte, which `weight` reads (stored.ts).
@group(0) @binding(1) var<storage, read> prefix: array<Lanes>;
@group(0) @binding(2) var<storage, read> tokens: array<u32>;
@group(0) @binding(3) var<storage, read> wpe: array<Lanes>;
@group(0) @binding(4) var<storage, read_write> x: array<Lanes>;
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
  var value = select(x[index], wpe[(params.first + t) * params.D + d], params.base == 0u);
  if (t >= params.P) {
    // Unsigned: a token below base lies beyond the bound rows too.
    let row = tokens[b * params.S + t - params.P] - params.base;
    if (row < params.bound) {
      value += weight(row * params.D + d);
    }
  } else if (params.base == 0u) {
    value += prefix[(b * params.P + t) * params.D + d];
  }
  x[index] = value;
}
