// A head of up to 128 elements, in an array that a GPU's compiler unrolls. The interface is head-16.wgsl's; here a
// Row is only where it begins, so that it is never copied as a whole.

const MAX_QUADS: u32 = 32; // an array of a function cannot have an override's length

struct Head {
  quads: array<vec4f, MAX_QUADS>,
}

struct Row {
  source: u32,
  at: u32,
}

fn row(source: u32, at: u32) -> Row {
  return Row(source, at);
}

fn quad(r: Row, d: u32) -> vec4f {
  let values = vector(r.source, r.at + d);
  return select(vec4f(), values, vec4u(d) + vec4u(0u, 1u, 2u, 3u) < vec4u(HEAD_SIZE));
}

fn set_head(h: ptr<function, Head>, s: f32, r: Row) {
  for (var c = 0u; 4u * c < HEAD_SIZE; c++) {
    (*h).quads[c] = s * quad(r, 4u * c);
  }
}

fn inner(h: ptr<function, Head>, r: Row) -> f32 {
  var sum = 0.0;
  for (var c = 0u; 4u * c < HEAD_SIZE; c++) {
    sum += dot((*h).quads[c], quad(r, 4u * c));
  }
  return sum;
}

fn add(h: ptr<function, Head>, decay: f32, s: f32, r: Row) {
  for (var c = 0u; 4u * c < HEAD_SIZE; c++) {
    (*h).quads[c] = decay * (*h).quads[c] + s * quad(r, 4u * c);
  }
}

fn element(h: ptr<function, Head>, d: u32) -> f32 {
  return (*h).quads[d / 4u][d % 4u];
}
