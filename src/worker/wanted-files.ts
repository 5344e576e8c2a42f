/**
 * Which files of a pair's repositories loading asks for, as `frozen` and transformers.js name them; the language
 * model's last two are our own, see known-queries.ts.
 */
import type { Pair } from '../esper/pair';
import type { Wanted } from '../frozen/hub/fetch-repository';

const REVISION = 'main';
export const CONFIG = 'config.json';
export const STYLES = 'styles.json';
export const OPENING_WORDS = 'opening-words.json';
const ONNX_SUFFIX = { fp32: '', fp16: '_fp16', q8: '_quantized' } as const;

/** The language model's, then CLIP's. */
export function wantedOf({ lm, clip, clipDType }: Pair): [Wanted, Wanted] {
  const optional = ['tokenizer_config.json'];
  const onnx = (tower: string) => `onnx/${tower}_model${ONNX_SUFFIX[clipDType]}.onnx`;
  return [
    {
      repository: lm,
      revision: REVISION,
      required: [CONFIG, 'tokenizer.json', 'model.safetensors'],
      optional: [...optional, STYLES, OPENING_WORDS],
    },
    {
      repository: clip,
      revision: REVISION,
      required: [
        CONFIG,
        'preprocessor_config.json',
        'tokenizer.json',
        onnx('vision'),
        onnx('text'),
      ],
      optional,
    },
  ];
}
