/**
 * Text metrics of 5,000 images with five references each, from the page's call until its worker's answer: made-up
 * captions of COCO's lengths, their words drawn by Zipf's law from 9,000. Runs in a page of Vite's server.
 */
import { Random } from '../../../src/math/random';
import { captionsWork } from '../../../src/worker/captions-client';

const ROUNDS = 5;
const IMAGES = 5000;
const REFERENCES = 5;
const VOCABULARY = 9000;

export interface CaptionsTimes {
  images: number;
  references: number;
  /** Milliseconds of each round, and of the longest pause between two frames of the page in it. */
  rounds: { score: number; longestPause: number }[];
}

const LETTERS = 'etaoinshrdlucmfwypvbgkjqxz';

function wordOf(rank: number): string {
  let word = '';
  for (let rest = rank; rest > 0 || word === ''; rest = Math.floor(rest / 26))
    word += LETTERS[rest % 26]! + LETTERS[(rest * 7 + word.length) % 5]!;
  return word;
}

function caption(random: Random): string {
  const words = Array.from({ length: 8 + random.integer(6) }, () =>
    wordOf(Math.floor(VOCABULARY ** random.uniform())),
  );
  if (random.chance(0.1)) words[3] += ',';
  if (random.chance(0.03)) words[4] += "'s";
  return `A ${words.join(' ')}${random.chance(0.7) ? '.' : ''}`;
}

export async function measureCaptions(): Promise<CaptionsTimes> {
  const random = new Random(2205);
  const images = Array.from({ length: IMAGES }, () => ({
    caption: caption(random),
    references: Array.from({ length: REFERENCES }, () => caption(random)),
  }));
  const rounds: CaptionsTimes['rounds'] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const pauses = watchFrames();
    const started = performance.now();
    const answer = await captionsWork.score(images, () => {}, new AbortController().signal);
    const score = performance.now() - started;
    if (!answer?.ok) throw new Error(JSON.stringify(answer));
    rounds.push({ score, longestPause: pauses() });
  }
  return { images: IMAGES, references: REFERENCES, rounds };
}

/** The function returned ends the watch and tells the longest time between two frames. */
function watchFrames(): () => number {
  let last = performance.now();
  let longest = 0;
  let isOn = true;
  const frame = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (isOn) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  return () => {
    isOn = false;
    return longest;
  };
}
