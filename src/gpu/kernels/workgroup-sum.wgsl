// The sum of what the invocations of a workgroup bring, known to all of them; put before kernels that name
//   alias Summed (f32, or a vector of it) and WORKGROUP, a power of two.
// Added in a tree, so that the order depends on WORKGROUP alone.

var<workgroup> partial: array<Summed, WORKGROUP>;

fn workgroup_sum(lane: u32, value: Summed) -> Summed {
  partial[lane] = value;
  workgroupBarrier();
  for (var half = WORKGROUP / 2u; half > 0u; half = half / 2u) {
    if (lane < half) {
      partial[lane] += partial[lane + half];
    }
    workgroupBarrier();
  }
  let total = partial[0];
  workgroupBarrier();
  return total;
}
