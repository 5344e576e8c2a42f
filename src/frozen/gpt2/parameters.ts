/** The parameters of GPT-2 by name and shape: what a checkpoint must hold and a graph must bind. */
import type { Tensor } from '../../gpu/tensor';
import {
  type Gpt2Block,
  type Gpt2Config,
  type Gpt2Weights,
  headName,
  type WeightDType,
} from './weights';

type BlockShapes = Readonly<Record<keyof Gpt2Block, readonly number[]>>;

function blockShapes({ n_embd: D }: Gpt2Config): BlockShapes {
  return {
    'ln_1.weight': [D],
    'ln_1.bias': [D],
    'attn.c_attn.weight': [D, 3 * D],
    'attn.c_attn.bias': [3 * D],
    'attn.c_proj.weight': [D, D],
    'attn.c_proj.bias': [D],
    'ln_2.weight': [D],
    'ln_2.bias': [D],
    'mlp.c_fc.weight': [D, 4 * D],
    'mlp.c_fc.bias': [4 * D],
    'mlp.c_proj.weight': [4 * D, D],
    'mlp.c_proj.bias': [D],
  };
}

/** Every parameter's name and shape. */
export function parameterShapes(config: Gpt2Config): ReadonlyMap<string, readonly number[]> {
  const D = config.n_embd;
  const shapes = new Map<string, readonly number[]>([
    ['wte.weight', [config.vocab_size, D]],
    ['wpe.weight', [config.n_positions, D]],
  ]);
  for (let layer = 0; layer < config.n_layer; layer++)
    for (const [name, shape] of Object.entries(blockShapes(config)))
      shapes.set(`h.${layer}.${name}`, shape);
  shapes.set('ln_f.weight', [D]).set('ln_f.bias', [D]);
  shapes.set(headName(config), [config.vocab_size, D]);
  return shapes;
}

/**
 * Halves for the matrices; vectors are few, and wpe is added to the prefix, whose gradient is what is
 * learnt.
 */
export const storedAs = (
  name: string,
  shape: readonly number[],
  storage: WeightDType,
): WeightDType => (shape.length > 1 && name !== 'wpe.weight' ? storage : 'f32');

/** Makes the weights, calling `create` for every parameter under its checkpoint name. */
export function assembleWeights(
  config: Gpt2Config,
  create: (name: string, shape: readonly number[]) => Tensor,
): Gpt2Weights {
  const tensors = new Map<string, Tensor>();
  for (const [name, shape] of parameterShapes(config)) tensors.set(name, create(name, shape));
  const at = (name: string) => tensors.get(name)!;
  const blocks = Array.from({ length: config.n_layer }, (_, layer) => {
    const names = Object.keys(blockShapes(config));
    return Object.fromEntries(names.map((name) => [name, at(`h.${layer}.${name}`)])) as unknown;
  });
  return {
    config,
    wte: at('wte.weight'),
    wpe: at('wpe.weight'),
    blocks: blocks as Gpt2Block[],
    'ln_f.weight': at('ln_f.weight'),
    'ln_f.bias': at('ln_f.bias'),
    head: at(headName(config)),
  };
}

/** Every parameter's tensor, by the same names and in the same order. */
export function parameterTensors(weights: Gpt2Weights): ReadonlyMap<string, Tensor> {
  const tensors = new Map([
    ['wte.weight', weights.wte],
    ['wpe.weight', weights.wpe],
  ]);
  for (const [layer, block] of weights.blocks.entries())
    for (const [name, tensor] of Object.entries(block) as [string, Tensor][])
      tensors.set(`h.${layer}.${name}`, tensor);
  tensors.set('ln_f.weight', weights['ln_f.weight']).set('ln_f.bias', weights['ln_f.bias']);
  return tensors.set(headName(weights.config), weights.head);
}
