import { expect, it } from 'vitest';
import { findRoom } from './room';
import { withRunner } from './testing/harness';

const kit = withRunner();
const MIB = 2 ** 20;

it('finds room for what the adapter gives, and gives it back', async () => {
  const { device } = kit.runner.gpu;
  expect(await findRoom(device, 300 * MIB + 1)).toBe(300 * MIB + 1);
  expect(await findRoom(device, 300 * MIB)).toBe(300 * MIB);
});

it('says how much there was where it ends', async () => {
  const { device } = kit.runner.gpu;
  let live = 0;
  let asked = 0;
  // The adapter here has no end that a test may reach: one is set.
  const small = {
    pushErrorScope: (filter: GPUErrorFilter) => device.pushErrorScope(filter),
    createBuffer(descriptor: GPUBufferDescriptor) {
      const buffer = device.createBuffer({ ...descriptor, size: 16 });
      asked += descriptor.size;
      live++;
      const destroy = buffer.destroy.bind(buffer);
      return Object.assign(buffer, { destroy: () => (live--, destroy()) });
    },
    async popErrorScope() {
      await device.popErrorScope();
      return asked > 500 * MIB ? new GPUOutOfMemoryError('no more') : null;
    },
  };
  expect(await findRoom(small, 1000 * MIB)).toBe(384 * MIB);
  expect(live).toBe(0);
});
