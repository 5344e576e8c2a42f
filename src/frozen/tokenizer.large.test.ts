/** transformers.js's tokenizers on the real vocabularies of GPT-2 and CLIP, against Hugging Face's own ids. */
import { PreTrainedTokenizer } from '@huggingface/transformers';
import { describe, expect, inject, it } from 'vitest';

interface Case {
  text: string;
  ids: number[];
  decoded: string;
}

const { gpt2, clip } = inject('tokenizers');
/** The files group the cases by model; all models of a file share one vocabulary. */
const casesOf = (json: string): [string, Case][] =>
  Object.entries(JSON.parse(json) as Record<string, Record<string, Case>>).flatMap(
    ([model, cases]) =>
      Object.entries(cases).map(([name, one]) => [`${model} ${name}`, one] as [string, Case]),
  );

const special = (id: number, content: string) => ({
  id,
  content,
  special: true,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
});

/** Lines of a merges file, without its head line. */
const mergeLines = (text: string) => text.trim().split('\n').slice(1);

/** As openai-community/gpt2's tokenizer.json. */
function gpt2Tokenizer(): PreTrainedTokenizer {
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true };
  return new PreTrainedTokenizer(
    {
      version: '1.0',
      added_tokens: [special(50256, '<|endoftext|>')],
      normalizer: null,
      pre_tokenizer: { ...byteLevel, use_regex: true },
      post_processor: { ...byteLevel, trim_offsets: false },
      decoder: { ...byteLevel, add_prefix_space: true },
      model: {
        type: 'BPE',
        vocab: JSON.parse(gpt2.vocabulary) as Record<string, number>,
        merges: mergeLines(gpt2.merges),
      },
    },
    { tokenizer_class: 'GPT2Tokenizer', clean_up_tokenization_spaces: true },
  );
}

/** As openai/CLIP builds its vocabulary: bytes, bytes that end a word, merges, the two marks. */
function clipTokenizer(): PreTrainedTokenizer {
  const merges = mergeLines(clip.merges).slice(0, 49_152 - 256 - 2);
  // GPT-2's first 256 entries are the bytes, in the order that CLIP takes over.
  const bytes = Object.entries(JSON.parse(gpt2.vocabulary) as Record<string, number>)
    .filter(([, id]) => id < 256)
    .toSorted(([, a], [, b]) => a - b)
    .map(([text]) => text);
  const entries = [
    ...bytes,
    ...bytes.map((text) => `${text}</w>`),
    ...merges.map((pair) => pair.replace(' ', '')),
    '<|startoftext|>',
    '<|endoftext|>',
  ];
  const [start, end] = [entries.length - 2, entries.length - 1];
  return new PreTrainedTokenizer(
    {
      version: '1.0',
      added_tokens: [special(start, '<|startoftext|>'), special(end, '<|endoftext|>')],
      normalizer: {
        type: 'Sequence',
        normalizers: [
          { type: 'NFC' },
          { type: 'Replace', pattern: { Regex: '\\s+' }, content: ' ' },
          { type: 'Lowercase' },
        ],
      },
      pre_tokenizer: {
        type: 'Sequence',
        pretokenizers: [
          {
            type: 'Split',
            pattern: {
              Regex: "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+",
            },
            behavior: 'Removed',
            invert: true,
          },
          { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true },
        ],
      },
      post_processor: {
        type: 'RobertaProcessing',
        cls: ['<|startoftext|>', start],
        sep: ['<|endoftext|>', end],
        trim_offsets: false,
        add_prefix_space: false,
      },
      decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true },
      model: {
        type: 'BPE',
        unk_token: '<|endoftext|>',
        end_of_word_suffix: '</w>',
        vocab: Object.fromEntries(entries.map((text, id) => [text, id])),
        merges,
      },
    },
    { tokenizer_class: 'CLIPTokenizer', unk_token: '<|endoftext|>' },
  );
}

describe('GPT-2’s real vocabulary', () => {
  const tokenizer = gpt2Tokenizer();
  it.each(casesOf(gpt2.cases))('%s', (_, { text, ids }) => {
    expect(tokenizer.encode(text, { add_special_tokens: false })).toEqual(ids);
  });
});

describe('CLIP’s real vocabulary', () => {
  const tokenizer = clipTokenizer();
  it.each(casesOf(clip.cases))('%s', (_, { text, ids }) => {
    expect(tokenizer.encode(text)).toEqual(ids);
  });
});
