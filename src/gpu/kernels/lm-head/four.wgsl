// Vectors along the width are read by fours: D is a multiple of 4, as in every GPT-2 of use.
// A state times a Block of four embeddings is the four logits.

alias Lanes = vec4f;
alias Block = mat4x4f;

fn inner(a: Lanes, b: Lanes) -> f32 {
  return dot(a, b);
}
