/**
 * Which files of a pair's repositories loading asks for, as `frozen` and transformers.js name them; the language
 * model's last two are our own, see known-queries.ts.
 */
import type { Pair } from '../esper/pair';
import type { Modality } from '../frozen/encoder';
import type { Wanted } from '../frozen/hub/fetch-repository';

const REVISION = 'main';
export const CONFIG = 'config.json';
export const STYLES = 'styles.json';
export const OPENING_WORDS = 'opening-words.json';
const ONNX_SUFFIX = { fp32: '', fp16: '_fp16', q8: '_quantized' } as const;
/** The tower beside that of texts. */
const TOWERS = { picture: 'vision', sound: 'audio' } as const;
const OPTIONAL = ['tokenizer_config.json'];

export const wantedOfLm = ({ lm }: Pair): Wanted => ({
  repository: lm,
  revision: REVISION,
  required: [CONFIG, 'tokenizer.json', 'model.safetensors'],
  optional: [...OPTIONAL, STYLES, OPENING_WORDS],
});

/** Of the encoder what tells which of the others are wanted. */
export const wantedFirst = ({ clip }: Pair): Wanted => ({
  repository: clip,
  revision: REVISION,
  required: [CONFIG],
  optional: [],
});

/** @param modality as the encoder's config.json tells it */
export function wantedOfEncoder({ clip, clipDType }: Pair, modality: Modality): Wanted {
  const onnx = (tower: string) => `onnx/${tower}_model${ONNX_SUFFIX[clipDType]}.onnx`;
  const required = [
    CONFIG,
    'preprocessor_config.json',
    'tokenizer.json',
    onnx(TOWERS[modality]),
    onnx('text'),
  ];
  return { repository: clip, revision: REVISION, required, optional: OPTIONAL };
}
