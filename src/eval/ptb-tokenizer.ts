/**
 * Captions as words, the way the COCO caption toolkit makes them before it scores: Stanford's
 * PTBTokenizer with -lowerCase, then without the toolkit's list of punctuation
 * (https://github.com/tylin/coco-caption, pycocoevalcap/tokenizer/ptbtokenizer.py).
 * A slash is not written "\/", which no score notices; a token with a blank in it, such as "1 1/2", is two words
 * for ROUGE-L too, where the toolkit takes it for one.
 */
import { TOKEN_RULES } from './ptb-rules';

/** Left out. Brackets are on the toolkit's list in capitals, so that in lower case they stay. */
const PUNCTUATION = new Set("'' ' `` ` -LRB- -RRB- -LCB- -RCB- . ? ! , : - -- ... ;".split(' '));

/** Most words: letters with a blank, or a comma and a blank, behind. None of the longer rules takes them. */
const PLAIN_WORD = /[A-Za-z]+(?=,?[ \n])/y;
const SPLIT_WORD = /^(?:cannot|gonna|gotta|lemme|gimme|wanna)$/i;
const BLANKS = /[\s\u200B\u200E\u200F\uFEFF\0\x7F]+/y;

/** Where the longest rule's token at `start` ends, and what it writes; undefined where none begins. */
function longestToken(text: string, start: number) {
  let length = 0;
  let token: { end: number; words: readonly string[] } | undefined;
  for (const { pattern, write } of TOKEN_RULES) {
    pattern.lastIndex = start;
    const match = pattern.exec(text);
    if (!match || match[0].length <= length) continue;
    length = match[0].length;
    const found = match[1] ?? match[0];
    const written = write ? write(found) : found;
    token = {
      end: start + found.length,
      words: typeof written === 'string' ? [written] : written,
    };
  }
  return token;
}

/** The words of one caption; empty for an empty one. */
export function tokenizeCaption(caption: string): string[] {
  // The line break that follows every caption in the toolkit's file is context for some rules.
  const text = `${caption.trimEnd()}\n`;
  const tokens: string[] = [];
  let at = 0;
  while (at < text.length) {
    BLANKS.lastIndex = at;
    if (BLANKS.test(text)) {
      at = BLANKS.lastIndex;
      continue;
    }
    PLAIN_WORD.lastIndex = at;
    const plain = PLAIN_WORD.exec(text)?.[0];
    if (plain !== undefined && !SPLIT_WORD.test(plain)) {
      tokens.push(plain.toLowerCase());
      at += plain.length;
      continue;
    }
    const token = longestToken(text, at);
    // A character that no rule knows is dropped, as there.
    at = token?.end ?? at + (text.codePointAt(at)! > 0xffff ? 2 : 1);
    // Blanks inside of a token, as in "1 1/2", part it when the toolkit counts n-grams.
    for (const word of token?.words ?? [])
      tokens.push(...word.toLowerCase().split(/\s+/).filter(Boolean));
  }
  return tokens.filter((token) => !PUNCTUATION.has(token));
}
