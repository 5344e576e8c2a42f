/**
 * What the Penn Treebank tokenizer of the COCO caption toolkit takes for one token, as rules in order: the
 * longest match wins, of equal ones the first. After the grammar of Stanford's PTBTokenizer as it was for
 * CoreNLP 3.4.1, which the toolkit runs; facts of two published versions round it, neither of which is that
 * very release: https://github.com/PeterisP/LVTagger (2012) and https://github.com/calibr/CoreNLP (2017),
 * src/edu/stanford/nlp/process/PTBLexer.flex. Left out: phone numbers with blanks in them.
 */
export interface TokenRule {
  /** Sticky. Group 1, or all where there is none, is the token; what follows it is context that must be there. */
  pattern: RegExp;
  /** The token where it is not the text itself, or several. */
  write?: (text: string) => string | readonly string[];
}

/** Case is ignored, save in rules that say otherwise. */
const anyCase = (source: string, write?: TokenRule['write']): TokenRule => ({
  pattern: new RegExp(source, 'iuy'),
  ...(write && { write }),
});
const exactCase = (source: string, write?: TokenRule['write']): TokenRule => ({
  pattern: new RegExp(source, 'uy'),
  ...(write && { write }),
});

const splitAt = (fromEnd: number) => (text: string) => [
  text.slice(0, -fromEnd),
  text.slice(-fromEnd),
];
/** Soft hyphens only say where a line may break. */
const withoutSoftHyphens = (text: string) => text.replaceAll('\u00AD', '') || '-';
const brackets = (text: string) => text.replaceAll('(', '-LRB-').replaceAll(')', '-RRB-');
/** As LaTeX writes them; whether one opens or closes makes no difference, both are left out later. */
const quotes = (text: string) =>
  text
    .replaceAll(/&apos;|['\u0092\u009B\u00B4\u2019\u203A]/gu, "'")
    .replaceAll(/["\u0094\u201D\u00BB]|&quot;/gu, "''")
    .replaceAll(/[\u0084\u0093\u201C\u201E\u00AB]/gu, '``')
    .replaceAll(/[\u0082\u008B\u0091\u2018\u201A\u201B\u2039]/gu, '`');

const { raw } = String;
const SPACE = raw`[ \t\n\u00A0\u2000-\u200A\u3000]`;
const LETTER = raw`(?:\p{L}|\u00AD|(?![\uFE00-\uFE0F])\p{M}|&[aeiou](?:acute|grave|uml);)`;
const ALNUM = raw`[\p{L}\p{Nd}]`;
const WORD = `${LETTER}+(?:[.!?]${LETTER}+)*`;
const APOSTROPHE = raw`(?:['\u0092\u2019]|&apos;)`;
/** With others that stand inside words, rightly or wrongly. */
const INNER_APOSTROPHE = raw`(?:['\u0091\u0092\u2018\u2019\u201B]|&apos;)`;
/** 's, 'll and the like. */
const CLITIC = `${APOSTROPHE}(?:[msd]|re|ve|ll)`;
const NOT = `n${INNER_APOSTROPHE}t`;
const HYPHEN = raw`[-_\u058A\u2010\u2011]`;
const NUMBER = raw`[-+]?(?:\p{Nd}*(?:[.:,\u00AD\u066B\u066C]\p{Nd}+)+|\p{Nd}+)`;
const FRACTION = raw`(?:\p{Nd}{1,4}[- \u00A0])?\p{Nd}{1,4}(?:\\?/|\u2044)\p{Nd}{1,4}`;
const ACRONYM = raw`[A-Za-z](?:\.[A-Za-z])+`;
const COMPOUND_PART = `(?:[dol]${INNER_APOSTROPHE}${ALNUM})?${ALNUM}+`;
const COMPOUND = `${COMPOUND_PART}(?:${HYPHEN}${COMPOUND_PART})*`;
const HYPHENATED = raw`[A-Za-z0-9][A-Za-z0-9.,\u00AD]*(?:-(?:${ACRONYM}\.|[A-Za-z0-9\u00AD]+))+`;
const SLASH_PART = '[A-Za-z0-9]+(?:-[A-Za-z]+){0,2}';
const COMMA = '[,;:\u3001]';

const NAME = '[A-Za-z][A-Za-z0-9_:.-]*';
const ATTRIBUTE = `(?:${NAME}(?: *= *(?:'[^']*'|"[^"]*"|${NAME}))?)`;
const MARKUP = `<(?:[!?][A-Za-z-][^>\r\n]*|${NAME}(?: +${ATTRIBUTE})* */?|/${NAME}) *>`;

const WORDS_WITH_APOSTROPHE = [
  `${APOSTROPHE}n${APOSTROPHE}?`,
  `[ldj]${APOSTROPHE}`,
  `(?:dunkin|somethin|ol)${APOSTROPHE}`,
  `${APOSTROPHE}(?:em|[2-9]0s|till?|cause)`,
  raw`cont'd\.?|'twas|nor'easter|c'mon|e'er|s'mores|ev'ry|li'l|nat'l|cap'n|c'est`,
].join('|');

/** Keep their full stop: months, days, states, companies, titles and the like. */
const ABBREVIATIONS = [
  'Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec|Mon|Tue|Tues|Wed|Thu|Thurs|Fri',
  'Ala|Ariz|Calif|Colo|Conn|Dak|Del|Fla|Ga|Ind|Kans?|Ky|La|Md|Mich|Minn|Mo|Mont|Neb|Nev|Okla|Pa|Penn',
  'Tenn|Tex|Va|Vt|Wisc?|Wyo|Inc|Cos?|Corp|Pp?t[ye]s?|Ltd|Plc|Rt|Bancorp|Dept|Bhd|Assn|Univ|Intl|Sys',
  raw`Ph|tel|est|ext|sq|Jr|Sr|Bros|(?:Ed|Ph)\.D|Blvd|Rd|Esq|etc|al|seq`,
  'Mrs?|Ms|Drs?|Profs?|Sens?|Reps?|Attys?|Lt|Col|Gen|Messrs|Govs?|Adm|Rev|Maj|Sgt|Cpl|Pvt|Mt|Capt',
  'Ste?|Ave|Pres|Lieut|Hon|Brig|Co?mdr|Pfc|Spc|Supts?|Det|Ft|vs|Alex|Wm|Jos|Cie|cf|TREAS',
  `Invt|Elec|Natl|M[ft]g|${ACRONYM}|[A-Za-z]`,
].join('|');
/** Words of their own where they are not capitalised. */
const CAPITALISED_ABBREVIATIONS =
  'A(?:rk|RK)|I(?:ll|LL)|M(?:ass|ASS|iss|ISS)|O(?:re|RE)|W(?:ash|ASH)';
/** Keep their full stop before a number. */
const NUMBERED = 'ca|figs?|prop|nos?|art|bldg|pp|op';

const URL_END = raw`[^ \t\n\f\r"<>|.!?(){},-]`;
const HOST = raw`(?:www\.(?:[^ \t\n\f\r"<>|.!?(){},]+\.)+[a-z]{2,4}|(?:[^ \t\n\f\r"'\x60<>|.!?(){},-_$]+\.)+(?:com|net|org|edu))`;

const SYMBOLS =
  raw`[+%&~^|\\¦§¨©¬®¯°-³´-º×÷\u0387\u05BE\u05C0\u05C3\u05C6\u05F3\u05F4\u0600-\u0603\u0606-\u060A\u060C` +
  raw`\u0614\u061B\u061E\u066A\u066D\u0703-\u070D\u07F6-\u07F8\u0964\u0965\u0E4F\u1FBD\u2016\u2017` +
  raw`\u2020-\u2023\u2030-\u2038\u203B\u203E-\u2042\u2044\u207A-\u207F\u208A-\u208E\u2100-\u214F` +
  raw`\u2190-\u2BFF\u3012\u30FB\uFF01-\uFF0F\uFF1A-\uFF20\uFF3B-\uFF40\uFF5B-\uFF65]`;

const CURRENCIES: Readonly<Record<string, string>> = { '¢': 'cents', '£': '#', '¤': '$', '€': '$' };
const FRACTION_SIGNS: Readonly<Record<string, string>> = {
  '¼': '1/4',
  '½': '1/2',
  '¾': '3/4',
  '⅓': '1/3',
  '⅔': '2/3',
};
const ENTITIES: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>' };
const BRACKETS: Readonly<Record<string, string>> = {
  '(': '-LRB-',
  ')': '-RRB-',
  '[': '-LSB-',
  ']': '-RSB-',
  '{': '-LCB-',
  '}': '-RCB-',
};

export const TOKEN_RULES: readonly TokenRule[] = [
  anyCase('cannot', splitAt(3)),
  anyCase('gonna|gotta|lemme|gimme|wanna', splitAt(2)),
  anyCase(MARKUP),
  anyCase(raw`&(?:MD|mdash|ndash);|[\u0096\u0097\u2013-\u2015]`, () => '--'),
  anyCase('&amp;', () => '&'),
  anyCase('&(?:HT|TL|UR|LR|QC|QL|QR|odq|cdq|#[0-9]+);'),
  anyCase(`(${WORD})${CLITIC}`, withoutSoftHyphens),
  anyCase(raw`([A-Za-z\u00AD]*[A-MO-Z]\u00AD*)${NOT}`, withoutSoftHyphens),
  anyCase(WORD, withoutSoftHyphens),
  anyCase(WORDS_WITH_APOSTROPHE, quotes),
  exactCase(raw`[A-HJ-XZn]${INNER_APOSTROPHE}\p{L}{2,}`, quotes),
  exactCase(raw`\p{L}+[aeiouyAEIOUY]${INNER_APOSTROPHE}[aeiouA-Z]\p{L}*`, quotes),
  anyCase(raw`(y${APOSTROPHE})\p{L}`, quotes),
  anyCase(raw`https?://[^ \t\n\f\r"<>|()]+${URL_END}`),
  anyCase(raw`${HOST}(?:/[^ \t\n\f\r"<>|()]+${URL_END})?`),
  anyCase(
    raw`[a-z0-9][^ \t\n\f\r"<>|()\u00A0]*@(?:[^ \t\n\f\r"<>|().\u00A0]+\.)*[^ \t\n\f\r"<>|().\u00A0]+`,
  ),
  anyCase(`@[a-z_][a-z_0-9]*|#${WORD}`),
  anyCase(`(${CLITIC})[^A-Za-z]`, quotes),
  anyCase(NOT, quotes),
  anyCase(raw`\p{Nd}{1,2}[-/]\p{Nd}{1,2}[-/]\p{Nd}{2,4}`),
  anyCase(NUMBER, withoutSoftHyphens),
  anyCase(raw`[\u207A\u207B\u208A\u208B]?(?:[\u2070¹²³\u2074-\u2079]+|[\u2080-\u2089]+)`),
  anyCase(FRACTION),
  anyCase(raw`[¼½¾\u2153-\u215E]`, (sign) => FRACTION_SIGNS[sign] ?? sign),
  anyCase('-(?:RRB|LRB|RCB|LCB|RSB|LSB)-|pro-|anti-'),
  anyCase(raw`${SLASH_PART}(?:\\?/${SLASH_PART}){1,2}`),
  exactCase(raw`[A-Z]*\$|#`),
  anyCase(
    raw`[¢£¤¥\u0080\u20A0\u20A4\u20AC\u060B\u0E3F\uFFE0\uFFE1\uFFE5\uFFE6]`,
    (sign) => CURRENCIES[sign] ?? sign,
  ),
  anyCase(raw`((?:${NUMBERED})\.)${SPACE}?\p{Nd}`),
  anyCase(raw`(?:${ABBREVIATIONS})\.`),
  exactCase(raw`(?:${CAPITALISED_ABBREVIATIONS})\.`),
  anyCase(raw`(${APOSTROPHE}[0-9][0-9])${SPACE}`, quotes),
  anyCase(raw`(${WORD}\.)${COMMA}`, withoutSoftHyphens),
  anyCase('"|&quot;', quotes),
  anyCase('&[lg]t;', (entity) => ENTITIES[entity.toLowerCase()] ?? entity),
  anyCase(raw`([<>]?[:;=][-o*']?[()DPO\\{@|[\]])[^A-Za-z0-9]`, brackets),
  anyCase(raw`[-^x=~<>']_[-^x=~<>']|\([-^x=~<>'][_.]?[-^x=~<>']\)`, brackets),
  anyCase(raw`[(){}[\]]`, (bracket) => BRACKETS[bracket] ?? bracket),
  anyCase('-+', (text) => (text.length === 3 || text.length === 4 ? '--' : text)),
  anyCase(raw`\.{3,}|[\u0085\u2026]`, () => '...'),
  anyCase(raw`@+|#+|_+|\*+|(?:\\\*){1,3}`),
  anyCase(COMMA),
  anyCase('[?!]+'),
  anyCase(raw`[.¡¿\u037E\u0589\u061F\u06D4\u0700-\u0702\u07FA\u3002=/]`),
  anyCase(raw`(${HYPHENATED}\.)${COMMA}`, withoutSoftHyphens),
  anyCase(HYPHENATED, withoutSoftHyphens),
  anyCase(raw`(${COMPOUND}\.)${COMMA}`, quotes),
  anyCase(COMPOUND, quotes),
  exactCase('[A-Z]+(?:(?:[+&]|&amp;)[A-Z]+)+'),
  anyCase(raw`(')[A-Za-z][^ \t\n\r\u00A0]`),
  anyCase(CLITIC, quotes),
  anyCase(
    raw`${APOSTROPHE}|''|[\x60\u2018-\u201F\u0082\u0084\u0091-\u0094\u2039\u203A«»]{1,2}`,
    quotes,
  ),
  anyCase('<<|>>|[<>]'),
  anyCase(SYMBOLS),
];
