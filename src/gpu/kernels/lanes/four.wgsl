// Rows are read by fours: for a width that is a multiple of 4, as in every network of use.
// A Lanes times a Block of four of them is four inner products.

alias Lanes = vec4f;
alias Block = mat4x4f;

fn inner(a: Lanes, b: Lanes) -> f32 {
  return dot(a, b);
}
