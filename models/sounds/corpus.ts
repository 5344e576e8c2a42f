/** Writes the texts of the sounds world: see models/worlds/corpus.ts. */
import { caption, fullCaption, keywords } from '../../src/worlds/sounds/captions';
import { trainingDocument } from '../../src/worlds/sounds/documents';
import { readText, VALUES } from '../../src/worlds/sounds/reading';
import { sampleScene } from '../../src/worlds/sounds/scene';
import { writeCorpus } from '../worlds/corpus';
import { scenesOf } from '../worlds/splits';
import { looseWords } from '../worlds/texts';
import { SPLITS } from './splits';

writeCorpus(`${import.meta.dirname}/.cache`, {
  teller: {
    caption,
    keywords,
    looseWords: looseWords(
      ...Object.values(VALUES).flat(),
      'a the played plays someone there is record heard . , !',
    ),
  },
  document: (random) => trainingDocument(sampleScene(random), random),
  fullCaption,
  readText,
  splits: scenesOf(SPLITS, sampleScene),
});
