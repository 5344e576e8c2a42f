/** Tensors of a golden file, which are nested lists, as the page keeps them. */
export const flatValues = (
  tensors: Readonly<Record<string, readonly unknown[]>>,
): Record<string, Float32Array<ArrayBuffer>> =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, values]) => [
      name,
      Float32Array.from(values.flat(Infinity) as number[]),
    ]),
  );
