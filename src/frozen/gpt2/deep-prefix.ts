/**
 * Deep prefixes: keys and values of every layer in place of vectors that are read as words. Only our kernels
 * take them; where ONNX Runtime runs the other passes, these go to our kernels on the same weights.
 */
import type { Tensor } from '../../gpu/tensor';
import type { LanguageModel } from './model';

/** Whether a prefix is [B, P, N, 2, D] rather than [B, P, D]. */
export const isDeep = (prefix: Tensor | undefined): boolean => prefix?.shape.length === 5;

/** What `kernels` does with deep prefixes, and `model` with everything else. */
export function withDeepPrefix(model: LanguageModel, kernels: LanguageModel): LanguageModel {
  const forPrefix = (prefix: Tensor | undefined) => (isDeep(prefix) ? kernels : model);
  return {
    config: model.config,
    weights: model.weights,
    provider: model.provider,
    startDecoding: (start) => forPrefix(start.prefix).startDecoding(start),
    hidden: (pass) => forPrefix(pass.prefix).hidden(pass),
    async dispose() {
      await model.dispose();
      await kernels.dispose();
    },
  };
}
