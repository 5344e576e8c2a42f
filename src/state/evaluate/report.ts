/** What an evaluation found: the set's figures and a row for each image. */
import type { FaultCause } from '../../faults';
import type { ScoredTexts, TextScores } from '../../worker/captions-protocol';
import type { Judged, JudgedImage, NamedRight } from '../../worker/judging-protocol';
import type { ChosenImage, Choice } from './choose';
import type { Figures, ImageFigure, SetFigure } from './figures';

export interface ReportRow {
  id: string;
  name: string;
  caption: string;
  references: readonly string[];
  thumbnail: Blob | undefined;
  /** Its photo is one that the run draws from. */
  isTrainedOn: boolean;
  figures: Figures<ImageFigure>;
  attributes: NamedRight | undefined;
}

/** Where it all came from. */
export interface Provenance {
  /** The file of references; undefined for the held-out scenes of the bundled world. */
  references: string | undefined;
  split: string | undefined;
  /** The file of the captions; undefined where the model wrote them. */
  captions: string | undefined;
  /** Updates that the model had behind it, at the first and the last caption. */
  updates: Judged['updates'] | undefined;
  lm: string;
  clip: string;
  /** ISO 8601. */
  at: string;
}

export interface Report {
  provenance: Provenance;
  set: Figures<SetFigure>;
  /** Of scenes: attribute → share of the captions that name it right, in the world's order. */
  attributes: Record<string, number>;
  rows: readonly ReportRow[];
  leftOut: Choice['leftOut'];
  /** Of images whose picture could not be judged. */
  faults: readonly FaultCause[];
}

/** An image that was captioned, by whomever. */
export interface Captioned {
  image: ChosenImage;
  /** Undefined where no network has seen it. */
  judged: JudgedImage | undefined;
  caption: string;
}

const mean = (values: readonly (number | undefined)[]): number | undefined => {
  const found = values.filter((value) => value !== undefined);
  return found.length > 0 ? found.reduce((sum, value) => sum + value, 0) / found.length : undefined;
};

const perplexity = (nats: number, tokens: number): number | undefined =>
  tokens > 0 ? Math.exp(nats / tokens) : undefined;

const textFigures = ({ bleu, rougeL, ciderD }: TextScores) => ({
  bleu1: bleu[0],
  bleu2: bleu[1],
  bleu3: bleu[2],
  bleu4: bleu[3],
  rougeL,
  ciderD,
});

function rowOf({ image, judged, caption }: Captioned, scores: TextScores): ReportRow {
  const { id, name, references, thumbnail, isTrainedOn } = image;
  return {
    id,
    name,
    caption,
    references,
    thumbnail,
    isTrainedOn,
    attributes: judged?.attributes,
    figures: {
      ...textFigures(scores),
      clipScore: judged?.clip?.clipScore,
      refClipScore: judged?.clip?.refClipScore,
      perplexity: judged && perplexity(judged.likelihood.nats, judged.likelihood.tokens),
    },
  };
}

/** Empty where no image has attributes. */
function sharesOf(judged: readonly JudgedImage[]): Record<string, number> {
  const named = judged.flatMap(({ attributes }) => (attributes ? [attributes] : []));
  return Object.fromEntries(
    Object.keys(named[0] ?? {}).map((name) => [
      name,
      named.filter((attributes) => attributes[name]).length / named.length,
    ]),
  );
}

/** @param texts of the captioned images, in their order; one at least */
export function reportOf(
  captioned: readonly Captioned[],
  texts: ScoredTexts,
  rest: Pick<Report, 'provenance' | 'leftOut' | 'faults'>,
): Report {
  const rows = captioned.map((one, i) => rowOf(one, texts.images[i]!));
  const judged = captioned.flatMap((one) => one.judged ?? []);
  const sum = (of: (image: JudgedImage) => number) =>
    judged.reduce((total, image) => total + of(image), 0);
  const { distinct, words } = texts.set;
  return {
    ...rest,
    rows,
    set: {
      ...textFigures(texts.set),
      clipScore: mean(rows.map(({ figures }) => figures.clipScore)),
      refClipScore: mean(rows.map(({ figures }) => figures.refClipScore)),
      // Of all tokens, not the mean of the images'.
      perplexity: perplexity(
        sum(({ likelihood }) => likelihood.nats),
        sum(({ likelihood }) => likelihood.tokens),
      ),
      distinct1: distinct[0],
      distinct2: distinct[1],
      words,
    },
    attributes: sharesOf(judged),
  };
}
