/** Several ways to compute something, timed in turn, round by round. */
import type { KernelRunner, Step } from '../../../src/gpu/kernel';
import { Tensor } from '../../../src/gpu/tensor';
import { Random } from '../../../src/math/random';

const ROUNDS = 7;
/** Milliseconds that one timing takes at least, where one pass takes less. */
const LONG_ENOUGH = 12;

/** One way to compute something, repeated as often as it is told. */
export interface Contender {
  name: string;
  run(times: number): Promise<void>;
}

export interface Timed {
  name: string;
  /** Milliseconds of one pass, of each round. */
  ms: number[];
}

export interface Group {
  what: string;
  flop: number;
  /** Of what goes in and out, each once. */
  bytes: number;
  contenders: Timed[];
}

/** Each contender once to warm up, then all of them in turn. */
export async function inTurn(contenders: readonly Contender[]): Promise<Timed[]> {
  const timed: (Timed & { contender: Contender; times: number })[] = [];
  for (const contender of contenders) {
    await contender.run(1);
    const once = await milliseconds(() => contender.run(1));
    const times = Math.max(1, Math.ceil(LONG_ENOUGH / once));
    timed.push({ name: contender.name, ms: [], contender, times });
  }
  for (let round = 0; round < ROUNDS; round++)
    for (const { ms, contender, times } of timed)
      ms.push((await milliseconds(() => contender.run(times))) / times);
  return timed.map(({ name, ms }) => ({ name, ms }));
}

async function milliseconds(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** Steps that are submitted together. */
export const ours = (runner: KernelRunner, name: string, steps: readonly Step[]): Contender => ({
  name,
  run: async (times) => {
    runner.submit(name, Array.from({ length: times }, () => steps).flat());
    await runner.gpu.device.queue.onSubmittedWorkDone();
  },
});

/** Normal values, times `scale`, repeated where there are many. */
export function filled(
  runner: KernelRunner,
  label: string,
  shape: readonly number[],
  { scale = 1, seed = 1 } = {},
): Tensor {
  const tensor = new Tensor(runner.gpu, label, shape);
  const random = new Random(seed);
  const part = Float32Array.from(
    { length: Math.min(tensor.size, 2 ** 16) },
    () => scale * random.normal(),
  );
  for (let first = 0; first < tensor.size; first += part.length)
    tensor.write(part.subarray(0, Math.min(part.length, tensor.size - first)), first);
  return tensor;
}
