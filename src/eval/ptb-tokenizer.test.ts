/**
 * The tokenizer against the test vectors that Stanford publishes for it: sentences and their tokens, of
 * PTBTokenizerTest.java as it was before CoreNLP 3.5 (https://github.com/stanfordnlp/CoreNLP,
 * test/src/edu/stanford/nlp/process), and the toolkit's own treatment of what comes out.
 */
import { describe, expect, it } from 'vitest';
import { tokenizeCaption } from './ptb-tokenizer';

/** Sentence, then the published tokens; slashes unescaped. */
const PUBLISHED: readonly (readonly [string, string])[] = [
  ['This is a sentence.', 'This is a sentence .'],
  [
    'U.S. insurance: Conseco acquires Kemper Corp. \n</HEADLINE>\n<P>\nU.S insurance',
    'U.S. insurance : Conseco acquires Kemper Corp. . </HEADLINE> <P> U.S insurance',
  ],
  [
    'Based in Eugene,Ore., PakTech needs a new distributor after Sydney-based Creative Pack Pty. Ltd. went into voluntary administration.',
    'Based in Eugene , Ore. , PakTech needs a new distributor after Sydney-based Creative Pack Pty. Ltd. went into voluntary administration .',
  ],
  ['The Iron Age (ca. 1300 – ca. 300 BC).', 'The Iron Age -LRB- ca. 1300 -- ca. 300 BC -RRB- .'],
  ['Indo\u00ADnesian ship\u00ADping \u00AD', 'Indonesian shipping -'],
  ["Gimme a phone, I'm gonna call.", "Gim me a phone , I 'm gon na call ."],
  [
    '"John & Mary\'s dog," Jane thought (to herself).\n"What a #$%!\na- ``I like AT&T\'\'."',
    "`` John & Mary 's dog , '' Jane thought -LRB- to herself -RRB- . `` What a # $ % ! a - `` I like AT&T '' . ''",
  ],
  ['I said at 4:45pm.', 'I said at 4:45 pm .'],
  [
    "I can't believe they wanna keep 40% of that.\"\n``Whatcha think?''\n\"I don't --- think so...,\"",
    "I ca n't believe they wan na keep 40 % of that . '' `` Whatcha think ? '' `` I do n't -- think so ... , ''",
  ],
  [
    "You `paid' US$170,000?!\nYou should've paid only$16.75.",
    "You ` paid ' US$ 170,000 ?! You should 've paid only $ 16.75 .",
  ],
  [
    '1. Buy a new Chevrolet (37%-owned in the U.S..) . 15%',
    '1 . Buy a new Chevrolet -LRB- 37 % - owned in the U.S. . -RRB- . 15 %',
  ],
  [
    "I like you ;-) but do you care :(. I'm happy ^_^ but shy (x.x)!",
    "I like you ;--RRB- but do you care :-LRB- . I 'm happy ^_^ but shy -LRB-x.x-RRB- !",
  ],
  [
    "Diamond (``Not even the chair'') lives near Udaipur (84km). {1. A potential Palmer trade:}",
    "Diamond -LRB- `` Not even the chair '' -RRB- lives near Udaipur -LRB- 84km -RRB- . -LCB- 1 . A potential Palmer trade : -RCB-",
  ],
  ['No. I like No. 24 and no.47.', 'No . I like No. 24 and no. 47 .'],
  [
    'So, too, many analysts predict, will Exxon Corp., Chevron Corp. and Amoco Corp.',
    'So , too , many analysts predict , will Exxon Corp. , Chevron Corp. and Amoco Corp. .',
  ],
  [
    'Significant improvements in peak FEV1 were demonstrated with tiotropium/olodaterol 5/2 μg (p = 0.008), 5/5 μg (p = 0.012), and 5/10 μg (p < 0.0001) versus tiotropium monotherapy [51].',
    'Significant improvements in peak FEV1 were demonstrated with tiotropium/olodaterol 5/2 μg -LRB- p = 0.008 -RRB- , 5/5 μg -LRB- p = 0.012 -RRB- , and 5/10 μg -LRB- p < 0.0001 -RRB- versus tiotropium monotherapy -LSB- 51 -RSB- .',
  ],
  [
    "Panasonic brand products are produced by Samsung Electronics Co. Ltd. Sanyo products aren't.",
    "Panasonic brand products are produced by Samsung Electronics Co. Ltd. . Sanyo products are n't .",
  ],
  [
    'Oesophageal acid exposure (% time <pH 4) was similar in patients with or without complications (19.2% v 19.3% p>0.05).',
    'Oesophageal acid exposure -LRB- % time < pH 4 -RRB- was similar in patients with or without complications -LRB- 19.2 % v 19.3 % p > 0.05 -RRB- .',
  ],
  [
    'This is a url test. Here is one: http://google.com.',
    'This is a url test . Here is one : http://google.com .',
  ],
  ['UK-based', 'UK-based'],
  ['2010-2015', '2010-2015'],
  ['20-30%', '20-30 %'],
  ['80,000-man march', '80,000-man march'],
  ["60-90's", "60-90 's"],
  ['3 p.m., eastern time', '3 p.m. , eastern time'],
  ['First sentence.... Second sentence.', 'First sentence ... . Second sentence .'],
  ['I lived in O\u2019Malley', "I lived in O'Malley"],
];

