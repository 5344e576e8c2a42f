/**
 * The phases of an iteration of the default run, one by one, with what each must spend; and what an iteration in
 * steady state creates and reads back. Runs in a page of Vite's server.
 */
import { batchSize, type Config, DEFAULT_CONFIG } from '../../../src/esper/config';
import type { Networks } from '../../../src/esper/networks';
import { BUNDLED_PAIR } from '../../../src/esper/pair';
import { hiddenWidth, parameterCount } from '../../../src/esper/projector/tensors';
import { drawsOf } from '../../../src/esper/rollout';
import { Trainer } from '../../../src/esper/trainer';
import type { Encoder, Input } from '../../../src/frozen/encoder';
import { fetchJson } from '../../../src/frozen/fetch-file';
import { openLanguageModel } from '../../../src/frozen/gpt2/open';
import { loadTokenizer } from '../../../src/frozen/tokenizer';
import { openGpu } from '../../../src/gpu/device';
import { loadModels } from '../../../src/worker/models';
import * as spend from '../roofline';
import { measureRoofs } from './roofs';
import { createParts, type Parts, UPDATE_PHASES } from './parts';

const ROUNDS = 15;
/** Iterations before one that is watched: the first ones compile and calibrate. */
const WARM_UP = 3;
const config = DEFAULT_CONFIG;
const B = batchSize(config);

export interface PhaseTimes {
  /** How often an iteration has it. */
  count: number;
  cost: spend.Cost;
  milliseconds: number[];
}

/** Of one iteration. */
export interface Steady {
  languageModel: string;
  buffersCreated: number;
  readBacks: number;
}

export interface PartTimes {
  languageModel: string;
  clip: string;
  /** Waiting for a GPU that has nothing to do; it is in every figure. */
  wait: number[];
  phases: Record<string, PhaseTimes>;
  steady: Steady[];
  /** Measured beside them. */
  roofs: spend.Roofs;
}

export async function measurePhases(): Promise<PartTimes> {
  const gpu = await openGpu();
  const models = await loadModels(gpu, BUNDLED_PAIR, () => {});
  const { networks } = models;
  const clip = await models.clip;
  const pictures = Array.from({ length: 32 }, (_, i) => models.world.training(i).input);
  const features = await clip.features(pictures);
  const silent: Networks = { ...networks, clip: { textFeatures: async () => {} } };
  const parts = await createParts(silent, config);
  parts.batch.table.write(parts.projector.input(features), 0);
  parts.batch.draw(0, pictures.length);
  const done = () => gpu.device.queue.onSubmittedWorkDone();

  const works = await worksOf(networks, clip, parts, pictures);
  const costs = await costsOf(networks, parts, works.texts);
  const phases: PartTimes['phases'] = {};
  const wait: number[] = [];
  for (const [name, { count }] of Object.entries(works.phases))
    phases[name] = { count, cost: costs[name] ?? { flop: 0, bytes: 0 }, milliseconds: [] };
  for (let round = -1; round < ROUNDS; round++) {
    const waited = performance.now();
    await done();
    if (round >= 0) wait.push(performance.now() - waited);
    for (const [name, { run }] of Object.entries(works.phases)) {
      const started = performance.now();
      await run();
      await done();
      // The first round compiles.
      if (round >= 0) phases[name]!.milliseconds.push(performance.now() - started);
    }
  }
  parts.destroy();
  const kernels = await openLanguageModel(networks.runner, networks.lm.weights, 'kernels');
  const steady = [
    await watch(networks, features),
    await watch({ ...networks, lm: kernels }, features),
  ];
  const roofs = await measureRoofs(networks.runner);
  const { provider } = networks.lm;
  return {
    languageModel: provider,
    clip: clip.provider,
    wait,
    phases,
    steady,
    roofs,
  };
}

interface Phase {
  count: number;
  run(): Promise<unknown> | void;
}

async function worksOf(
  { runner, clip: { textFeatures } }: Networks,
  clip: Encoder,
  { batch: { episodes }, rollout, scoring, advantages, update }: Parts,
  pictures: readonly Input[],
): Promise<{ phases: Record<string, Phase>; texts: readonly string[] }> {
  const draws = drawsOf(config, 0);
  const responses = await rollout.run(draws);
  const { texts } = responses;
  const weights = {
    klCoef: config.klCoef,
    clipWeight: 1,
    gain: 1,
    bias: 0,
    fluencyWeight: config.fluencyWeight,
    repetitionWeight: config.repetitionWeight,
  };
  const steps = config.epochs * config.minibatches;
  const phases: Record<string, Phase> = {
    // Once for each picture of a run, not in every iteration.
    'features of 32 pictures': { count: 0, run: () => clip.features(pictures) },
    rollout: { count: 1, run: () => rollout.run(draws) },
    'CLIP text': { count: 1, run: () => textFeatures(texts, episodes.textFeatures) },
    scoring: { count: 1, run: () => scoring.run(responses, config.clipText, weights, undefined) },
    advantages: { count: 1, run: () => advantages.run() },
  };
  for (const name of UPDATE_PHASES)
    phases[name] = { count: steps, run: () => runner.submit(name, update[name]) };
  const whole = UPDATE_PHASES.flatMap((name) => update[name]);
  phases['one optimiser step'] = { count: steps, run: () => runner.submit('step', whole) };
  return { phases, texts };
}

