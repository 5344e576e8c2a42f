// What the products by quads have in common: a block that one of a quad's invocations holds, known to all four.
// Invocations whose index in the workgroup is 4 i … 4 i + 3 must be a quad: WGSL does not promise it, so the
// tuner compares the results before it takes such a variant. Put behind `enable subgroups;`, before the variant.

fn block_of_0(x: mat4x4f) -> mat4x4f {
  return mat4x4f(
      quadBroadcast(x[0], 0u), quadBroadcast(x[1], 0u), quadBroadcast(x[2], 0u), quadBroadcast(x[3], 0u));
}

fn block_of_1(x: mat4x4f) -> mat4x4f {
  return mat4x4f(
      quadBroadcast(x[0], 1u), quadBroadcast(x[1], 1u), quadBroadcast(x[2], 1u), quadBroadcast(x[3], 1u));
}

fn block_of_2(x: mat4x4f) -> mat4x4f {
  return mat4x4f(
      quadBroadcast(x[0], 2u), quadBroadcast(x[1], 2u), quadBroadcast(x[2], 2u), quadBroadcast(x[3], 2u));
}

fn block_of_3(x: mat4x4f) -> mat4x4f {
  return mat4x4f(
      quadBroadcast(x[0], 3u), quadBroadcast(x[1], 3u), quadBroadcast(x[2], 3u), quadBroadcast(x[3], 3u));
}
