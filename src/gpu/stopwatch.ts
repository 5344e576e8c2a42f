/**
 * How long steps take on the GPU: by its own clock where the device has timestamp-query, else from the submit to
 * the end of the queue's work. Browsers round that clock to .1 ms, so short steps are to be repeated.
 */
import type { Gpu } from './device';
import { Commands, type Step } from './kernel';

const NANOSECONDS = 1e-6;

/**
 * @param steps dispatches only: a copy would end the pass that is timed
 * @returns milliseconds of `times` rounds
 */
export async function timeOnGpu(gpu: Gpu, steps: readonly Step[], times = 1): Promise<number> {
  const { device } = gpu;
  const rounds = Array.from({ length: times }, () => steps).flat();
  if (!device.features.has('timestamp-query')) {
    await device.queue.onSubmittedWorkDone();
    const started = performance.now();
    submit(gpu, rounds);
    await device.queue.onSubmittedWorkDone();
    return performance.now() - started;
  }
  const querySet = device.createQuerySet({ label: 'stopwatch', type: 'timestamp', count: 2 });
  const resolved = gpu.createBuffer('stopwatch', 16, 0x200 | 0x4); // QUERY_RESOLVE | COPY_SRC
  const read = gpu.createBuffer('stopwatch read', 16, 0x1 | 0x8); // MAP_READ | COPY_DST
  try {
    const writes = { querySet, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 };
    submit(gpu, rounds, writes);
    const encoder = device.createCommandEncoder({ label: 'stopwatch' });
    encoder.resolveQuerySet(querySet, 0, 2, resolved, 0);
    encoder.copyBufferToBuffer(resolved, 0, read, 0, 16);
    gpu.submit(encoder.finish());
    await gpu.map(read, 16);
    const [begin = 0n, end = 0n] = new BigUint64Array(read.getMappedRange());
    return Number(end - begin) * NANOSECONDS;
  } finally {
    gpu.destroyBuffer(resolved);
    gpu.destroyBuffer(read);
    querySet.destroy();
  }
}

function submit(
  gpu: Gpu,
  steps: readonly Step[],
  timestampWrites?: GPUComputePassTimestampWrites,
): void {
  const commands = new Commands(gpu.device, 'stopwatch', timestampWrites);
  for (const step of steps) step.encode(commands);
  commands.submit(gpu);
}
