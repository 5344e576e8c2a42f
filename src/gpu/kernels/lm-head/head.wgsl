// What the kernels of the language model's head have in common. lm-head.ts prepares each of them from
// `stored + lanes + head + kernel`, as WGSL has no imports.
//
// A row r = b T + t is response token t of sequence b; the state that predicts it is
// hidden[b, offset + t, :]. Its logits are hidden . weight^T, and the end-of-text token's is a large
// negative number while t < min_response.
// No kernel here has barriers or shared memory: a register tile of rows x 8 tokens an invocation is
// fast enough on a GPU, and on a software adapter by far the fastest.

struct Params {
  R: u32,
  T: u32,
  V: u32,
  D: u32, // in Lanes
  L: u32,
  offset: u32,
  ref_L: u32,
  ref_offset: u32,
  eos: u32,
  min_response: u32,
  chunk: u32, // tokens that one partial stands for, a multiple of 8
  chunks: u32,
  first: u32, // token of the first column of dlogits, a multiple of 8
  columns: u32, // of dlogits, each four tokens; even
  base: u32, // token whose row of weight is the first that is bound
  bound: u32, // rows of weight that are bound
}

const BANNED: f32 = -1e5;
const ABSENT: f32 = -1e30; // beyond the vocabulary; finite, as WGSL may assume that there is no Inf

fn state_base(row: u32) -> u32 {
  let r = min(row, params.R - 1u);
  return (r / params.T * params.L + params.offset + r % params.T) * params.D;
}

fn ref_state_base(row: u32) -> u32 {
  let r = min(row, params.R - 1u);
  return (r / params.T * params.ref_L + params.ref_offset + r % params.T) * params.D;
}

// v is at least base; what lies beyond the bound rows is limited() or not used.
fn token_base(v: u32) -> u32 {
  return min(v - params.base, params.bound - 1u) * params.D;
}

fn four_tokens(v: u32) -> vec4u {
  return v + vec4u(0u, 1u, 2u, 3u);
}

// Whether one of the tokens v .. v + 7 may be banned or absent.
fn is_limited(v: u32) -> bool {
  return v + 8u > params.V || params.eos - v < 8u;
}

// Logits of the tokens v .. v + 3, with those that are banned or absent out of the running.
fn limited(logits: vec4f, row: u32, v: u32) -> vec4f {
  let tokens = four_tokens(v);
  let early = vec4<bool>(row % params.T < params.min_response);
  let allowed = select(logits, vec4f(BANNED), (tokens == vec4u(params.eos)) & early);
  return select(allowed, vec4f(ABSENT), tokens >= vec4u(params.V));
}
