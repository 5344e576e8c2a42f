// The second half of a matrix product that was split along K: adds the slices' products in their order and
// finishes as the epilogue says. Shapes: products [slices, M, N], out [M, N]. One invocation a vec4 of out.
// Put behind `lanes + epilogue`.

struct Params {
  N: u32,
  vectors: u32, // of out
  slices: u32,
  has_bias: u32, // and has_beside: see epilogue.wgsl
  has_beside: u32,
}

override WORKGROUP: u32 = 64;

@group(0) @binding(1) var<storage, read> products: array<vec4f>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let at = id.x + id.y * groups.x * WORKGROUP;
  if (at >= params.vectors) {
    return;
  }
  var sum = vec4f();
  for (var slice = 0u; slice < params.slices; slice++) {
    sum += products[slice * params.vectors + at];
  }
  finish(at, bias_of(at % (params.N / 4u)), sum);
}
