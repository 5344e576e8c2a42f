/** A conversation as what the language model reads: earlier turns, cut where they no longer fit. */
export interface Turn {
  question: string;
  answer: string;
}

/** How a model's texts put question and answer. */
export interface DialogueForm {
  /** What every text begins with. */
  opening: string;
  before: string;
  between: string;
  after: string;
  /** What ends an answer, as the model would go on with another turn; the end of text always does. */
  ends: readonly string[];
}

/** For a general language model, which continues a transcript. */
export const TRANSCRIPT: DialogueForm = {
  opening: '<|endoftext|>',
  before: 'Question: ',
  between: '\nAnswer:',
  after: '\n',
  ends: ['\n', 'Question:'],
};

/** The bundled world's documents: a label that asks, a sentence that answers, the end of text between. */
export const DOCUMENT: DialogueForm = {
  opening: '<|endoftext|>',
  before: '',
  between: '',
  after: '<|endoftext|>',
  ends: [],
};

export interface Prompt {
  tokens: number[];
  /** Earliest turns that were left out. */
  leftOut: number;
}

/**
 * The tokens that an answer to `question` follows; the earliest turns are left out until it fits.
 * @param room tokens that it may have
 * @returns undefined where the question alone is too long
 */
export function promptOf(
  turns: readonly Turn[],
  question: string,
  form: DialogueForm,
  encode: (text: string) => number[],
  room: number,
): Prompt | undefined {
  const asked = (text: string) => `${form.before}${text.trim()}${form.between}`;
  for (let leftOut = 0; leftOut <= turns.length; leftOut++) {
    const earlier = turns.slice(leftOut).map(
      // An answer is a token on from its question: it begins with a blank.
      (turn) => `${asked(turn.question)} ${turn.answer.trim()}${form.after}`,
    );
    const tokens = encode([form.opening, ...earlier, asked(question)].join(''));
    if (tokens.length <= room) return { tokens, leftOut };
  }
  return undefined;
}

/** What of a decoded text is the answer. */
export function answerOf(text: string, { ends }: DialogueForm): string {
  const trimmed = text.trim();
  const at = ends.map((end) => trimmed.indexOf(end)).filter((index) => index >= 0);
  return trimmed.slice(0, Math.min(trimmed.length, ...at)).trim();
}
