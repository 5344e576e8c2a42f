/**
 * GPT-2's shape and its weights as GPU tensors, by the names of the Hugging Face checkpoint.
 * One copy: ONNX Runtime's graphs and our own kernels bind the same buffers.
 * Stored in f16, the matrices but wpe are halves; ONNX Runtime's graphs do not read those.
 */
import type { Tensor } from '../../gpu/tensor';

/** The fields of config.json that the network's shape depends on. Letters: V, D, H. */
export interface Gpt2Config {
  vocab_size: number;
  n_positions: number;
  n_embd: number;
  n_layer: number;
  n_head: number;
  layer_norm_epsilon: number;
  eos_token_id: number;
  /** False where the head is a matrix of its own, lm_head.weight; it is wte where this is left out. */
  tie_word_embeddings?: boolean;
}

/** What the matrices are stored as. Arithmetic is f32 either way. */
export type WeightDType = 'f32' | 'f16';

/** Linear layers are Conv1D as in the checkpoint: weight [in, out], out = x · weight + bias. */
export interface Gpt2Block {
  'ln_1.weight': Tensor; // [D]
  'ln_1.bias': Tensor;
  'attn.c_attn.weight': Tensor; // [D, 3D]: q, k, v
  'attn.c_attn.bias': Tensor;
  'attn.c_proj.weight': Tensor; // [D, D]
  'attn.c_proj.bias': Tensor;
  'ln_2.weight': Tensor;
  'ln_2.bias': Tensor;
  'mlp.c_fc.weight': Tensor; // [D, 4D]
  'mlp.c_fc.bias': Tensor;
  'mlp.c_proj.weight': Tensor; // [4D, D]
  'mlp.c_proj.bias': Tensor;
}

export interface Gpt2Weights {
  config: Gpt2Config;
  wte: Tensor; // [V, D]
  wpe: Tensor; // [n_positions, D]
  blocks: readonly Gpt2Block[];
  'ln_f.weight': Tensor; // [D]
  'ln_f.bias': Tensor;
  /** lm_head.weight [V, D]: wte itself where they are tied. */
  head: Tensor;
}

/** The parameter that the head reads. */
export const headName = ({ tie_word_embeddings }: Gpt2Config): 'wte.weight' | 'lm_head.weight' =>
  tie_word_embeddings === false ? 'lm_head.weight' : 'wte.weight';
