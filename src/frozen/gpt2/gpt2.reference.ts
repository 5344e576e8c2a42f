/** The whole of GPT-2 in f64, from prefix and tokens to the hidden states after ln_f. */
import { attentionReference } from '../../gpu/kernels/attention/attention.reference';
import { embeddingReference } from '../../gpu/kernels/embedding/embedding.reference';
import { geluReference } from '../../gpu/kernels/gelu/gelu.reference';
import { layernormReference } from '../../gpu/kernels/layernorm/layernorm.reference';
import { matmulReference } from '../../gpu/kernels/matmul/matmul.reference';
import type { Gpt2Config } from './weights';

/** Parameters by checkpoint name: "h.0.attn.c_attn.weight". */
export type Gpt2Parameters = ReadonlyMap<string, ArrayLike<number>>;

/**
 * prefix [B, P, D], tokens [B, S] → hidden [B, P + S, D].
 * @param past keys and values [B, P, N, 2, D] that stand at the first P positions of every layer
 */
export function gpt2Reference(
  config: Gpt2Config,
  parameters: Gpt2Parameters,
  prefix: ArrayLike<number>,
  tokens: ArrayLike<number>,
  { B, P, S }: { B: number; P: number; S: number },
  past?: ArrayLike<number>,
): Float64Array {
  const { n_embd: D, n_head: H, n_layer: N, layer_norm_epsilon: epsilon } = config;
  const L = P + S;
  const at = (name: string) => parameters.get(name)!;
  const norm = (x: Float64Array, name: string) =>
    layernormReference(x, at(`${name}.weight`), at(`${name}.bias`), epsilon).out;
  const linear = (x: Float64Array, name: string) => {
    const bias = at(`${name}.bias`);
    const shape = { M: B * L, K: x.length / (B * L), N: bias.length };
    return matmulReference(x, at(`${name}.weight`), shape, bias);
  };
  const add = (x: Float64Array, y: Float64Array) => x.map((value, i) => value + y[i]!);

  let x = embeddingReference(prefix, tokens, at('wte.weight'), at('wpe.weight'), { B, P, S, D });
  for (let layer = 0; layer < N; layer++) {
    const block = `h.${layer}`;
    const qkv = linear(norm(x, `${block}.ln_1`), `${block}.attn.c_attn`);
    if (past) putPast(qkv, past, layer, { B, P, L, N, D });
    const attended = attentionReference(qkv, { B, L, H, E: D / H }).out;
    x = add(x, linear(attended, `${block}.attn.c_proj`));
    const inner = linear(norm(x, `${block}.ln_2`), `${block}.mlp.c_fc`);
    x = add(x, linear(geluReference(inner), `${block}.mlp.c_proj`));
  }
  return norm(x, 'ln_f');
}

/** Keys and values of `past` in the place of those that a layer computed, qkv [B, L, 3D], of the first P positions. */
function putPast(
  qkv: Float64Array,
  past: ArrayLike<number>,
  layer: number,
  { B, P, L, N, D }: { B: number; P: number; L: number; N: number; D: number },
): void {
  for (let b = 0; b < B; b++)
    for (let p = 0; p < P; p++)
      for (let d = 0; d < 2 * D; d++)
        qkv[(b * L + p) * 3 * D + D + d] = past[((b * P + p) * N + layer) * 2 * D + d]!;
}
