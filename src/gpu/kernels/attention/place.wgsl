// Which positions an invocation of an attention kernel has: one, or two that follow each other, for which it reads
// every key and value (or query) once. A GPU wants the first: many invocations, of which neighbours read the same
// row. A software adapter spends most of its time reading, and its neighbours are the same positions of other heads,
// so that none waits at the causal mask for another. Put before an attention kernel.

struct Params {
  B: u32,
  L: u32, // positions of qkv
  H: u32,
  N: u32, // the last N of them have queries
  G: u32, // gradients are wanted of the first G; forward 0
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

// Among `count` positions from `origin` on.
fn place(id: vec3u, groups: vec3u, origin: u32, count: u32) -> Place {
  let index = id.x + id.y * groups.x * WORKGROUP;
  if (PAIRED) {
    let pairs = (count + 1u) / 2u;
    let first = index / params.H % pairs * 2u;
    let b = index / params.H / pairs;
    return Place(b < params.B, b, index % params.H, origin + first, origin + min(first + 1u, count - 1u));
  }
  let i = origin + index % count;
  let b = index / count / params.H;
  return Place(b < params.B, b, index / count % params.H, i, i);
}

// The first position that has a query.
fn first_query() -> u32 {
  return params.L - params.N;
}

// Where a position that has a query lies among [B, H, N].
fn statistics_at(at: Place, i: u32) -> u32 {
  return (at.b * params.H + at.h) * params.N + i - first_query();
}

// Where its head begins among [B, N, D].
fn output_at(at: Place, i: u32) -> u32 {
  return ((at.b * params.N + i - first_query()) * params.H + at.h) * HEAD_SIZE;
}

// Where the head of a query begins among `positions` a sequence of queries, keys and values; of its key D later, of
// its value 2D.
fn packed_at(at: Place, i: u32, positions: u32) -> u32 {
  return ((at.b * positions + i) * 3u * params.H + at.h) * HEAD_SIZE;
}
