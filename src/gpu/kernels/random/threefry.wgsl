// Counter-based random numbers: Threefry-2x32 with 20 rounds, the twin of src/math/random.ts: the same
// (key, counter) gives the same bits on both sides.
// Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (SC 2011), Random123.
// WGSL has no imports: a kernel that draws is prepared from `threefry + kernel`, this text before its own.

const THREEFRY_PARITY: u32 = 0x1bd11bdau;
const THREEFRY_EVEN = vec4u(13u, 15u, 26u, 6u);
const THREEFRY_ODD = vec4u(17u, 29u, 16u, 24u);

fn threefry_round(x: vec2u, rotation: u32) -> vec2u {
  let sum = x.x + x.y;
  return vec2u(sum, ((x.y << rotation) | (x.y >> (32u - rotation))) ^ sum);
}

fn threefry_four_rounds(x: vec2u, rotations: vec4u) -> vec2u {
  return threefry_round(threefry_round(threefry_round(threefry_round(
    x, rotations.x), rotations.y), rotations.z), rotations.w);
}

// Two uint32 from a two-word key and a two-word counter.
fn threefry2x32(key: vec2u, counter: vec2u) -> vec2u {
  let third = THREEFRY_PARITY ^ key.x ^ key.y;
  var x = counter + key;
  x = threefry_four_rounds(x, THREEFRY_EVEN) + vec2u(key.y, third + 1u);
  x = threefry_four_rounds(x, THREEFRY_ODD) + vec2u(third, key.x + 2u);
  x = threefry_four_rounds(x, THREEFRY_EVEN) + vec2u(key.x, key.y + 3u);
  x = threefry_four_rounds(x, THREEFRY_ODD) + vec2u(key.y, third + 4u);
  return threefry_four_rounds(x, THREEFRY_EVEN) + vec2u(third, key.x + 5u);
}
