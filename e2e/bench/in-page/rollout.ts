/**
 * The rollout of the bundled world, untrained projector, default settings: on each way to decode, with and
 * without beginnings that the samples of a picture share, taken in turn; CLIP's text passes after sampling or
 * beside the sampling of the other half; and a token as a captured graph. Runs in a page of Vite's server.
 */
import { type Batch, createBatch } from '../../../src/esper/batch';
import { batchSize, type Config, DEFAULT_CONFIG } from '../../../src/esper/config';
import type { Networks } from '../../../src/esper/networks';
import { Projector } from '../../../src/esper/projector';
import { shapeOf } from '../../../src/esper/projector/shape';
import { initialProjector } from '../../../src/esper/projector/values';
import { queriesOf } from '../../../src/esper/queries';
import { createRollout, drawsOf, type Rollout } from '../../../src/esper/rollout';
import { loadClip } from '../../../src/frozen/clip/clip';
import { Gpt2Cache } from '../../../src/frozen/gpt2/cache';
import { Gpt2Differentiable } from '../../../src/frozen/gpt2/differentiable';
import { loadGpt2 } from '../../../src/frozen/gpt2/load';
import type { LanguageModel } from '../../../src/frozen/gpt2/model';
import { openLanguageModel } from '../../../src/frozen/gpt2/open';
import { loadTokenizer } from '../../../src/frozen/tokenizer';
import { openGpu } from '../../../src/gpu/device';
import { KernelRunner } from '../../../src/gpu/kernel';
import { Tensor } from '../../../src/gpu/tensor';
import { type Traffic, trafficSince } from '../../../src/gpu/traffic';
import { Random } from '../../../src/math/random';
import { LABEL } from '../../../src/worker/world';
import { type CapturedTimes, measureCapture } from './captured';

const MODELS = new URL('/models/shapes/', location.href).href;
const E = 64;
const ON = ['wasm', 'kernels', 'webgpu'] as const;

export interface RolloutTimes {
  adapter: string;
  episodes: number;
  samplesPerImage: number;
  /** Of each way to decode: milliseconds of each round and what one rollout asks of the device. */
  ways: Record<string, { once: number[]; each: number[]; traffic: Traffic }>;
  /** Of `rollouts` sampled ones: those whose every row had ended before the last token. */
  ended: { rollouts: number; sampled: number; textOnly: number };
  /** Milliseconds of sampling a batch and reading its texts with CLIP: whole, or in halves. */
  clip: { whole: number[]; after: number[]; beside: number[] };
  capture: CapturedTimes;
}

/** @param rounds times of each way; of ONNX Runtime's WebGPU, which is slow on a software adapter, a thirtieth of them */
export async function measureRollout(rounds: number): Promise<RolloutTimes> {
  const gpu = await openGpu();
  const runner = new KernelRunner(gpu);
  const weights = await loadGpt2(gpu, `${MODELS}gpt2/`);
  const tokenizer = await loadTokenizer(`${MODELS}gpt2/`);
  const clip = await loadClip(gpu, `${MODELS}clip/`, { dtype: 'fp32' });
  const networksOn = (lm: LanguageModel): Networks => ({
    runner,
    lm,
    tokenizer,
    clip,
    E,
    query: [tokenizer.eosId, ...tokenizer.encode(LABEL)],
    differentiate: (sizes) => Gpt2Differentiable.create(runner, weights, sizes),
    cache: (sizes) => Gpt2Cache.create(runner, weights, sizes),
  });
  const config = DEFAULT_CONFIG;
  const ways: RolloutTimes['ways'] = {};
  const samplers: Record<string, Sampler> = {};
  for (const on of ON) {
    const lm = await openLanguageModel(runner, weights, on);
    samplers[on] = await createSampler(networksOn(lm), config);
    samplers[`${on} each`] = await createSampler(networksOn(withoutSharing(lm)), config);
    ways[on] = { once: [], each: [], traffic: gpu.traffic };
    await samplers[on].run(0);
    await samplers[`${on} each`]!.run(0);
  }
  for (let round = 1; round <= rounds; round++)
    for (const on of ON) {
      if (on === 'webgpu' && round % 30 !== 0) continue;
      const way = ways[on]!;
      const before = gpu.traffic;
      way.once.push(await timed(() => samplers[on]!.run(round)));
      way.traffic = trafficSince(before, gpu.traffic);
      way.each.push(await timed(() => samplers[`${on} each`]!.run(round)));
    }

  const T = config.responseLength;
  const rollouts = 20;
  const ended = { rollouts, sampled: 0, textOnly: 0 };
  for (let i = 0; i < rollouts; i++)
    for (const [kind, blind] of [
      ['sampled', false],
      ['textOnly', true],
    ] as const) {
      const { lengths } = await samplers['wasm']!.run(100 + i, blind);
      if (Math.max(...lengths) < T) ended[kind]++;
    }

  const half = { ...config, imagesPerBatch: config.imagesPerBatch / 2 };
  const lm = await openLanguageModel(runner, weights, 'wasm');
  const halves = [
    await createSampler(networksOn(lm), half),
    await createSampler(networksOn(lm), half),
  ] as const;
  const features = [0, 1].map(() => new Tensor(gpu, 'text features', [batchSize(config), E]));
  const read = (texts: string[], to: number) => clip.textFeatures(texts, features[to]!);
  const whole = async (round: number) => read((await samplers['wasm']!.run(round)).texts, 0);
  const after = async (round: number) => {
    for (const part of [0, 1] as const)
      await read((await halves[part].run(2 * round + part)).texts, part);
  };
  const beside = async (round: number) => {
    const first = await halves[0].run(2 * round);
    const [, second] = await Promise.all([read(first.texts, 0), halves[1].run(2 * round + 1)]);
    await read(second.texts, 1);
  };
  const overlap: RolloutTimes['clip'] = { whole: [], after: [], beside: [] };
  await after(0);
  for (let round = 1; round <= rounds; round++) {
    overlap.whole.push(await timed(() => whole(round)));
    overlap.after.push(await timed(() => after(round)));
    overlap.beside.push(await timed(() => beside(round)));
  }
  const capture = await measureCapture(runner, weights, batchSize(config), rounds / 10);
  const { name } = gpu;
  gpu.destroy();
  return {
    adapter: name,
    episodes: batchSize(config),
    samplesPerImage: config.samplesPerImage,
    ways,
    ended,
    clip: overlap,
    capture,
  };
}

/** The same model, which reads the beginning of each sequence. */
const withoutSharing = (lm: LanguageModel): LanguageModel => ({
  config: lm.config,
  weights: lm.weights,
  provider: lm.provider,
  startDecoding: ({ prefix, query, B, steps }) => lm.startDecoding({ prefix, query, B, steps }),
  hidden: (pass) => lm.hidden(pass),
  dispose: () => lm.dispose(),
});

interface Sampler {
  run(stream: number, blind?: boolean): ReturnType<Rollout['run']>;
}

async function createSampler(networks: Networks, config: Config): Promise<Sampler> {
  const { runner, lm } = networks;
  const shape = shapeOf(config, lm.config, E);
  const projector = new Projector(runner.gpu, shape, initialProjector(shape, config.seed));
  const batch: Batch = createBatch(networks, projector, config, queriesOf(networks, config));
  const { episodes, table } = batch;
  const random = new Random(9);
  table.write(Float32Array.from({ length: table.size }, () => random.normal()));
  const rollout = await createRollout(networks, projector, episodes, table, config);
  return {
    run(stream, blind = false) {
      batch.draw(stream, config.trainingPictures);
      return rollout.run({ ...drawsOf(config, stream), blind });
    },
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
