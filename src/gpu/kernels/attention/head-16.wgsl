// A head of up to 16 elements, held in registers as four vectors: on a software adapter every access to an array
// by a running index goes through memory, which made these kernels twice as slow. Put before an attention kernel,
// which declares `vector(source, at)`: elements at … at + 3 of one of its inputs, with HEAD_SIZE.

alias Head = mat4x4f;
// What is stored for one position: its values.
alias Row = mat4x4f;

// Which of the elements d … d + 3 belong to a head.
fn within(d: u32, values: vec4f) -> vec4f {
  return select(vec4f(), values, vec4u(d) + vec4u(0u, 1u, 2u, 3u) < vec4u(HEAD_SIZE));
}

fn row(source: u32, at: u32) -> Row {
  return Row(
    within(0u, vector(source, at)),
    within(4u, vector(source, at + 4u)),
    within(8u, vector(source, at + 8u)),
    within(12u, vector(source, at + 12u)),
  );
}

// h = s r
fn set_head(h: ptr<function, Head>, s: f32, r: Row) {
  *h = s * r;
}

fn inner(h: ptr<function, Head>, r: Row) -> f32 {
  let v = *h;
  return dot(v[0], r[0]) + dot(v[1], r[1]) + dot(v[2], r[2]) + dot(v[3], r[3]);
}

// h = decay h + s r
fn add(h: ptr<function, Head>, decay: f32, s: f32, r: Row) {
  *h = decay * *h + s * r;
}

fn element(h: ptr<function, Head>, d: u32) -> f32 {
  return (*h)[d / 4u][d % 4u];
}