/** The toolkit's list, which it applies to lower-case tokens. */
const LEFT_OUT = new Set(
  [
    "''",
    "'",
    '``',
    '`',
    '-LRB-',
    '-RRB-',
    '-LCB-',
    '-RCB-',
    '.',
    '?',
    '!',
    ',',
    ':',
    '-',
    '--',
  ].concat(['...', ';']),
);

it.each(PUBLISHED)('tokenizes %j as published', (sentence, tokens) => {
  const expected = tokens
    .toLowerCase()
    .split(' ')
    .filter((token) => !LEFT_OUT.has(token));
  expect(tokenizeCaption(sentence)).toEqual(expected);
});

describe('words of captions', () => {
  it.each([
    ['', ''],
    ['   ', ''],
    ['.', ''],
    ['A man riding a wave.', 'a man riding a wave'],
    ['A black-and-white cat, asleep', 'a black-and-white cat asleep'],
    ["the man's dog isn't here", "the man 's dog is n't here"],
    ["two dogs' bowls", 'two dogs bowls'],
    ["at 7 o'clock", "at 7 o'clock"],
    ["rock 'n' roll in the '90s", "rock 'n' roll in the '90s"],
    ['a sign that says "STOP"', 'a sign that says stop'],
    ['a “stop” sign', 'a stop sign'],
    // Brackets stay: the toolkit lists them in capitals after the tokenizer has made them small.
    ['a dog (brown)', 'a dog -lrb- brown -rrb-'],
    ['wow!! really?', 'wow !! really'],
    ['on Main St.', 'on main st.'],
    ['cups, plates, etc.', 'cups plates etc.'],
    ['a 1/2 cup and 1 1/2 spoons', 'a 1/2 cup and 1 1/2 spoons'],
    ['it costs £5 & 20¢', 'it costs # 5 & 20 cents'],
    ['a café in Zürich', 'a café in zürich'],
    ['a cat 😺 on a mat', 'a cat on a mat'],
    ['see www.flickr.com/photos/1 now', 'see www.flickr.com/photos/1 now'],
    ['I cannot see it', 'i can not see it'],
    ['line one\nline two', 'line one line two'],
    ['a picture of the letter A.', 'a picture of the letter a.'],
    ['dog.The cat', 'dog.the cat'],
  ])('%j', (caption, words) => {
    expect(tokenizeCaption(caption)).toEqual(words === '' ? [] : words.split(' '));
  });

  it('are the same whether the quick way or the rules take them', () => {
    const words = ['a', 'cannot', 'mr', 'ill', 'No', 'St', 'gonna', 'wolf'];
    // A no-break space behind a word is a blank that the quick way does not know.
    for (const word of words)
      expect(tokenizeCaption(`${word} dog`)).toEqual(tokenizeCaption(`${word}\u00A0dog`));
  });
});
