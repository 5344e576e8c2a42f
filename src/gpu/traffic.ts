/**
 * What our own code asked of the device since it was opened: what an iteration costs beside its arithmetic.
 * ONNX Runtime's calls go past it.
 */
export interface Traffic {
  /** Command buffers handed to the queue. */
  submits: number;
  /** Kernel calls recorded. */
  dispatches: number;
  /** `writeBuffer` calls, uniforms included, and their bytes. */
  uploads: number;
  uploadedBytes: number;
  /** Buffers mapped to be read. */
  readbacks: number;
}

export const noTraffic = (): Traffic => ({
  submits: 0,
  dispatches: 0,
  uploads: 0,
  uploadedBytes: 0,
  readbacks: 0,
});

/** What came between two counts. */
export const trafficSince = (before: Traffic, now: Traffic): Traffic => ({
  submits: now.submits - before.submits,
  dispatches: now.dispatches - before.dispatches,
  uploads: now.uploads - before.uploads,
  uploadedBytes: now.uploadedBytes - before.uploadedBytes,
  readbacks: now.readbacks - before.readbacks,
});
