/**
 * Writes opening-words.json, which the page reads in a language model's repository, from the corpus that the model
 * was trained on: text files, read line by line; a line is a paragraph or one or several texts, each ended
 * by "<|endoftext|>".
 *
 *   npx tsx models/openings/count.ts OUT.json CORPUS.txt… [--after LABEL]
 *
 * --after "caption:" counts only what follows that label; captions follow it then, too.
 */
import { createReadStream, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { FirstWords } from './first-words';

/** Rarer words would hardly ever be drawn. */
const KEPT = { most: 100, least: 0.001 };

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { after: { type: 'string', default: '' } },
});
const [out, ...corpora] = positionals;
if (!out || corpora.length === 0) {
  console.error('usage: count.ts OUT.json CORPUS.txt… [--after LABEL]');
  process.exit(2);
}
const counted = new FirstWords(values.after);
for (const corpus of corpora)
  for await (const line of createInterface({ input: createReadStream(corpus, 'utf8') }))
    counted.add(line);
const list = counted.list(KEPT);
if (Object.keys(list.words).length === 0) {
  console.error(
    `No sentence${values.after && ` after “${values.after}”`} in ${corpora.join(', ')}.`,
  );
  process.exit(1);
}
writeFileSync(out, `${JSON.stringify(list, undefined, 1)}\n`);
const covered = Object.values(list.words).reduce((sum, share) => sum + share, 0);
console.log(
  `${out}: ${Object.keys(list.words).length} words, which begin ${(100 * covered).toFixed(1)} % of ${counted.sentences} sentences`,
);
