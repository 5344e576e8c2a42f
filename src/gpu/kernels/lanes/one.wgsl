// Rows are read one element at a time: for a width that is no multiple of 4.
// A Lanes times a Block of four of them is four inner products.

alias Lanes = f32;
alias Block = vec4f;

fn inner(a: Lanes, b: Lanes) -> f32 {
  return a * b;
}
