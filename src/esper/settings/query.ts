/** What captions follow: the tokens between the prefix and the response. */
import { oneOf, structural, text } from './field';

export const QUERY = {
  query: structural(
    oneOf(['pair', 'prompt', 'opening-words', 'styles']).default('pair'),
    'Captions follow',
    '',
    'pair: what suits the models, “caption:” in the bundled world, else “The photo describes a”. prompt: the one below. opening-words: for each picture a word that sentences begin with, drawn by its frequency. styles: for each picture one of the labels.',
  ),
  prompt: structural(
    text(60, { mayBeEmpty: false }).default('The photo describes a'),
    'Prompt',
    '',
    'Captions begin with it and CLIP reads it too, unless it ends with a colon: then it is a label that only the language model reads.',
  ),
  openingWords: structural(
    text(200).default(''),
    'Opening words',
    '',
    'Your own, separated by commas, each as likely (name one twice and it is twice as likely). Empty: the list that the language model’s repository brings (opening-words.json).',
  ),
  styleLabels: structural(
    text(200).default(''),
    'Style labels',
    '',
    'Your own, separated by commas; the captions shown follow the first. Empty: those that the language model’s repository names (styles.json).',
  ),
};
