/**
 * GPT-2 124M at its true shape, random weights: how long its checkpoint takes from the browser's own disk to
 * the GPU beside reading the file alone, and the phases of one pass. Runs in a page of Vite's server.
 */
import golden from '../../../models/reference/golden/gpt2-124m.json';
import { Gpt2Differentiable } from '../../../src/frozen/gpt2/differentiable';
import { KeptHalves } from '../../../src/frozen/gpt2/kept-halves';
import { receiveGpt2 } from '../../../src/frozen/gpt2/load';
import { parameterTensors } from '../../../src/frozen/gpt2/parameters';
import { hashedCheckpoint } from '../../../src/frozen/gpt2/testing/true-size';
import type { Gpt2Weights, WeightDType } from '../../../src/frozen/gpt2/weights';
import { readAhead } from '../../../src/frozen/read-ahead';
import { type Gpu, openGpu } from '../../../src/gpu/device';
import { KernelRunner, type Step } from '../../../src/gpu/kernel';
import { lmHeadBackward, lmHeadForward } from '../../../src/gpu/kernels/lm-head/lm-head';
import { Tensor } from '../../../src/gpu/tensor';

const ROUNDS = 3;
/** L = P + S = 32. */
const SIZES = { B: 1, P: 10, S: 22 };
const { config } = golden;

/** The file alone; as f32; as halves, converted; as halves, from the copy that a first start keeps. */
const LOADS = ['read', 'f32', 'f16', 'kept halves'] as const;

export interface TrueSizeTimes {
  fileBytes: number;
  /** Milliseconds of each round, taken in turn. */
  load: Record<(typeof LOADS)[number], number[]>;
  phases: Record<WeightDType, Record<string, number[]>>;
}

export async function measureTrueSize(): Promise<TrueSizeTimes> {
  const gpu = await openGpu();
  const runner = new KernelRunner(gpu);
  const file = await storedCheckpoint();
  const halves = await halvesOf(gpu, file);
  const load: TrueSizeTimes['load'] = { read: [], f32: [], f16: [], 'kept halves': [] };
  const phases: TrueSizeTimes['phases'] = { f32: {}, f16: {} };
  for (let round = 0; round < ROUNDS; round++) {
    load.read.push(await timed(() => readAhead(file).stream().pipeTo(new WritableStream())));
    for (const kind of ['f32', 'f16', 'kept halves'] as const) {
      const storage = kind === 'f32' ? 'f32' : 'f16';
      let weights: Gpt2Weights | undefined;
      const ms = await timed(async () => {
        const source = readAhead(kind === 'kept halves' ? halves : file);
        weights = await receiveGpt2(gpu, config, 'GPT-2 124M', source, storage);
        await gpu.device.queue.onSubmittedWorkDone();
      });
      load[kind].push(ms);
      if (kind !== 'kept halves') await measurePhases(runner, weights!, phases[storage]);
      for (const tensor of parameterTensors(weights!).values()) tensor.destroy();
      await gpu.device.queue.onSubmittedWorkDone();
    }
  }
  gpu.destroy();
  return { fileBytes: file.size, load, phases };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

const storedCheckpoint = () => stored('bench.safetensors', hashedCheckpoint(config).stream());

async function stored(name: string, bytes: ReadableStream): Promise<File> {
  const folder = await navigator.storage.getDirectory();
  const handle = await folder.getFileHandle(name, { create: true });
  await bytes.pipeTo(await handle.createWritable());
  return handle.getFile();
}

/** The copy that a first start keeps; pages cannot write in place, so it passes through memory. */
async function halvesOf(gpu: Gpu, file: File): Promise<File> {
  const chunks: BlobPart[] = [];
  const receive = async () => ({
    length: 0,
    write: (bytes: Uint8Array<ArrayBuffer>) => void chunks.push(bytes.slice()),
    restart: () => {},
    finish: async () => {},
    close: () => {},
    discard: async () => {},
  });
  const halves = new KeptHalves({ read: async () => undefined, receive }, 'bench');
  const weights = await receiveGpt2(gpu, config, 'GPT-2 124M', readAhead(file), 'f16', halves);
  for (const tensor of parameterTensors(weights).values()) tensor.destroy();
  return stored('bench.safetensors.f16', new Blob(chunks).stream());
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
    after: headForward,
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
