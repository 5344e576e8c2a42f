// Vectors along the width are read one by one: for a D that is no multiple of 4.
// A state times a Block of four embeddings is the four logits.

alias Lanes = f32;
alias Block = vec4f;

fn inner(a: Lanes, b: Lanes) -> f32 {
  return a * b;
}
