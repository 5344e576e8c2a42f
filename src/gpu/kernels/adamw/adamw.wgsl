// AdamW with a gradient that lies in memory, whole or as R rows that it is the sum of, see gradient.ts.
// Shapes: gradient [R, columns]; parameter, m, v [columns]. One invocation a Lanes.

@group(0) @binding(2) var<storage, read> gradient: array<Lanes>;
@group(0) @binding(3) var<storage, read_write> parameter: array<Lanes>;
@group(0) @binding(4) var<storage, read_write> m: array<Lanes>;
@group(0) @binding(5) var<storage, read_write> v: array<Lanes>;
@group(0) @binding(6) var<uniform> params: Params;

override WORKGROUP: u32 = 64;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = gid.x + gid.y * groups.x * WORKGROUP;
  if (i >= params.columns || non_finite[0] != 0u) {
    return;
  }
  var sum = Lanes();
  for (var r = 0u; r < params.R; r++) {
    sum += gradient[r * params.columns + i];
  }
  let g = scale[0] * sum;
  let first = first_moment(m[i], g);
  let second = second_moment(v[i], g);
  parameter[i] = stepped(parameter[i], first, second);
  m[i] = first;
  v[i] = second;
}
