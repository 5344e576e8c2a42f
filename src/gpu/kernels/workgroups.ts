/** How many workgroups cover a problem, folded over y where x alone would pass WebGPU's 65,535. */

const LIMIT = 65535;

/** One workgroup a row: the kernel's row is `group.x + group.y * groups.x`, guarded by R. */
export function rowWorkgroups(rows: number): [number, number] {
  const y = Math.max(1, Math.ceil(rows / LIMIT));
  return [Math.max(1, Math.ceil(rows / y)), y];
}

/** One invocation an element, `size` a workgroup: index `gid.x + gid.y * groups.x * size`. */
export function elementWorkgroups(elements: number, size: number): [number, number] {
  return rowWorkgroups(Math.ceil(elements / size));
}
