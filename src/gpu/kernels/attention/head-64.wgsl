// A head of up to 64 elements, held in registers as four blocks of 16. The interface is head-16.wgsl's.

struct Head {
  a: mat4x4f,
  b: mat4x4f,
  c: mat4x4f,
  d: mat4x4f,
}
alias Row = Head;

// Which of the elements d … d + 3 belong to a head.
fn within(d: u32, values: vec4f) -> vec4f {
  return select(vec4f(), values, vec4u(d) + vec4u(0u, 1u, 2u, 3u) < vec4u(HEAD_SIZE));
}

fn block(source: u32, at: u32, d: u32) -> mat4x4f {
  return mat4x4f(
    within(d, vector(source, at + d)),
    within(d + 4u, vector(source, at + d + 4u)),
    within(d + 8u, vector(source, at + d + 8u)),
    within(d + 12u, vector(source, at + d + 12u)),
  );
}

fn row(source: u32, at: u32) -> Row {
  return Row(block(source, at, 0u), block(source, at, 16u), block(source, at, 32u), block(source, at, 48u));
}

fn set_head(h: ptr<function, Head>, s: f32, r: Row) {
  *h = Head(s * r.a, s * r.b, s * r.c, s * r.d);
}

fn block_inner(v: mat4x4f, r: mat4x4f) -> f32 {
  return dot(v[0], r[0]) + dot(v[1], r[1]) + dot(v[2], r[2]) + dot(v[3], r[3]);
}

fn inner(h: ptr<function, Head>, r: Row) -> f32 {
  let v = *h;
  return block_inner(v.a, r.a) + block_inner(v.b, r.b) + block_inner(v.c, r.c) + block_inner(v.d, r.d);
}

fn add(h: ptr<function, Head>, decay: f32, s: f32, r: Row) {
  let v = *h;
  *h = Head(decay * v.a + s * r.a, decay * v.b + s * r.b, decay * v.c + s * r.c, decay * v.d + s * r.d);
}

fn element(h: ptr<function, Head>, d: u32) -> f32 {
  var blocks = array((*h).a, (*h).b, (*h).c, (*h).d);
  return blocks[d / 16u][d / 4u % 4u][d % 4u];
}
