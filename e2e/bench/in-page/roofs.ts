/**
 * What the adapter can do at most, measured as kernels that do nothing else: f32 multiplications with additions, and
 * bytes copied between buffers larger than a cache. The roofs of Williams et al. 2009, "Roofline".
 */
import { type Dispatch, type KernelRunner, u32 } from '../../../src/gpu/kernel';
import { elementWorkgroups } from '../../../src/gpu/kernels/workgroups';
import { Tensor } from '../../../src/gpu/tensor';
import type { Roofs } from '../roofline';
import stream from './stream.wgsl?raw';

const WORKGROUP = 64;
/** Sums that a lane has side by side, so that none waits for another; a software adapter has 16 registers. */
const SUMS = 12;
/** Steps of each in a round of the loop, which costs a software adapter as much as some of them. */
const STEPS = 16;
const FLOP_OF_A_ROUND = SUMS * STEPS * 2;
const REPEATS = 5;
/** Milliseconds from which starting a kernel is nothing beside it. */
const LONG_ENOUGH = 60;

export async function measureRoofs(runner: KernelRunner): Promise<Roofs> {
  const { isSoftware } = runner.gpu;
  const threads = isSoftware ? 2 ** 12 : 2 ** 18;
  const rounds = 2 ** 10;
  const sink = new Tensor(runner.gpu, 'sink', [threads]);
  const compute = await runner.prepare({
    label: 'arithmetic',
    code: arithmetic(),
    inputs: [],
    outputs: [sink],
    params: { rounds: u32(rounds) },
    workgroups: elementWorkgroups(threads, WORKGROUP),
  });
  const gflops = (FLOP_OF_A_ROUND * rounds * threads) / (await leastMs(runner, compute)) / 1e6;
  const { maxStorageBufferBindingSize } = runner.gpu.device.limits;
  const vectors = Math.min(
    isSoftware ? 2 ** 22 : 2 ** 24,
    Math.floor(maxStorageBufferBindingSize / 16),
  );
  const [from, to] = ['from', 'to'].map((name) => new Tensor(runner.gpu, name, [vectors * 4]));
  const copy = await runner.prepare({
    label: 'stream',
    code: stream,
    inputs: [from!],
    outputs: [to!],
    params: { n: u32(vectors) },
    workgroups: elementWorkgroups(vectors, WORKGROUP),
  });
  const gigabytes = (2 * 16 * vectors) / (await leastMs(runner, copy)) / 1e6;
  for (const made of [sink, from!, to!, compute, copy]) made.destroy();
  return { gflops, gigabytes };
}

/** As many multiplications with additions as an adapter can do, with nothing to wait for. out [threads]. */
function arithmetic(): string {
  const sums = Array.from({ length: SUMS }, (_, i) => `s${i}`);
  const step = sums.map((sum) => `${sum} = ${sum} * factor + factor;`).join(' ');
  return `
    struct Params { rounds: u32 }
    @group(0) @binding(0) var<storage, read_write> out: array<f32>;
    @group(0) @binding(1) var<uniform> params: Params;
    @compute @workgroup_size(${WORKGROUP})
    fn main(@builtin(global_invocation_id) id: vec3u) {
      let factor = 0.999 + f32(id.x & 15u) * 1e-6;
      ${sums.map((sum, i) => `var ${sum} = factor + ${i}.0;`).join(' ')}
      for (var i = 0u; i < params.rounds; i++) {
        ${Array.from({ length: STEPS }, () => step).join('\n        ')}
      }
      out[id.x] = ${sums.join(' + ')}; // so that nothing is left out as unused
    }`;
}

/** Of one run of the kernel; the least, as a roof is what can be reached. */
async function leastMs(runner: KernelRunner, kernel: Dispatch): Promise<number> {
  const run = async (times: number) => {
    const started = performance.now();
    runner.submit(
      'roof',
      Array.from({ length: times }, () => kernel),
    );
    await runner.gpu.device.queue.onSubmittedWorkDone();
    return (performance.now() - started) / times;
  };
  await run(1); // compiles
  const times = Math.max(1, Math.ceil(LONG_ENOUGH / (await run(1))));
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < REPEATS; i++) least = Math.min(least, await run(times));
  return least;
}
