/** The bundled world's frozen networks on one device. */
import type { Networks } from '../esper/networks';
import { type Clip, loadClip } from '../frozen/clip/clip';
import { Gpt2Differentiable } from '../frozen/gpt2/differentiable';
import { loadGpt2 } from '../frozen/gpt2/load';
import { openLanguageModel } from '../frozen/gpt2/open';
import { loadTokenizer } from '../frozen/tokenizer';
import type { Gpu } from '../gpu/device';
import { KernelRunner } from '../gpu/kernel';
import { QUERY } from './world';

// The built worker lies in assets/ beside models/; the dev server serves it from src.
const MODELS = new URL(import.meta.env.DEV ? '/models/' : '../models/', self.location.href).href;

export const MODEL_PAIR = { lm: 'shapes/gpt2', clip: 'shapes/clip' } as const;

export interface Models {
  networks: Networks;
  clip: Clip;
}

/** @param progress called when a part has been loaded: parts done, of how many, and its name */
export async function loadModels(
  gpu: Gpu,
  progress: (done: number, total: number, what: string) => void,
): Promise<Models> {
  const runner = new KernelRunner(gpu);
  const lmBase = `${MODELS}${MODEL_PAIR.lm}/`;
  const total = 3;
  let done = 0;
  const counted = async <T>(what: string, part: Promise<T>): Promise<T> => {
    const result = await part;
    progress(++done, total, what);
    return result;
  };
  const [weights, tokenizer, clip] = await Promise.all([
    counted('GPT-2', loadGpt2(gpu, lmBase)),
    counted('tokenizer', loadTokenizer(lmBase)),
    counted('CLIP', loadClip(gpu, `${MODELS}${MODEL_PAIR.clip}/`)),
  ]);
  const lm = await openLanguageModel(gpu, weights);
  return {
    clip,
    networks: {
      runner,
      lm,
      tokenizer,
      clip,
      E: clip.config.projectionDim,
      query: tokenizer.encode(QUERY),
      differentiate: (sizes) => Gpt2Differentiable.create(runner, weights, sizes),
    },
  };
}
