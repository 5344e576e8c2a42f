/** The figures of an evaluation: what each is called, what it means, and which of them an image has of its own. */

export const IMAGE_FIGURES = [
  'clipScore',
  'refClipScore',
  'bleu1',
  'bleu2',
  'bleu3',
  'bleu4',
  'rougeL',
  'ciderD',
  'perplexity',
] as const;
export type ImageFigure = (typeof IMAGE_FIGURES)[number];

export const SET_FIGURES = [...IMAGE_FIGURES, 'distinct1', 'distinct2', 'words'] as const;
export type SetFigure = (typeof SET_FIGURES)[number];

/** Undefined where an evaluation has none: without a picture, or without attributes. */
export type Figures<Name extends string> = Record<Name, number | undefined>;

export interface FigureText {
  label: string;
  help: string;
  /** Perplexity alone is better where it is lower. */
  isLowBetter?: true;
}

/** Of an attribute of the world, by its name: "colour". */
export const attributeText = (name: string): FigureText => ({
  label: name.charAt(0).toUpperCase() + name.slice(1),
  help: `Share of the scenes whose ${name} the caption names right, and no other.`,
});

const bleu = (n: number): FigureText => ({
  label: `BLEU-${n}`,
  help: `How many of the caption’s runs of up to ${n} ${n === 1 ? 'word' : 'words'} a reference has too, less for captions that are too short. 0 to 1.`,
});

export const FIGURE_TEXT: Readonly<Record<SetFigure, FigureText>> = {
  clipScore: {
    label: 'CLIPScore',
    help: '2.5 times CLIP’s cosine of picture and caption, at least 0. It needs no reference. With models of the hub every text begins with “A photo depicts”, as its authors have it; the bundled CLIP knows no such words.',
  },
  refClipScore: {
    label: 'RefCLIPScore',
    help: 'The harmonic mean of CLIPScore and the best cosine of the caption and a reference.',
  },
  bleu1: bleu(1),
  bleu2: bleu(2),
  bleu3: bleu(3),
  bleu4: bleu(4),
  rougeL: {
    label: 'ROUGE-L',
    help: 'The longest common subsequence of caption and references, as precision and recall (β = 1.2). 0 to 1.',
  },
  ciderD: {
    label: 'CIDEr-D',
    help: 'How far the caption uses the words that the references agree on and that are rare in the other images’. 0 to 10, papers print it times 100; it depends on the whole set, and of a single image it is 0.',
  },
  perplexity: {
    label: 'Perplexity',
    help: 'How surprised the language model alone is by each token of the caption, after the words that every caption of this run follows. Lower is plainer.',
    isLowBetter: true,
  },
  distinct1: {
    label: 'distinct-1',
    help: 'Different words of all words that the captions use. Near 0 they all say the same.',
  },
  distinct2: {
    label: 'distinct-2',
    help: 'Different pairs of words of all pairs in the captions.',
  },
  words: { label: 'Words', help: 'Mean words of a caption.' },
};

export const shareText = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** As it is shown: four digits after the point as papers count them, fewer where they say nothing. */
export function figureText(name: SetFigure, value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return '–';
  if (name === 'words') return value.toFixed(1);
  if (name === 'perplexity' && value >= 1000) return Math.round(value).toLocaleString('en');
  if (name === 'perplexity') return value.toFixed(2);
  return value.toFixed(4);
}
