/**
 * What a bundled world's models are, read from their own config.json: how many parameters each
 * has, so that the page can say so truthfully.
 */
import type { Pair } from '../esper/pair';
import { createStore } from 'zustand/vanilla';

/** Parameters of each model; `undefined` until, or unless, its config could be read. */
export interface WorldState {
  gpt2: number | undefined;
  clip: number | undefined;
}

export const createWorldStore = () =>
  createStore<WorldState>(() => ({ gpt2: undefined, clip: undefined }));
export type WorldStore = ReturnType<typeof createWorldStore>;

/** Of a GPT-2 config.json (Hugging Face transformers). */
export interface Gpt2Shape {
  vocab_size: number;
  n_positions: number;
  n_embd: number;
  n_layer: number;
  n_inner?: number | null;
}

interface TowerShape {
  hidden_size: number;
  intermediate_size: number;
  num_hidden_layers: number;
}

/** Of a CLIP config.json. */
export interface ClipShape {
  projection_dim: number;
  vision_config: TowerShape & { image_size: number; patch_size: number; num_channels?: number };
  text_config: TowerShape & { vocab_size: number; max_position_embeddings: number };
}

/** Weights and biases of one transformer block: attention 4·D², MLP 2·D·F, two layer norms. */
const block = (width: number, inner: number): number =>
  4 * width * width + 4 * width + 2 * width * inner + inner + width + 4 * width;

/** The output matrix is the embedding, counted once. */
export function gpt2Parameters(shape: Gpt2Shape): number {
  const { vocab_size, n_positions, n_embd, n_layer, n_inner } = shape;
  const blocks = n_layer * block(n_embd, n_inner ?? 4 * n_embd);
  return (vocab_size + n_positions + 2) * n_embd + blocks;
}

export function clipParameters({ projection_dim, vision_config, text_config }: ClipShape): number {
  const tower = ({ hidden_size, intermediate_size, num_hidden_layers }: TowerShape): number =>
    num_hidden_layers * block(hidden_size, intermediate_size) + hidden_size * projection_dim;
  const { image_size, patch_size, num_channels = 3, hidden_size: width } = vision_config;
  const patches = (image_size / patch_size) ** 2;
  // Patch embedding; class token and positions; layer norms before and after.
  const vision = (num_channels * patch_size ** 2 + patches + 2 + 4) * width + tower(vision_config);
  const { vocab_size, max_position_embeddings, hidden_size } = text_config;
  const text = (vocab_size + max_position_embeddings + 2) * hidden_size + tower(text_config);
  // The last one is the temperature.
  return vision + text + 1;
}

/**
 * A model whose config cannot be read, or is of another kind (a CLAP's towers are), just stays uncounted.
 * @param readJson of a file below the folder of models
 */
export async function countWorld(
  store: WorldStore,
  { lm, clip: encoder }: Pair,
  readJson: (path: string) => Promise<unknown>,
): Promise<void> {
  const count = async <Shape>(path: string, parameters: (shape: Shape) => number) => {
    try {
      const total = parameters((await readJson(path)) as Shape);
      return Number.isFinite(total) ? total : undefined;
    } catch {
      return undefined;
    }
  };
  const [gpt2, clip] = await Promise.all([
    count(`${lm}/config.json`, gpt2Parameters),
    count(`${encoder}/config.json`, clipParameters),
  ]);
  store.setState({ gpt2, clip });
}
