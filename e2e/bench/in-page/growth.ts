/**
 * Times of a rollout and of an optimiser step as sizes grow, on GPT-2s of random weights. All sizes are made first
 * and measured in turn, so that what else the machine does falls on all of them. Runs in a page of Vite's server.
 */
import { type Config, parseConfig } from '../../../src/esper/config';
import { drawsOf } from '../../../src/esper/rollout';
import { openLanguageModel } from '../../../src/frozen/gpt2/open';
import { openGpu } from '../../../src/gpu/device';
import { KernelRunner } from '../../../src/gpu/kernel';
import { createParts, type Parts, UPDATE_PHASES } from './parts';
import { randomParameters } from './peers/work';
import { networksOf, uploaded } from './random-networks';

export interface Sizes {
  /** Captions. */
  B: number;
  /** Tokens of each. */
  T: number;
  layers: number;
  vocabulary: number;
}

export interface SizeTimes {
  sizes: Sizes;
  /** Milliseconds of each round. */
  rollout: number[];
  /** Of one optimiser step on all B captions. */
  update: number[];
}

export interface GrowthTimes {
  languageModel: string;
  width: number;
  times: SizeTimes[];
}

const WIDTH = 64;
const ROUNDS = 9;

export async function measureGrowth(all: readonly Sizes[]): Promise<GrowthTimes> {
  const gpu = await openGpu();
  const runner = new KernelRunner(gpu);
  const made: { parts: Parts; times: SizeTimes; config: Config }[] = [];
  let languageModel = '';
  for (const sizes of all) {
    const { B, T, layers, vocabulary } = sizes;
    const gpt2 = {
      vocab_size: vocabulary,
      n_positions: 64,
      n_embd: WIDTH,
      n_layer: layers,
      n_head: 4,
      layer_norm_epsilon: 1e-5,
      eos_token_id: vocabulary - 1,
    };
    const lm = await openLanguageModel(runner, uploaded(gpu, gpt2, randomParameters(gpt2)));
    languageModel = lm.provider;
    // None may end, so that each has T tokens to learn from.
    const config = parseConfig({
      imagesPerBatch: B / 4,
      samplesPerImage: 4,
      minibatches: 1,
      responseLength: T,
      minResponse: T,
    });
    const networks = networksOf(runner, lm, [vocabulary - 1, 1, 2]);
    const parts = await createParts(networks, config);
    made.push({ parts, times: { sizes, rollout: [], update: [] }, config });
  }
  for (let round = -1; round < ROUNDS; round++)
    for (const { parts, times, config } of made) {
      const rollout = await timed(() => parts.rollout.run(drawsOf(config, round + 1)));
      const steps = UPDATE_PHASES.flatMap((phase) => parts.update[phase]);
      const update = await timed(async () => {
        runner.submit('optimiser step', steps);
        await gpu.device.queue.onSubmittedWorkDone();
      });
      // The first round compiles.
      if (round < 0) continue;
      times.rollout.push(rollout);
      times.update.push(update);
    }
  return { languageModel, width: WIDTH, times: made.map(({ times }) => times) };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
