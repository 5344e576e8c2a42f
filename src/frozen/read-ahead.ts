/**
 * A file on the disk, read in large slices with the next one under way: a stream of its own gives pieces
 * of a few hundred kB, each of which costs a turn between processes. At most two slices are in memory.
 */
const SLICE_BYTES = 16 << 20;

export function readAhead(blob: Blob): Pick<Blob, 'size' | 'stream'> {
  return {
    size: blob.size,
    stream() {
      let at = 0;
      return new ReadableStream(
        {
          async pull(controller) {
            if (at >= blob.size) return controller.close();
            const slice = blob.slice(at, (at += SLICE_BYTES));
            controller.enqueue(new Uint8Array(await slice.arrayBuffer()));
          },
        },
        { highWaterMark: 1 },
      );
    },
  };
}
