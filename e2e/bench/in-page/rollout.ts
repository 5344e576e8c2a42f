/**
 * The rollout of the bundled world, untrained projector, default settings: on each way to decode, with and
 * without beginnings that the samples of a picture share, taken in turn; and CLIP's text passes after sampling
 * or beside the sampling of the other half. Runs in a page of Vite's server.
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
import type { Encoder } from '../../../src/frozen/encoder';
import { Gpt2Cache } from '../../../src/frozen/gpt2/cache';
import { Gpt2Differentiable } from '../../../src/frozen/gpt2/differentiable';
import { loadGpt2 } from '../../../src/frozen/gpt2/load';
import type { LanguageModel } from '../../../src/frozen/gpt2/model';
import { openLanguageModel } from '../../../src/frozen/gpt2/open';
import type { Gpt2Weights } from '../../../src/frozen/gpt2/weights';
import { loadTokenizer } from '../../../src/frozen/tokenizer';
import { openGpu } from '../../../src/gpu/device';
import { KernelRunner } from '../../../src/gpu/kernel';
import { Tensor } from '../../../src/gpu/tensor';
import { type Traffic, trafficSince } from '../../../src/gpu/traffic';
import { Random } from '../../../src/math/random';
import { LABEL } from '../../../src/worker/world';

const MODELS = new URL('/models/shapes/', location.href).href;
const E = 64;
const ON = ['wasm', 'kernels', 'webgpu'] as const;

export interface RolloutTimes {
  episodes: number;
  samplesPerImage: number;
  /** Of each way to decode: milliseconds of each round and what one rollout asks of the device. */
  ways: Record<string, { once: number[]; each: number[]; traffic: Traffic }>;
  /** Of `rollouts` sampled ones: those whose every row had ended before the last token. */
  ended: { rollouts: number; sampled: number; textOnly: number };
  /** Milliseconds of sampling a batch and reading its texts with CLIP: whole, or in halves. */
  clip: { whole: number[]; after: number[]; beside: number[] };
}

/** The bundled networks, on any way to decode. */
interface Kit {
  runner: KernelRunner;
  weights: Gpt2Weights;
  clip: Encoder;
  networksOn(lm: LanguageModel): Networks;
}

/** @param rounds times of each way; of ONNX Runtime's WebGPU, which is slow on a software adapter, few */
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
  const kit = { runner, weights, clip, networksOn };
  const onWasm = networksOn(await openLanguageModel(runner, weights, 'wasm'));
  const times = {
    episodes: batchSize(DEFAULT_CONFIG),
    samplesPerImage: DEFAULT_CONFIG.samplesPerImage,
    ways: await measureWays(kit, rounds),
    ended: await countEnded(onWasm, rounds),
    clip: await measureOverlap(onWasm, clip, rounds),
  };
  gpu.destroy();
  return times;
}

async function measureWays({ runner, weights, networksOn }: Kit, rounds: number) {
  const { gpu } = runner;
  const ways: RolloutTimes['ways'] = {};
  const samplers = new Map<string, { once: Sampler; each: Sampler }>();
  for (const on of ON) {
    const lm = await openLanguageModel(runner, weights, on);
    const once = await createSampler(networksOn(lm), DEFAULT_CONFIG);
    const each = await createSampler(networksOn(withoutSharing(lm)), DEFAULT_CONFIG);
    for (const sampler of [once, each]) await sampler.run(0); // compiles
    samplers.set(on, { once, each });
    ways[on] = { once: [], each: [], traffic: gpu.traffic };
  }
  for (let round = 1; round <= rounds; round++)
    for (const [on, { once, each }] of samplers) {
      if (on === 'webgpu' && round % 30 !== 0) continue;
      const way = ways[on]!;
      const before = gpu.traffic;
      way.once.push(await timed(() => once.run(round)));
      way.traffic = trafficSince(before, gpu.traffic);
      way.each.push(await timed(() => each.run(round)));
    }
  return ways;
}

async function countEnded(networks: Networks, rollouts: number) {
  const sampler = await createSampler(networks, DEFAULT_CONFIG);
  const ended = { rollouts, sampled: 0, textOnly: 0 };
  for (let i = 0; i < rollouts; i++)
    for (const kind of ['sampled', 'textOnly'] as const) {
      const { lengths } = await sampler.run(i, kind === 'textOnly');
      if (Math.max(...lengths) < DEFAULT_CONFIG.responseLength) ended[kind]++;
    }
  return ended;
}

async function measureOverlap(networks: Networks, clip: Encoder, rounds: number) {
  const { gpu } = networks.runner;
  const config = DEFAULT_CONFIG;
  const half = { ...config, imagesPerBatch: config.imagesPerBatch / 2 };
  const full = await createSampler(networks, config);
  const [first, second] = [
    await createSampler(networks, half),
    await createSampler(networks, half),
  ];
  const out = [0, 1].map(() => new Tensor(gpu, 'text features', [batchSize(config), E]));
  const read = (texts: string[], to: 0 | 1) => clip.textFeatures(texts, out[to]!);
  const orders = {
    whole: async (round: number) => read((await full.run(round)).texts, 0),
    after: async (round: number) => {
      await read((await first.run(2 * round)).texts, 0);
      await read((await second.run(2 * round + 1)).texts, 1);
    },
    beside: async (round: number) => {
      const { texts } = await first.run(2 * round);
      const [, next] = await Promise.all([read(texts, 0), second.run(2 * round + 1)]);
      await read(next.texts, 1);
    },
  };
  const times: RolloutTimes['clip'] = { whole: [], after: [], beside: [] };
  for (let round = 0; round <= rounds; round++)
    for (const [order, run] of Object.entries(orders)) {
      const ms = await timed(() => run(round));
      if (round > 0) times[order as keyof typeof orders].push(ms);
    }
  return times;
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
