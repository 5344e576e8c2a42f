/**
 * Everything of an evaluation that takes the networks: greedy captions, CLIPScore and RefCLIPScore, the
 * likelihood of a caption under the text-only model, and the attributes of scenes.
 */
import { isBundled, type Pair } from '../esper/pair';
import { createTextJudge, type TextJudge } from '../esper/likelihood';
import type { Trainer } from '../esper/trainer';
import { clipScore, cosineOf, refClipScore } from '../eval/clip-score';
import { Fault, type FaultCause, toFaultCause } from '../faults';
import type { Encoder } from '../frozen/encoder';
import type { Tell } from './captions-protocol';
import type {
  ImageToJudge,
  Judged,
  JudgedImage,
  JudgingApi,
  PictureToJudge,
  SceneReferences,
} from './judging-protocol';
import type { Models } from './models';
import type { Result } from './protocol';
import { TextEmbedder } from './text-embedder';
import { answer, type WorkQueue } from './work-queue';
import type { WorldItem } from './world';

/** Images judged in one go: what the queue waits for. */
const IMAGES_A_PART = 16;
/** As many as the learning curve is measured on. */
const SCENES = 128;
/** What CLIPScore puts before every text (https://github.com/jmhessel/clipscore). */
const CLIP_PROMPT = 'A photo depicts ';

/** What judging works with, which a reset replaces. */
export interface Bench {
  pair: Pair;
  models: Models;
  trainer: Trainer;
  /** Raw features [E] of a photo of the training set; undefined where CLIP has not seen it. */
  photo(hash: string): Float32Array | undefined;
}

interface Scenes {
  items: readonly WorldItem[];
  /** Raw features, computed when first asked for. */
  features: Promise<Float32Array> | undefined;
}

export class Judging implements JudgingApi {
  readonly #queue: WorkQueue;
  readonly #bench: () => Bench;
  #scenes: Scenes | undefined;
  #judge: Promise<TextJudge> | undefined;
  #embedder: TextEmbedder | undefined;
  #stop = new AbortController();

  /** @param bench throws where no run is open */
  constructor(queue: WorkQueue, bench: () => Bench) {
    this.#queue = queue;
    this.#bench = bench;
  }

  scenes(): Promise<Result<SceneReferences[]>> {
    return this.#queue.answer(async () => {
      const bench = this.#bench();
      if (!isBundled(bench.pair)) return [];
      const clip = await bench.models.clip;
      const { items } = this.#drawn(bench);
      return Promise.all(
        items.map(async (item, index) => ({
          index,
          image: await clip.imageOf(item.input),
          references: item.references(),
        })),
      );
    });
  }

  judge(images: readonly ImageToJudge[], tell: Tell): Promise<Result<Judged | undefined>> {
    return answer(async () => {
      this.#stop = new AbortController();
      const { signal } = this.#stop;
      const judged: Judged = { images: [], updates: { first: 0, last: 0 } };
      while (judged.images.length < images.length) {
        const first = judged.images.length;
        const part = images.slice(first, first + IMAGES_A_PART);
        await this.#queue.run(async () => {
          if (signal.aborted) return;
          const bench = this.#bench();
          judged.images.push(...(await this.#judgePart(bench, part)));
          judged.updates.last = bench.trainer.update;
          if (first === 0) judged.updates.first = bench.trainer.update;
        });
        if (signal.aborted) return undefined;
        tell(judged.images.length, images.length);
      }
      return judged;
    });
  }

  cancel(): Promise<Result<null>> {
    return answer(async () => {
      this.#stop.abort();
      return null;
    });
  }

  async #judgePart(bench: Bench, part: readonly ImageToJudge[]): Promise<Judged['images']> {
    const { models, trainer, pair } = bench;
    const clip = await models.clip;
    const features: (Float32Array | undefined)[] = [];
    const faults: (FaultCause | undefined)[] = [];
    for (const { picture } of part) {
      try {
        features.push(picture && (await this.#featuresOf(picture, clip, bench)));
        faults.push(undefined);
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        features.push(undefined);
        faults.push(toFaultCause(error));
      }
    }
    const captions = await captionsOf(trainer, part, features);

    this.#judge ??= createTextJudge(models.networks);
    const likelihoods = await (
      await this.#judge
    ).judge(captions.map((text) => models.tokenizer.encode(` ${text ?? ''}`)));

    this.#embedder ??= new TextEmbedder(models.networks);
    const prompt = isBundled(pair) || clip.modality === 'sound' ? '' : CLIP_PROMPT;
    const texts = part.map(({ references }, i) =>
      features[i] ? [captions[i]!, ...references].map((text) => prompt + text) : [],
    );
    const embedded = await this.#embedder.embed(texts.flat());

    let at = 0;
    return part.map(({ picture }, i): JudgedImage | { fault: FaultCause } => {
      const own = embedded.slice(at, (at += texts[i]!.length));
      const caption = captions[i];
      const fault = faults[i];
      if (fault) return { fault };
      if (caption === undefined) return { fault: noPicture };
      return {
        caption,
        clip: features[i] && clipFigures(features[i], own),
        likelihood: likelihoods[i]!,
        attributes:
          picture?.of === 'scene'
            ? this.#drawn(bench).items[picture.index]!.namedRight(caption)
            : undefined,
      };
    });
  }

  async #featuresOf(picture: PictureToJudge, clip: Encoder, bench: Bench): Promise<Float32Array> {
    switch (picture.of) {
      case 'file':
        return clip.features([picture.data]);
      case 'photo': {
        const features = bench.photo(picture.hash);
        if (features) return features;
        const problem = 'CLIP has not seen it yet.';
        throw new Fault({ kind: 'bad-image', file: 'A photo of the training set', problem });
      }
      case 'scene': {
        const drawn = this.#drawn(bench);
        drawn.features ??= clip.features(drawn.items.map(({ input }) => input));
        const all = await drawn.features;
        const E = all.length / drawn.items.length;
        return all.subarray(picture.index * E, (picture.index + 1) * E);
      }
    }
  }

  #drawn({ models }: Bench): Scenes {
    return (this.#scenes ??= { items: models.world.evaluation(SCENES), features: undefined });
  }
}

const noPicture: FaultCause = {
  kind: 'nothing-to-evaluate',
  problem: 'An image has neither a picture nor a caption.',
};

/** The given captions, and greedy ones of the pictures that have none. */
async function captionsOf(
  trainer: Trainer,
  part: readonly ImageToJudge[],
  features: readonly (Float32Array | undefined)[],
): Promise<(string | undefined)[]> {
  const toWrite = part.flatMap(({ caption }, i) =>
    caption === undefined && features[i] ? [i] : [],
  );
  const E = features[toWrite[0] ?? 0]?.length ?? 0;
  const rows = new Float32Array(toWrite.length * E);
  toWrite.forEach((i, row) => rows.set(features[i]!, row * E));
  const written = toWrite.length > 0 ? await trainer.write(rows) : [];
  return part.map(({ caption }, i) => caption ?? written[toWrite.indexOf(i)]);
}

/** @param texts embeddings of the caption and of each reference */
function clipFigures(picture: Float32Array, [caption, ...references]: readonly Float32Array[]) {
  const cosine = cosineOf(picture, caption!);
  return {
    cosine,
    clipScore: clipScore(cosine),
    refClipScore: refClipScore(
      cosine,
      references.map((reference) => cosineOf(caption!, reference)),
    ),
  };
}
