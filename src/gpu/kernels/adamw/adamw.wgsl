// AdamW with a gradient that lies in memory. Shapes: gradient, parameter, m, v [rows, columns].
// One invocation a Lanes.

@group(0) @binding(2) var<storage, read> gradient: array<Lanes>;
@group(0) @binding(3) var<storage, read_write> parameter: array<Lanes>;
@group(0) @binding(4) var<storage, read_write> m: array<Lanes>;
@group(0) @binding(5) var<storage, read_write> v: array<Lanes>;
@group(0) @binding(6) var<uniform> params: Params;

override WORKGROUP: u32 = 64;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = gid.x + gid.y * groups.x * WORKGROUP;
  if (i >= params.rows * params.columns || non_finite[0] != 0u) {
    return;
  }
  let g = scale[0] * gradient[i];
  let first = first_moment(m[i], g);
  let second = second_moment(v[i], g);
  parameter[i] = stepped(parameter[i], first, second);
  m[i] = first;
  v[i] = second;
}
