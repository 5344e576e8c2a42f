/**
 * A bundled world as the worker uses it, whatever it is of: inputs for the encoder, drawn from fixed seeds, with
 * what can truly be said of each. What training, evaluation and the page see comes from here.
 */
import type { Corpus } from '../esper/networks';
import type { Input, Modality } from '../frozen/encoder';
import { Random } from '../math/random';
import { styleLabel, type Style } from '../worlds/styles';

const SEED = 2205_12630;
/** One stream a use, so that no input serves two; the training set has one an input, from there on. */
const STREAMS = { evaluation: 1, watched: 2, training: 1000 } as const;

/** What a run's captions follow, unless its settings say otherwise. */
export const LABEL = styleLabel('caption');

/** Attribute → whether a text names it right, and no other value of it. */
export type NamedRight = Record<string, boolean>;

export interface WorldItem {
  input: Input;
  /** The generator's own caption. */
  truth: string;
  /** Of a combination of attributes that is never trained on. */
  heldOut: boolean;
  /** Every wording that names all of it. */
  references(): string[];
  namedRight(text: string): NamedRight;
}

export interface World {
  modality: Modality;
  /** Those that every evaluated item has, in the order in which they are shown: "colour", "shape". */
  attributes: readonly string[];
  /** Texts of the world without any input; what is held out is in none of them. */
  texts: Corpus;
  /** Item `index` of the training set: nothing of it is held out. */
  training(index: number): WorldItem;
  /** Held out, all of them. */
  evaluation(count: number): WorldItem[];
  /** The handful that the page shows beside the curve: every second one is held out. */
  watched(count: number): WorldItem[];
}

/** What a generator of scenes offers, as src/worlds have it. */
export interface Generator<Scene, Options> {
  modality: Modality;
  attributes: readonly string[];
  sample(random: Random, options: Options): Scene;
  draw(scene: Scene, random: Random): Input;
  caption(scene: Scene, style: Style, random: Random): string;
  fullCaption(scene: Scene): string;
  wholeCaptions(scene: Scene): string[];
  attributesNamed(scene: Scene, text: string): readonly { attribute: string; right: boolean }[];
  isHeldOut(scene: Scene): boolean;
  /** For each use. */
  options: {
    training: Options;
    evaluation: Options;
    watched(index: number, count: number): Options;
  };
}

export function createWorld<Scene, Options>(generator: Generator<Scene, Options>): World {
  const { options } = generator;
  const itemOf = (scene: Scene, random: Random): WorldItem => ({
    input: generator.draw(scene, random),
    truth: generator.fullCaption(scene),
    heldOut: generator.isHeldOut(scene),
    references: () => generator.wholeCaptions(scene),
    namedRight(text) {
      const named: NamedRight = {};
      // Of two objects each has a colour: both must be right.
      for (const { attribute, right } of generator.attributesNamed(scene, text))
        named[attribute] = (named[attribute] ?? true) && right;
      return named;
    },
  });
  const items = (stream: number, count: number, optionsOf: (index: number) => Options) => {
    const random = new Random(SEED, stream);
    return Array.from({ length: count }, (_, index) =>
      itemOf(generator.sample(random, optionsOf(index)), random),
    );
  };
  return {
    modality: generator.modality,
    attributes: generator.attributes,
    texts: {
      draw: (random) =>
        generator.caption(generator.sample(random, options.training), 'caption', random),
    },
    training: (index) => items(STREAMS.training + index, 1, () => options.training)[0]!,
    evaluation: (count) => items(STREAMS.evaluation, count, () => options.evaluation),
    watched: (count) => items(STREAMS.watched, count, (index) => options.watched(index, count)),
  };
}
