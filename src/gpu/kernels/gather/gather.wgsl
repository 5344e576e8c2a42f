// Rows by index: out[r, :] = source[index[r], :].
// Shapes: source [N, C], index [R], out [R, C]. Elements are copied as 4-byte words, whatever they mean.

struct Params {
  R: u32,
  C: u32,
}

override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> source: array<u32>;
@group(0) @binding(1) var<storage, read> index: array<u32>;
@group(0) @binding(2) var<storage, read_write> out: array<u32>;
@group(0) @binding(3) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = gid.x + gid.y * groups.x * WORKGROUP;
  if (i >= params.R * params.C) {
    return;
  }
  let row = i / params.C;
  out[i] = source[index[row] * params.C + i % params.C];
}
