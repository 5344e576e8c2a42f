// What the kernels of the language model's head have in common. plan.ts puts it before each of them, as WGSL has no
// imports.
//
// A row r = b T + t is response token t of sequence b. Its logits, those of one window of the vocabulary at a time,
// come of the matrix product as they are: `limited` takes out of the running what is banned or absent.

struct Params {
  R: u32,
  T: u32,
  V: u32,
  eos: u32,
  min_response: u32,
  first: u32, // token of the window's first column
  columns: u32, // of the window, each four tokens
}

const BANNED: f32 = -1e5;
const ABSENT: f32 = -1e30; // beyond the vocabulary; finite, as WGSL may assume that there is no Inf
const NO_TOKEN: u32 = 0xffffffffu;

// The token that a row may not say: the end of text while t < min_response.
fn banned_token(row: u32) -> u32 {
  return select(NO_TOKEN, params.eos, row % params.T < params.min_response);
}

fn four_tokens(v: u32) -> vec4u {
  return v + vec4u(0u, 1u, 2u, 3u);
}

// Logits of the tokens v .. v + 3.
fn limited(logits: vec4f, v: u32, banned: u32) -> vec4f {
  let tokens = four_tokens(v);
  let allowed = select(logits, vec4f(BANNED), tokens == vec4u(banned));
  return select(allowed, vec4f(ABSENT), tokens >= vec4u(params.V));
}
