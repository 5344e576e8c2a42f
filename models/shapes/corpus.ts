/** Writes the texts of the shapes world: see models/worlds/corpus.ts. */
import { caption, fullCaption, keywords } from '../../src/worlds/shapes/captions';
import { trainingDocument } from '../../src/worlds/shapes/documents';
import { readText } from '../../src/worlds/shapes/reading';
import { sampleScene } from '../../src/worlds/shapes/scene';
import { COLOURS, PLACES, RELATIONS, SHAPES, SIZES } from '../../src/worlds/shapes/vocabulary';
import { writeCorpus } from '../worlds/corpus';
import { scenesOf } from '../worlds/splits';
import { looseWords } from '../worlds/texts';
import { SPLITS } from './splits';

writeCorpus(`${import.meta.dirname}/.cache`, {
  teller: {
    caption,
    keywords,
    looseWords: looseWords(
      ...[...SHAPES, ...COLOURS, ...SIZES, ...PLACES, ...RELATIONS],
      'a the is at in on there . draw saw !',
    ),
  },
  document: (random) => trainingDocument(sampleScene(random, { twoObjectShare: 0.3 }), random),
  fullCaption,
  readText,
  splits: scenesOf(SPLITS, sampleScene),
});
