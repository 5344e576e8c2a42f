/** A caption as the model wrote it; words that the true caption has too are marked. */
import type { ReactNode } from 'react';
import styles from './samples.module.css';

/** Words that every caption has, and that say nothing of the picture. */
const PLAIN_WORDS = new Set('a an the is at in on of to there and played someone plays'.split(' '));

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

interface CaptionProps {
  text: string;
  /** The caption of the scene's author. */
  truth?: string | undefined;
}

export function Caption({ text, truth = '' }: CaptionProps) {
  if (text.trim() === '') return <span className={styles['silent']}>says nothing</span>;
  const right = new Set(wordsOf(truth).filter((word) => !PLAIN_WORDS.has(word)));
  const shown = (word: string): ReactNode =>
    wordsOf(word).some((name) => right.has(name)) ? <mark>{word}</mark> : word;
  // Blanks are kept, so that the text stays to the letter; a mark never begins a line alone.
  const parts = text.match(/\s+|\S+(\s+[^\p{L}\p{N}\s]+)*/gu) ?? [];
  return (
    <span className={styles['caption']}>
      {parts.map((part, i) => {
        const [word = '', ...punctuation] = part.split(/(?=\s)/);
        if (punctuation.length === 0) return <span key={i}>{shown(part)}</span>;
        return (
          <span key={i} className={styles['unbroken']}>
            {shown(word)}
            {punctuation}
          </span>
        );
      })}
    </span>
  );
}
