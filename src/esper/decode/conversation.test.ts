/** Prompts of conversations, and what is cut from them. */
import { describe, expect, it } from 'vitest';
import { answerOf, DOCUMENT, promptOf, TRANSCRIPT } from './conversation';

/** A token a character, so that lengths can be read off. */
const encode = (text: string) => Array.from(text, (mark) => mark.codePointAt(0)!);
const decode = (tokens: readonly number[]) => String.fromCodePoint(...tokens);
const turns = [
  { question: ' What is it? ', answer: 'A cat.' },
  { question: 'Where?', answer: 'On a mat.' },
];

it('puts the turns as a transcript, and as the documents of the bundled world', () => {
  const transcript = promptOf(turns, 'Why?', TRANSCRIPT, encode, 1000)!;
  expect(decode(transcript.tokens)).toBe(
    '<|endoftext|>Question: What is it?\nAnswer: A cat.\nQuestion: Where?\nAnswer: On a mat.\nQuestion: Why?\nAnswer:',
  );
  expect(transcript.leftOut).toBe(0);
  const shown = [{ question: 'caption:', answer: 'a star .' }];
  expect(decode(promptOf(shown, 'news:', DOCUMENT, encode, 1000)!.tokens)).toBe(
    '<|endoftext|>caption: a star .<|endoftext|>news:',
  );
});

describe('where the room ends', () => {
  const whole = promptOf(turns, 'Why?', TRANSCRIPT, encode, 1000)!.tokens.length;

  it('leaves out the earliest turns, one after the other', () => {
    expect(promptOf(turns, 'Why?', TRANSCRIPT, encode, whole)!.leftOut).toBe(0);
    const shorter = promptOf(turns, 'Why?', TRANSCRIPT, encode, whole - 1)!;
    expect(shorter.leftOut).toBe(1);
    expect(decode(shorter.tokens)).not.toContain('cat');
    expect(decode(shorter.tokens)).toContain('mat');
    expect(promptOf(turns, 'Why?', TRANSCRIPT, encode, shorter.tokens.length - 1)!.leftOut).toBe(2);
  });

  it('has no prompt where the question alone is too long', () => {
    const alone = promptOf([], 'Why?', TRANSCRIPT, encode, 1000)!.tokens.length;
    expect(promptOf(turns, 'Why?', TRANSCRIPT, encode, alone)!.leftOut).toBe(2);
    expect(promptOf(turns, 'Why?', TRANSCRIPT, encode, alone - 1)).toBeUndefined();
  });
});

it('takes for the answer what comes before another turn', () => {
  expect(answerOf(' A cat.\nQuestion: Where?', TRANSCRIPT)).toBe('A cat.');
  expect(answerOf(' A cat. Question: Where?', TRANSCRIPT)).toBe('A cat.');
  expect(answerOf(' A cat', TRANSCRIPT)).toBe('A cat');
  expect(answerOf(' breaking news : a star . ', DOCUMENT)).toBe('breaking news : a star .');
});
