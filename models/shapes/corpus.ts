/**
 * Writes the texts that training reads, into .cache: documents.txt (one document a line) for the
 * language model, and <split>.jsonl (one scene a line with its texts) for CLIP and the reports.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { Random } from '../../src/math/random';
import { caption, fullCaption } from '../../src/worlds/shapes/captions';
import { trainingDocument } from '../../src/worlds/shapes/documents';
import { readText } from '../../src/worlds/shapes/reading';
import { sampleScene, type Scene } from '../../src/worlds/shapes/scene';
import { isSplitName, sceneAt, SPLITS, type SplitName } from './splits';
import { sampleClipText } from './texts';

const DOCUMENTS = 120_000;
const TEXTS_A_SCENE = 6;
const TEXT_SEED = 21;

const cache = `${import.meta.dirname}/.cache`;
mkdirSync(cache, { recursive: true });

function documentAt(index: number): string {
  const random = new Random(TEXT_SEED, index);
  return trainingDocument(sampleScene(random, { twoObjectShare: 0.3 }), random);
}

function textsOf(scene: Scene, split: SplitName, index: number): unknown[] {
  const random = new Random(TEXT_SEED + SPLITS[split].seed, index);
  return Array.from({ length: TEXTS_A_SCENE }, () => {
    const { text, fluency } = sampleClipText(scene, random);
    return { text, fluency, reading: readText(text) };
  });
}

const documents = Array.from({ length: DOCUMENTS }, (_, i) => documentAt(i));
writeFileSync(`${cache}/documents.txt`, `${documents.join('\n')}\n`);

for (const name of Object.keys(SPLITS).filter(isSplitName)) {
  const lines = Array.from({ length: SPLITS[name].count }, (_, index) => {
    const { scene } = sceneAt(name, index);
    return JSON.stringify({
      scene,
      caption: caption(scene, 'caption', new Random(TEXT_SEED - 1, index)),
      full: fullCaption(scene),
      texts: textsOf(scene, name, index),
    });
  });
  writeFileSync(`${cache}/${name}.jsonl`, `${lines.join('\n')}\n`);
}
