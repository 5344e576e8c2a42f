/**
 * What all graphs of GPT-2 have in common: parameters, and blocks round an attention that is each graph's own.
 * Source: Radford et al. 2019; transformers' modeling_gpt2.
 */
import type { GraphBuilder, Value } from '../onnx/graph';
import { parameterShapes } from './parameters';
import type { Gpt2Config } from './weights';

export const MICROSOFT = 'com.microsoft';

/** Where parameters come from: graph inputs bound to GPU buffers, or slices of one file in memory. */
export type ParameterSource = 'inputs' | { readonly file: string };

/** Names of the keys and values that go round. */
export function cacheNames(config: Gpt2Config): string[] {
  return Array.from({ length: config.n_layer }, (_, i) => [`${i}.key`, `${i}.value`]).flat();
}

/** Attention by a layer's queries, keys and values, side by side in [.., 3D], → [.., D], not projected yet. */
export type Attend = (layer: number, qkv: Value) => Value;

/**
 * @param embedded [.., D], positions included
 * @returns [.., D] after ln_f
 */
export function blocks(
  graph: GraphBuilder,
  { n_layer, layer_norm_epsilon }: Gpt2Config,
  parameter: (name: string) => Value,
  embedded: Value,
  attend: Attend,
): Value {
  const norm = { axis: -1, epsilon: { float: layer_norm_epsilon } };
  const skipNorm = { epsilon: norm.epsilon };
  let residual = embedded;
  let normed = graph.node(
    'LayerNormalization',
    [residual, parameter('h.0.ln_1.weight'), parameter('h.0.ln_1.bias')],
    norm,
  );

  /** residual + branch + bias, and its layer norm, in one kernel. */
  const addAndNorm = (branch: Value, bias: string, ln: string): void => {
    const [out, , , sum] = graph.nodes(
      'SkipLayerNormalization',
      [branch, residual, parameter(`${ln}.weight`), parameter(`${ln}.bias`), parameter(bias)],
      4,
      skipNorm,
      MICROSOFT,
    );
    [normed, residual] = [out!, sum!];
  };

  for (let layer = 0; layer < n_layer; layer++) {
    const h = `h.${layer}`;
    const product = graph.node('MatMul', [normed, parameter(`${h}.attn.c_attn.weight`)]);
    const qkv = graph.node('Add', [product, parameter(`${h}.attn.c_attn.bias`)]);
    const attended = attend(layer, qkv);
    const projected = graph.node('MatMul', [attended, parameter(`${h}.attn.c_proj.weight`)]);
    addAndNorm(projected, `${h}.attn.c_proj.bias`, `${h}.ln_2`);

    const inner = graph.node('MatMul', [normed, parameter(`${h}.mlp.c_fc.weight`)]);
    const activated = graph.node(
      'FastGelu', // the tanh approximation, bias included
      [inner, parameter(`${h}.mlp.c_fc.bias`)],
      {},
      MICROSOFT,
    );
    const outer = graph.node('MatMul', [activated, parameter(`${h}.mlp.c_proj.weight`)]);
    const next = layer + 1 < n_layer ? `h.${layer + 1}.ln_1` : 'ln_f';
    addAndNorm(outer, `${h}.mlp.c_proj.bias`, next);
  }
  return normed;
}

/** Words and positions [B, N, D], the prefix's vectors first. */
export function embed(
  graph: GraphBuilder,
  parameter: (name: string) => Value,
  { prefix, tokens, positions }: { prefix: Value | undefined; tokens: Value; positions: Value },
): Value {
  let embedded = graph.node('Gather', [parameter('wte.weight'), tokens]);
  if (prefix) embedded = graph.node('Concat', [prefix, embedded], { axis: 1 });
  const places = graph.node('Gather', [parameter('wpe.weight'), positions]);
  return graph.node('Add', [embedded, places]);
}

/** Declares every parameter once; returns the check that a name is one of them. */
export function declareParameters(
  graph: GraphBuilder,
  config: Gpt2Config,
  source: ParameterSource,
): (name: string) => Value {
  const shapes = parameterShapes(config);
  let offset = 0;
  for (const [name, shape] of shapes) {
    if (source === 'inputs') {
      graph.input(name, 'float32', shape);
      continue;
    }
    const length = 4 * shape.reduce((product, extent) => product * extent, 1);
    graph.external(name, shape, { location: source.file, offset, length });
    offset += length;
  }
  return (name) => {
    if (!shapes.has(name)) throw new RangeError(`GPT-2 has no parameter ${name}`);
    return name;
  };
}
