// What the variants of the matrix product do with an element, or four, before they store it:
//   out = product (+ bias) (+ beside) (+ out)
//   kept = product + bias, out = gelu(kept)       going forward: the backward pass needs what is kept
//   out = product · gelu'(beside)                 coming back: beside is what was kept
// Shapes: bias [N]; beside, out, kept [M, N]. Put behind lanes and gelu/gelu.wgsl.
//
// A software adapter computes both sides of an if, loads included, so what costs most is compiled out.

override ADDS: bool = false; // bias and beside, as params say
override ACCUMULATES: bool = false;
override ACTIVATES: bool = false; // after the bias, which there must be
override TIMES_SLOPE: bool = false;

@group(0) @binding(2) var<storage, read> bias: array<Lanes>;
@group(0) @binding(3) var<storage, read> beside: array<Lanes>;
@group(0) @binding(4) var<storage, read_write> out: array<Lanes>;
@group(0) @binding(5) var<storage, read_write> kept: array<Lanes>;
@group(0) @binding(6) var<uniform> params: Params;

// What `finish` adds in a column, or in four: read once for all rows of a block.
fn bias_of(column: u32) -> Lanes {
  if (ACTIVATES) {
    return bias[column];
  }
  if (ADDS) {
    if (params.has_bias == 1u) {
      return bias[column];
    }
  }
  return Lanes();
}

fn finish(at: u32, added: Lanes, product: Lanes) {
  var value = product;
  if (ADDS || ACTIVATES) {
    value += added;
  }
  if (ADDS) {
    if (params.has_beside == 1u) {
      value += beside[at];
    }
  }
  if (ACCUMULATES) {
    value += out[at];
  }
  if (ACTIVATES) {
    kept[at] = value;
    value = gelu(value);
  }
  if (TIMES_SLOPE) {
    value *= gelu_slope(beside[at]);
  }
  out[at] = value;
}
