/** The sizes that Hugging Face's files of CLIP and CLAP tell, and what is said of those that do not fit. */
import { describe, expect, it } from 'vitest';
import { toFaultCause } from '../faults';
import { parseHearing } from './clap/config';
import { modalityOf, parseEncoderConfig } from './encoder-config';

// As https://huggingface.co/Xenova/clap-htsat-unfused has them, less what is not read here.
const CLAP = {
  model_type: 'clap',
  projection_dim: 512,
  text_config: { model_type: 'clap_text_model', projection_hidden_size: 768 },
};
const EXTRACTOR = {
  feature_extractor_type: 'ClapFeatureExtractor',
  sampling_rate: 48_000,
  nb_max_samples: 480_000,
  truncation: 'rand_trunc',
};

const problemOf = (call: () => unknown): string => {
  try {
    call();
  } catch (error) {
    const fault = toFaultCause(error);
    return fault.kind === 'bad-file' ? fault.problem : fault.kind;
  }
  return 'none';
};

it('tells pictures from sounds by the model’s type', () => {
  expect(modalityOf('config.json', { model_type: 'clip' })).toBe('picture');
  expect(modalityOf('config.json', CLAP)).toBe('sound');
  expect(problemOf(() => modalityOf('config.json', { model_type: 'bert' }))).toMatch(/CLIP.*CLAP/);
  expect(problemOf(() => modalityOf('config.json', 'text'))).toMatch(/CLIP.*CLAP/);
});

describe('CLAP', () => {
  it('takes 512 tokens, as RoBERTa’s positions begin behind the padding’s', () => {
    expect(parseEncoderConfig('config.json', CLAP)).toEqual({
      projectionDim: 512,
      contextLength: 512,
    });
    const small = { ...CLAP, text_config: { max_position_embeddings: 34, pad_token_id: 1 } };
    expect(parseEncoderConfig('config.json', small).contextLength).toBe(32);
  });

  it('hears ten seconds', () => {
    expect(parseHearing('preprocessor_config.json', EXTRACTOR)).toEqual({
      rate: 48_000,
      samples: 480_000,
    });
  });

  it('says what does not fit', () => {
    const broken = (change: object) =>
      problemOf(() => parseHearing('preprocessor_config.json', { ...EXTRACTOR, ...change }));
    expect(broken({ truncation: 'fusion' })).toMatch(/truncation: .*a fused CLAP/);
    expect(broken({ sampling_rate: 0 })).toMatch(/sampling_rate/);
    expect(broken({ feature_extractor_type: 'WhisperFeatureExtractor' })).toMatch(
      /feature_extractor_type/,
    );
  });
});