interface NetworkSizes {
  hidden_size: number;
  num_hidden_layers: number;
  intermediate_size: number;
}

/** Of the bundled CLIP's config.json, which names them all. */
interface ClipSizes {
  vision_config: NetworkSizes & { image_size: number; patch_size: number; num_channels: number };
  text_config: NetworkSizes;
}

async function costsOf(
  { lm }: Networks,
  { projector, batch }: Parts,
  texts: readonly string[],
): Promise<Record<string, spend.Cost>> {
  const { n_embd: D, n_layer: N, vocab_size: V } = lm.config;
  const { P, Q, S, T, E, I } = batch.episodes.shape;
  const net = { D, N };
  const R = B / config.minibatches;
  const widths = [E, hiddenWidth(projector.shape), P * D];
  const base = new URL('/models/shapes/clip/', location.href).href;
  const clip = (await fetchJson(`${base}config.json`)) as ClipSizes;
  const { vision_config: eye, text_config: reader } = clip;
  const patches = (eye.image_size / eye.patch_size) ** 2;
  const pixels = eye.num_channels * eye.patch_size ** 2;
  const eyes = { D: eye.hidden_size, N: eye.num_hidden_layers, I: eye.intermediate_size };
  const reads = { D: reader.hidden_size, N: reader.num_hidden_layers, I: reader.intermediate_size };
  const tokenizer = await loadTokenizer(base);
  // Begin and end included; all are as long as the longest.
  const longest = Math.max(...texts.map((text) => tokenizer.encode(text).length)) + 2;
  const one = {
    'projector forward': spend.layersForward(widths, R),
    'GPT-2 forward': spend.trainedForward(net, R, P + S, T),
    'head forward': spend.headForward(D, V, R * T),
    'head backward': spend.headBackward(D, V, R * T),
    'GPT-2 backward': spend.trainedBackward(net, R, P + S, { T, P }),
    'projector backward': spend.layersBackward(widths, R),
    optimiser: spend.optimiser(widths, R, parameterCount(projector.shape)),
  };
  return {
    'features of 32 pictures': spend.sum(
      spend.product(32 * patches, pixels, eyes.D),
      spend.forwardPass(eyes, 32, patches + 1, false),
      spend.product(32, eyes.D, E),
    ),
    rollout: spend.sum(spend.layersForward(widths, I), spend.decoding(net, V, B, P + Q, T)),
    'CLIP text': spend.sum(
      spend.forwardPass(reads, texts.length, longest),
      spend.product(texts.length, reads.D, E),
    ),
    scoring: spend.sum(
      spend.forwardPass(net, B, P + S),
      spend.forwardPass(net, B, S),
      spend.times(2, spend.headForward(D, V, B * T)),
    ),
    ...one,
    'one optimiser step': spend.sum(...Object.values(one)),
  };
}

/** Counts what one iteration of a trainer asks of WebGPU, ONNX Runtime's share included. */
async function watch(networks: Networks, features: Float32Array): Promise<Steady> {
  const settings: Config = { ...config, trainingPictures: features.length / networks.E };
  const trainer = await Trainer.create(networks, settings);
  trainer.setPictures(features, 0);
  for (let i = 0; i < WARM_UP; i++) await trainer.iterate();
  const { createBuffer } = GPUDevice.prototype;
  const { mapAsync } = GPUBuffer.prototype;
  const counts = { buffersCreated: 0, readBacks: 0 };
  GPUDevice.prototype.createBuffer = function (...args) {
    counts.buffersCreated++;
    return createBuffer.apply(this, args);
  };
  GPUBuffer.prototype.mapAsync = function (...args) {
    counts.readBacks++;
    return mapAsync.apply(this, args);
  };
  try {
    await trainer.iterate();
  } finally {
    GPUDevice.prototype.createBuffer = createBuffer;
    GPUBuffer.prototype.mapAsync = mapAsync;
  }
  await trainer.destroy();
  return { languageModel: networks.lm.provider, ...counts };
}
