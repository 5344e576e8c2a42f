/**
 * A warm start on texts alone (CapDec, arXiv 2211.00575): the projector learns to write a text back from
 * the text's own CLIP feature, by cross-entropy through the frozen language model. No picture has a text
 * here, so the promise of no paired data holds. It fills the batch; `Update` does the rest.
 * Letters as in episodes.ts.
 */
import { Fault } from '../../faults';
import { Readback } from '../../gpu/readback';
import { Tensor } from '../../gpu/tensor';
import { Random } from '../../math/random';
import type { Batch } from '../batch';
import { CALIBRATION_PICTURES } from '../calibration';
import type { Config } from '../config';
import { WARM_START_STREAM } from '../draws';
import type { Corpus, Networks } from '../networks';
import type { Projector } from '../projector';
import { type Cloud, cloudOf, pseudoImages } from './pseudo-image';

/** Texts that say where CLIP's text features lie. */
const CLOUD_TEXTS = 256;
/** Draws for one text of fitting length before the corpus is given up. */
const MOST_DRAWS = 100;

interface Clouds {
  texts: Cloud;
  pictures: Cloud;
}

export class WarmStart {
  readonly #networks: Networks;
  readonly #projector: Projector;
  readonly #batch: Batch;
  #clouds: Clouds | undefined;
  /** B texts' features, made at their first use: most runs have no warm start. */
  #read: { out: Tensor; readback: Readback } | undefined;

  constructor(networks: Networks, projector: Projector, batch: Batch) {
    this.#networks = networks;
    this.#projector = projector;
    this.#batch = batch;
  }

  /** Pictures or texts are others now: where they lie is looked up anew. */
  forget(): void {
    this.#clouds = undefined;
  }

  /**
   * Puts B texts of update `update` and what stands for their pictures in the place of the sampled ones.
   * @throws Fault config where there are no texts, or none of fitting length
   */
  async fill(config: Config, update: number): Promise<void> {
    const { episodes, texts: table } = this.#batch;
    const { B, T } = episodes.shape;
    const random = new Random(config.seed, (WARM_START_STREAM ^ update) >>> 0);
    const drawn = Array.from({ length: B }, () => this.#draw(random, config));
    this.#clouds ??= await this.#measure(config);
    const features = await this.#features(drawn.map(({ text }) => text));
    const { texts, pictures } = this.#clouds;
    table.write(pseudoImages(features, texts, pictures, config.warmStartNoise, random));

    const eos = this.#networks.lm.config.eos_token_id;
    const tokens = new Uint32Array(B * T).fill(eos);
    for (const [b, { ids }] of drawn.entries()) tokens.set(ids, b * T);
    episodes.tokens.write(tokens);
    // The end of text counts, where there is room for it.
    episodes.lengths.write(Uint32Array.from(drawn, ({ ids }) => Math.min(ids.length + 1, T)));
  }

  #draw(random: Random, { minResponse, responseLength }: Config) {
    const { tokenizer } = this.#networks;
    const corpus = this.#corpus();
    for (let draw = 0; draw < MOST_DRAWS; draw++) {
      const text = corpus.draw(random);
      const ids = tokenizer.encode(` ${text}`).slice(0, responseLength);
      // The loss bans an end of text before the shortest response.
      if (ids.length >= Math.max(minResponse, 1)) return { text, ids };
    }
    throw new Fault({
      kind: 'config',
      problems: [
        `of ${MOST_DRAWS} texts none has the ${minResponse} tokens of the shortest response; lower it, or give longer texts`,
      ],
    });
  }

  #corpus(): Corpus {
    const { corpus } = this.#networks;
    if (corpus) return corpus;
    const problem =
      'a warm start needs texts to learn from, and these models bring none: drop a text file with one text a line on the page, or set the warm start to 0 updates';
    throw new Fault({ kind: 'config', problems: [problem] });
  }

  async #measure(config: Config): Promise<Clouds> {
    const { E } = this.#networks;
    const random = new Random(config.seed, WARM_START_STREAM);
    const { B } = this.#batch.episodes.shape;
    const passes = Math.ceil(CLOUD_TEXTS / B);
    const features = new Float32Array(passes * B * E);
    for (let pass = 0; pass < passes; pass++) {
      const texts = Array.from({ length: B }, () => this.#draw(random, config).text);
      features.set(await this.#features(texts), pass * B * E);
    }
    // Only the first pictures are there for certain, and a run must not depend on the others' haste.
    const pictures = (await this.#batch.table.read()) as Float32Array;
    return {
      texts: cloudOf(features, E),
      pictures: cloudOf(pictures.subarray(0, CALIBRATION_PICTURES * E), E),
    };
  }

  /** B texts' features [B, E] as the projector reads them. */
  async #features(texts: readonly string[]): Promise<Float32Array> {
    const { clip, E, runner } = this.#networks;
    if (!this.#read) {
      const out = new Tensor(runner.gpu, 'features of given texts', [texts.length, E]);
      this.#read = { out, readback: new Readback(runner.gpu, 'features of given texts', [out]) };
    }
    const { out, readback } = this.#read;
    await clip.textFeatures(texts, out);
    const [read] = await readback.read();
    return this.#projector.input(read!);
  }

  destroy(): void {
    this.#read?.out.destroy();
    this.#read?.readback.destroy();
  }
}
