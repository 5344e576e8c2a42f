/** A training run on each of ONNX Runtime's providers; its WebGPU kernels take long to compile on a software adapter. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Provider } from '../frozen/provider';
import { openGpu } from '../gpu/device';
import { KernelRunner } from '../gpu/kernel';
import { normals } from '../gpu/testing/harness';
import { parseConfig } from './config';
import { SMALL_E, smallNetworks } from './testing/small-networks';
import { SMALL_RUN } from './testing/small-run';
import { Trainer } from './trainer';

const config = parseConfig({
  ...SMALL_RUN,
  fluencyWeight: 1,
  repetitionWeight: 1,
});

let runner: KernelRunner;
beforeAll(async () => {
  runner = new KernelRunner(await openGpu());
});
afterAll(() => runner.gpu.destroy());

async function run(provider: Provider) {
  const trainer = await Trainer.create(await smallNetworks(runner, provider), config);
  trainer.setPictures(normals(9 * SMALL_E, 9, 3), 0);
  return [await trainer.iterate(), await trainer.iterate()];
}

it('a run has the same numbers on WASM and on ONNX Runtime’s WebGPU kernels', async () => {
  const wasm = await run('wasm');
  const webgpu = await run('webgpu');
  for (const [index, expected] of wasm.entries()) {
    const found = webgpu[index]!;
    expect(found.length).toBe(expected.length);
    for (const name of ['cosine', 'reward'] as const)
      expect(Math.abs(found[name] - expected[name]), name).toBeLessThan(1e-4);
    expected.steps.forEach((step, row) => {
      const other = found.steps[row]!;
      expect(Math.abs(other.ppo.policyLoss - step.ppo.policyLoss)).toBeLessThan(1e-4);
      expect(Math.abs(other.ppo.entropy - step.ppo.entropy)).toBeLessThan(1e-4);
      expect(Math.abs(other.gradNorm - step.gradNorm)).toBeLessThan(1e-3);
    });
  }
});
