// A block of columns copied between matrices: out[r, to + c] = source[r, from + c] for c < C.
// Shapes: source [R, sourceC], out [R, outC]. Elements are copied as 4-byte words; the other columns of
// out stay as they are.

struct Params {
  R: u32,
  C: u32,
  source_columns: u32,
  out_columns: u32,
  from_column: u32,
  to_column: u32,
}

override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> source: array<u32>;
@group(0) @binding(1) var<storage, read_write> out: array<u32>;
@group(0) @binding(2) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = gid.x + gid.y * groups.x * WORKGROUP;
  if (i >= params.R * params.C) {
    return;
  }
  let row = i / params.C;
  let column = i % params.C;
  out[row * params.out_columns + params.to_column + column] =
    source[row * params.source_columns + params.from_column + column];
}
