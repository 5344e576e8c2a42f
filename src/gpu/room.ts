/**
 * Whether the GPU has room for a run. WebGPU does not tell how much memory there is, so it is asked for
 * and given back at once.
 */
const PART = 128 * 2 ** 20;

/** What of a device the question needs. */
type Device = Pick<GPUDevice, 'createBuffer' | 'pushErrorScope' | 'popErrorScope'>;

/** @returns the bytes of `wanted` that the device gave, in parts of 128 MiB; `wanted` where it gave all */
export async function findRoom(device: Device, wanted: number): Promise<number> {
  const parts: GPUBuffer[] = [];
  let given = 0;
  try {
    while (given < wanted) {
      const size = Math.min(PART, Math.ceil((wanted - given) / 16) * 16);
      device.pushErrorScope('out-of-memory');
      parts.push(device.createBuffer({ label: 'room', size, usage: 0x80 })); // STORAGE
      if (await device.popErrorScope()) return given;
      given += size;
    }
    return wanted;
  } finally {
    for (const part of parts) part.destroy();
  }
}
