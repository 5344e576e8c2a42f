/** Every metric that needs nothing but texts, of a whole set: the corpus's figures and each image's. */
import { addBleuCounts, bleu, bleuCounts } from './bleu';
import { CiderD } from './cider-d';
import { distinct } from './distinct';
import { NgramTable, type CountedImage } from './ngrams';
import { tokenizeCaption } from './ptb-tokenizer';
import { rougeL } from './rouge-l';

export interface CaptionedImage {
  caption: string;
  /** One at least. */
  references: readonly string[];
}

export interface TextScores {
  /** BLEU-1 to BLEU-4. */
  bleu: readonly number[];
  rougeL: number;
  ciderD: number;
}

export interface SetScores extends TextScores {
  /** distinct-1 to distinct-4 of the captions. */
  distinct: readonly number[];
  /** Mean words of a caption. */
  words: number;
}

export interface ScoredTexts {
  set: SetScores;
  /** In the order of the images. */
  images: readonly TextScores[];
}

/** Images between two words of progress. */
const STEP = 50;

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * @param images one at least
 * @param tell is told how many steps are done, of how many: reading the texts is one an image, scoring another
 */
export function scoreTexts(
  images: readonly CaptionedImage[],
  tell: (done: number, of: number) => void = () => {},
): ScoredTexts {
  const of = 2 * images.length;
  const step = (done: number) => {
    if (done % STEP === 0 || done === of) tell(done, of);
  };
  const table = new NgramTable();
  const rouges: number[] = [];
  const counted = images.map(({ caption, references }, i): CountedImage => {
    const words = tokenizeCaption(caption);
    const others = references.map(tokenizeCaption);
    rouges.push(rougeL(words, others));
    step(i + 1);
    return { candidate: table.count(words), references: others.map((other) => table.count(other)) };
  });

  const cider = new CiderD(counted.map(({ references }) => references));
  const counts = counted.map(bleuCounts);
  const scored = counted.map((image, i): TextScores => {
    const ciderD = cider.score(image);
    step(images.length + i + 1);
    return { bleu: bleu(counts[i]!), rougeL: rouges[i]!, ciderD };
  });
  return {
    set: {
      bleu: bleu(counts.reduce(addBleuCounts)),
      rougeL: mean(rouges),
      ciderD: mean(scored.map(({ ciderD }) => ciderD)),
      distinct: distinct(counted.map(({ candidate }) => candidate)),
      words: mean(counted.map(({ candidate }) => candidate.words)),
    },
    images: scored,
  };
}
