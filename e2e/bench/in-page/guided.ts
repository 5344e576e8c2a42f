/**
 * Ways of decoding side by side on held-out scenes of the bundled world: what CLIP thinks of their captions and how
 * many attributes these name right, the model seeing the picture or not. Runs in a page of Vite's server.
 */
import { DEFAULT_DECODING, type DecodingOptions } from '../../../src/esper/decode/options';
import { parseConfig } from '../../../src/esper/config';
import { BUNDLED_PAIR } from '../../../src/esper/pair';
import { Trainer } from '../../../src/esper/trainer';
import { openGpu } from '../../../src/gpu/device';
import { attributeShares } from '../../../src/worker/evaluation';
import { loadModels } from '../../../src/worker/models';
import type { SpokenText } from '../../../src/worker/speaking-protocol';
import { Speaking } from '../../../src/worker/speaking/speaking';
import { TrainingSet } from '../../../src/worker/training-set';
import { WorkQueue } from '../../../src/worker/work-queue';

/** Updates on texts alone: the projector knows the world, and errs. */
const UPDATES = 60;
const TRAINING_PICTURES = 256;
/** Scenes that the settings of guidance were chosen on, which are not measured. */
const TUNED_ON = 12;

const METHODS: Readonly<Record<string, Partial<DecodingOptions>>> = {
  greedy: { method: 'greedy' },
  'best of 8': { method: 'sample' },
  'beam of 4': { method: 'beam' },
  guided: { method: 'guided' },
};

export interface WayOfDecoding {
  method: string;
  /** Whether the model sees the picture through the projector. */
  isSeen: boolean;
  /** Means over the scenes. */
  cosine: number;
  milliseconds: number;
  /** Shares named right. */
  attributes: ReturnType<typeof attributeShares>;
}

export interface GuidedOutcome {
  updates: number;
  scenes: number;
  ways: WayOfDecoding[];
}

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** @param scenes how many */
export async function measureGuided(scenes: number): Promise<GuidedOutcome> {
  const gpu = await openGpu();
  const models = await loadModels(gpu, BUNDLED_PAIR, () => {});
  models.networks.corpus = models.texts;
  const clip = await models.clip;
  const config = parseConfig({ warmStartUpdates: UPDATES, trainingPictures: TRAINING_PICTURES });
  const trainer = await Trainer.create(models.networks, config);
  trainer.setPictures(await new TrainingSet(clip, models.world).compute(0, TRAINING_PICTURES), 0);
  for (let update = 0; update < UPDATES; update++) await trainer.iterate();

  const pictures = models.world.evaluation(TUNED_ON + scenes).slice(TUNED_ON);
  const features = await clip.features(pictures.map(({ input }) => input));
  const { E } = models.networks;
  const speaking = new Speaking(new WorkQueue(), () => ({
    pair: BUNDLED_PAIR,
    models,
    trainer,
    featuresOf: (id) => features.slice(Number(id) * E, (Number(id) + 1) * E),
  }));
  const opening = await speaking.opening();
  if (!opening.ok) throw new Error(JSON.stringify(opening.fault));
  const { prompt, guidance } = opening.value;

  const ways: WayOfDecoding[] = [];
  for (const isSeen of [true, false])
    for (const [method, changed] of Object.entries(METHODS)) {
      const options = { ...DEFAULT_DECODING, ...guidance, ...changed };
      const spoken: SpokenText[] = [];
      const times: number[] = [];
      for (const index of pictures.keys()) {
        const subject = { picture: String(index), isSeen, prompt };
        const started = performance.now();
        const told = await speaking.write(subject, options, () => {});
        times.push(performance.now() - started);
        if (!told.ok) throw new Error(JSON.stringify(told.fault));
        spoken.push(told.value![0]!);
      }
      ways.push({
        method,
        isSeen,
        cosine: mean(spoken.map(({ fit }) => fit!.cosine)),
        milliseconds: mean(times),
        attributes: attributeShares(pictures, spoken),
      });
    }
  await trainer.destroy();
  gpu.destroy();
  return { updates: UPDATES, scenes, ways };
}
