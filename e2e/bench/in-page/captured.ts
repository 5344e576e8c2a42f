/**
 * One token of the rollout on ONNX Runtime's WebGPU kernels, run after run and as a captured graph (static shapes,
 * everything bound on the GPU), beside the same token on our kernels.
 */
import { buildGpt2, cacheNames } from '../../../src/frozen/gpt2/graph';
import { openLanguageModel } from '../../../src/frozen/gpt2/open';
import { parameterTensors } from '../../../src/frozen/gpt2/parameters';
import type { Gpt2Weights } from '../../../src/frozen/gpt2/weights';
import { bound, Session } from '../../../src/frozen/onnx/runtime';
import type { KernelRunner } from '../../../src/gpu/kernel';
import { Tensor } from '../../../src/gpu/tensor';
import { Random } from '../../../src/math/random';

/** Positions read before the token. */
const PAST = 8;
const STEP = { prefix: false, past: true, mask: false, hidden: false, logits: true };

export interface CapturedTimes {
  /** Milliseconds of a token, the queue waited for. */
  plain: number[];
  captured: number[];
  kernels: number[];
  /** Largest difference of the captured graph's logits from the plain ones. */
  difference: number;
}

export async function measureCapture(
  runner: KernelRunner,
  weights: Gpt2Weights,
  B: number,
  rounds: number,
): Promise<CapturedTimes> {
  const { gpu } = runner;
  const { n_embd: D, n_head: H, vocab_size: V } = weights.config;
  const random = new Random(3);
  const made: Tensor[] = [];
  const make = (label: string, shape: number[], data?: Float32Array | Int32Array) => {
    const tensor = data ? Tensor.from(gpu, label, shape, data) : new Tensor(gpu, label, shape);
    made.push(tensor);
    return tensor;
  };
  const cache = (name: string, length: number) =>
    name.endsWith('key') ? [B, H, D / H, length] : [B, H, length, D / H];
  const names = cacheNames(weights.config);
  const size = B * PAST * D;
  const pasts = names.map((name) =>
    make(
      name,
      cache(name, PAST),
      Float32Array.from({ length: size }, () => random.normal()),
    ),
  );
  const tokens = make(
    'tokens',
    [B, 1],
    Int32Array.from({ length: B }, (_, b) => b % V),
  );
  const feeds = Object.fromEntries([
    ...[...parameterTensors(weights)].map(([name, tensor]) => [name, bound(tensor)] as const),
    ...names.map((name, i) => [`past.${name}`, bound(pasts[i]!)] as const),
    ['tokens', bound(tokens)] as const,
    ['positions', bound(make('position', [1], Int32Array.of(PAST)))] as const,
  ]);

  const ways = { plain: false, captured: true };
  const times: CapturedTimes = { plain: [], captured: [], kernels: [], difference: 0 };
  const runs: Record<string, () => Promise<unknown>> = {};
  const logits: Record<string, Tensor> = {};
  const model = buildGpt2(weights.config, STEP, 'inputs');
  const gpuOutputs = ['logits', ...names.map((name) => `present.${name}`)];
  for (const [way, graphCapture] of Object.entries(ways)) {
    const session = await Session.create(model, gpu, 'webgpu', { gpuOutputs, graphCapture });
    logits[way] = make('logits', [B, V]);
    const fetches = Object.fromEntries([
      ['logits', bound(logits[way])] as const,
      ...names.map(
        (name) => [`present.${name}`, bound(make(name, cache(name, PAST + 1)))] as const,
      ),
    ]);
    runs[way] = () => session.run(feeds, fetches);
  }
  const ours = await openLanguageModel(runner, weights, 'kernels');
  const query = make('query', [B, PAST], new Int32Array(B * PAST));
  const next = make('next', [B], new Int32Array(B));
  let decoding = await ours.startDecoding({ prefix: undefined, query, B, steps: 1 });
  const timed = async (work: () => Promise<unknown>) => {
    await gpu.idle();
    const started = performance.now();
    await work();
    return (await gpu.idle()) - started;
  };
  for (let round = 0; round <= rounds; round++) {
    const plain = await timed(runs['plain']!);
    const captured = await timed(runs['captured']!);
    decoding = await ours.startDecoding({ prefix: undefined, query, B, steps: 1 });
    const kernels = await timed(() => decoding.step(next));
    if (round === 0) continue; // compiles, and captures
    times.plain.push(plain);
    times.captured.push(captured);
    times.kernels.push(kernels);
  }
  const [expected, found] = [await logits['plain']!.read(), await logits['captured']!.read()];
  times.difference = Math.max(...expected.map((value, i) => Math.abs(value - found[i]!)));
  await ours.dispose();
  for (const tensor of made) tensor.destroy();
  return times;
}
