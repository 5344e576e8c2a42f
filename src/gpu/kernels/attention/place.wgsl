// Which positions an invocation of an attention kernel has: one, or two that follow each other, for which it reads
// every key and value (or query) once. A GPU wants the first: many invocations, of which neighbours read the same
// row. A software adapter spends most of its time reading, and its neighbours are the same positions of other heads,
// so that none waits at the causal mask for another. Put before an attention kernel.

struct Params {
  B: u32,
  L: u32,
  H: u32,
}

override WORKGROUP: u32 = 64;
override HEAD_SIZE: u32 = 64; // E
override CAUSAL: bool = true; // without it every position attends to all L
override PAIRED: bool = false;

const LOWEST: f32 = -1e30; // stands for minus infinity, which WGSL may assume away

struct Place {
  is_there: bool,
  b: u32,
  h: u32,
  first: u32,
  second: u32, // the one after the first, or where there is none, or not PAIRED, the first again
}

fn place(id: vec3u, groups: vec3u) -> Place {
  let index = id.x + id.y * groups.x * WORKGROUP;
  let L = params.L;
  if (PAIRED) {
    let pairs = (L + 1u) / 2u;
    let first = index / params.H % pairs * 2u;
    let b = index / params.H / pairs;
    return Place(b < params.B, b, index % params.H, first, min(first + 1u, L - 1u));
  }
  let b = index / L / params.H;
  return Place(b < params.B, b, index / L % params.H, index % L, index % L);
}
