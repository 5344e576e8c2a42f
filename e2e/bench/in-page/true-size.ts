/**
 * GPT-2 124M at its true shape, random weights: how long its checkpoint takes from the browser's own disk to
 * the GPU beside reading the file alone, and the phases of one pass. Runs in a page of Vite's server.
 */
import golden from '../../../models/reference/golden/gpt2-124m.json';
import { Gpt2Differentiable } from '../../../src/frozen/gpt2/differentiable';
import { receiveGpt2 } from '../../../src/frozen/gpt2/load';
import { parameterTensors } from '../../../src/frozen/gpt2/parameters';
import { hashedCheckpoint } from '../../../src/frozen/gpt2/testing/true-size';
import type { Gpt2Weights, WeightDType } from '../../../src/frozen/gpt2/weights';
import { openGpu } from '../../../src/gpu/device';
import { KernelRunner, type Step } from '../../../src/gpu/kernel';
import { lmHeadBackward, lmHeadForward } from '../../../src/gpu/kernels/lm-head/lm-head';
import { Tensor } from '../../../src/gpu/tensor';

const ROUNDS = 3;
/** L = P + S = 32. */
const SIZES = { B: 1, P: 10, S: 22 };
const { config } = golden;

export interface TrueSizeTimes {
  adapter: string;
  fileBytes: number;
  /** Milliseconds of each round, taken in turn. */
  load: Record<'read' | WeightDType, number[]>;
  phases: Record<WeightDType, Record<string, number[]>>;
}

export async function measureTrueSize(): Promise<TrueSizeTimes> {
  const gpu = await openGpu();
  const runner = new KernelRunner(gpu);
  const file = await storedCheckpoint();
  const load: TrueSizeTimes['load'] = { read: [], f32: [], f16: [] };
  const phases: TrueSizeTimes['phases'] = { f32: {}, f16: {} };
  for (let round = 0; round < ROUNDS; round++) {
    load.read.push(await timed(() => file.stream().pipeTo(new WritableStream())));
    for (const storage of ['f32', 'f16'] as const) {
      let weights: Gpt2Weights | undefined;
      const ms = await timed(async () => {
        weights = await receiveGpt2(gpu, config, 'GPT-2 124M', file, storage);
        await gpu.device.queue.onSubmittedWorkDone();
      });
      load[storage].push(ms);
      await measurePhases(runner, weights!, phases[storage]);
      for (const tensor of parameterTensors(weights!).values()) tensor.destroy();
    }
  }
  const { name } = gpu;
  gpu.destroy();
  return { adapter: name, fileBytes: file.size, load, phases };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

async function storedCheckpoint(): Promise<File> {
  const folder = await navigator.storage.getDirectory();
  const handle = await folder.getFileHandle('bench.safetensors', { create: true });
  await hashedCheckpoint(config)
    .stream()
    .pipeTo(await handle.createWritable());
  return handle.getFile();
}

/** Adds one time to each phase; the first run of each, which compiles, is not counted. */
async function measurePhases(
  runner: KernelRunner,
  weights: Gpt2Weights,
  times: Record<string, number[]>,
): Promise<void> {
  const { gpu } = runner;
  const { B, P, S } = SIZES;
  const model = await Gpt2Differentiable.create(runner, weights, SIZES);
  const T = S - 1;
  const made: Tensor[] = [];
  const perToken = (label: string) => {
    const tensor = new Tensor(gpu, label, [B, T]);
    made.push(tensor);
    return tensor;
  };
  const targets = new Tensor(gpu, 'targets', [B, T], 'u32');
  made.push(targets);
  const head = {
    policy: { hidden: model.hidden, offset: P },
    weight: weights.head,
    targets,
    eos: config.eos_token_id,
    minResponse: 0,
    entropy: perToken('entropy'),
    lse: perToken('lse'),
  };
  const headForward = await lmHeadForward(runner, { ...head, logp: perToken('logp') });
  const headBackward = await lmHeadBackward(runner, {
    ...head,
    dlogp: perToken('dlogp'),
    dentropy: perToken('dentropy'),
    dhidden: model.dHidden,
  });
  const phases: Record<string, readonly Step[]> = {
    forward: model.forward,
    'head forward': [headForward],
    'head backward': [headBackward],
    backward: model.backward,
  };
  for (const [name, steps] of Object.entries(phases)) {
    const run = () =>
      timed(async () => {
        runner.submit(name, steps);
        await gpu.device.queue.onSubmittedWorkDone();
      });
    await run();
    (times[name] ??= []).push(await run());
  }
  headForward.destroy();
  headBackward.destroy();
  model.destroy();
  for (const tensor of made) tensor.destroy();
}
