/**
 * Writes the texts that a world's training reads, into its .cache: documents.txt (one document a line)
 * for the language model, and <split>.jsonl (one scene a line with its texts) for the text tower and
 * the reports.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { Random } from '../../src/math/random';
import { sampleText, type Teller } from './texts';

const DOCUMENTS = 120_000;
const TEXTS_A_SCENE = 6;
const TEXT_SEED = 21;

export interface CorpusWorld<Scene> {
  teller: Teller<Scene>;
  /** A document about a scene of any kind. */
  document(random: Random): string;
  fullCaption(scene: Scene): string;
  /** What a text says, as the world's kernel.py takes it. */
  readText(text: string): unknown;
  splits: Readonly<Record<string, { seed: number; count: number; sceneAt(index: number): Scene }>>;
}

/** @param cache the folder to write to */
export function writeCorpus<Scene>(cache: string, world: CorpusWorld<Scene>): void {
  mkdirSync(cache, { recursive: true });
  const documents = Array.from({ length: DOCUMENTS }, (_, index) =>
    world.document(new Random(TEXT_SEED, index)),
  );
  writeFileSync(`${cache}/documents.txt`, `${documents.join('\n')}\n`);

  for (const [name, { seed, count, sceneAt }] of Object.entries(world.splits)) {
    const lines = Array.from({ length: count }, (_, index) => {
      const scene = sceneAt(index);
      const random = new Random(TEXT_SEED + seed, index);
      const texts = Array.from({ length: TEXTS_A_SCENE }, () => {
        const { text, fluency } = sampleText(world.teller, scene, random);
        return { text, fluency, reading: world.readText(text) };
      });
      return JSON.stringify({
        scene,
        caption: world.teller.caption(scene, 'caption', new Random(TEXT_SEED - 1, index)),
        full: world.fullCaption(scene),
        keywords: world.teller.keywords(scene),
        texts,
      });
    });
    writeFileSync(`${cache}/${name}.jsonl`, `${lines.join('\n')}\n`);
  }
}
