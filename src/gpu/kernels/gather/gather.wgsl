// Rows by index: out[r, :] = source[index[r], :], or source[via[index[r]], :].
// Shapes: source [N, C], via [V], index [R], out [R, C]. Elements are copied as 4-byte words, whatever they mean.

struct Params {
  R: u32,
  C: u32,
  has_via: u32,
}

override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> source: array<u32>;
@group(0) @binding(1) var<storage, read> index: array<u32>;
@group(0) @binding(2) var<storage, read> via: array<u32>;
@group(0) @binding(3) var<storage, read_write> out: array<u32>;
@group(0) @binding(4) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = gid.x + gid.y * groups.x * WORKGROUP;
  if (i >= params.R * params.C) {
    return;
  }
  var row = index[i / params.C];
  if (params.has_via == 1u) {
    row = via[row];
  }
  out[i] = source[row * params.C + i % params.C];
}
