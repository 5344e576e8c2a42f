/**
 * GPT-2 as an ONNX graph, built from its config. One description for every pass; `Gpt2Pass` says which
 * inputs and outputs a pass has. Sizes are symbolic: B sequences, P prefix, S tokens, N = P + S new
 * positions, T past positions, K = T + N keys. Source: Radford et al. 2019; transformers' modeling_gpt2.
 *
 * Inputs: prefix f32 [B, P, D] · tokens i32 [B, S] · positions i32 [N] · mask f32 [N, K], added to the
 * scores · past.<layer>.key f32 [B, H, d, T] (kept transposed, as the scores want it) and
 * past.<layer>.value f32 [B, H, T, d].
 * Outputs: hidden f32 [B, N, D] after ln_f · logits f32 [B, V] of the last position ·
 * present.<layer>.{key,value}, the past with the new positions appended.
 */
import { GraphBuilder, type Value } from '../onnx/graph';
import { parameterShapes } from './parameters';
import { type Gpt2Config, headName } from './weights';

/** The inputs and outputs of one pass; tokens and positions are always there. */
export interface Gpt2Pass {
  prefix: boolean;
  past: boolean;
  /** Without one every key is attended to: right for a single new position. */
  mask: boolean;
  hidden: boolean;
  /** Logits come with the present keys and values. */
  logits: boolean;
}

/** Where parameters come from: graph inputs bound to GPU buffers, or slices of one file in memory. */
export type ParameterSource = 'inputs' | { readonly file: string };

/** Everything in one graph: where a second session would mean a second copy of the weights. */
export const EVERY_PASS: Gpt2Pass = {
  prefix: true,
  past: true,
  mask: true,
  hidden: true,
  logits: true,
};

/** Names of the keys and values that go round: past.0.key → present.0.key. */
export function cacheNames(config: Gpt2Config): string[] {
  return Array.from({ length: config.n_layer }, (_, i) => [`${i}.key`, `${i}.value`]).flat();
}

const MICROSOFT = 'com.microsoft';

export function buildGpt2(config: Gpt2Config, pass: Gpt2Pass, source: ParameterSource): Uint8Array {
  const { n_embd: D, n_head: H, n_layer, vocab_size: V } = config;
  const d = D / H;
  const graph = new GraphBuilder('gpt2');
  const integers = (...values: number[]) =>
    graph.constant(BigInt64Array.from(values, BigInt), [values.length]);
  const parameter = declareParameters(graph, config, source);
  const norm = { axis: -1, epsilon: { float: config.layer_norm_epsilon } };
  const skipNorm = { epsilon: norm.epsilon };

  const tokens = graph.input('tokens', 'int32', ['B', 'S']);
  const positions = graph.input('positions', 'int32', ['N']);
  const mask = pass.mask && graph.input('mask', 'float32', ['N', 'K']);

  let embedded = graph.node('Gather', [parameter('wte.weight'), tokens]);
  if (pass.prefix) {
    const prefix = graph.input('prefix', 'float32', ['B', 'P', D]);
    embedded = graph.node('Concat', [prefix, embedded], { axis: 1 });
  }
  const places = graph.node('Gather', [parameter('wpe.weight'), positions]);
  let residual = graph.node('Add', [embedded, places]);
  let normed = graph.node(
    'LayerNormalization',
    [residual, parameter('h.0.ln_1.weight'), parameter('h.0.ln_1.bias')],
    norm,
  );

  const toHeads = integers(0, 0, H, d); // 0 keeps a dimension
  const fromHeads = integers(0, 0, D);
  const scale = graph.constant(Float32Array.of(1 / Math.sqrt(d)), [1]);

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

  /** The layer's keys or values, past ones first, and an output that hands them on. */
  const cached = (name: string, fresh: Value, shape: (length: string) => (number | string)[]) => {
    const axis = shape('T').indexOf('T');
    const all = pass.past
      ? graph.node('Concat', [graph.input(`past.${name}`, 'float32', shape('T')), fresh], { axis })
      : fresh;
    if (pass.logits) graph.output(`present.${name}`, all, 'float32', shape('K'));
    return all;
  };

  for (let layer = 0; layer < n_layer; layer++) {
    const h = `h.${layer}`;
    const product = graph.node('MatMul', [normed, parameter(`${h}.attn.c_attn.weight`)]);
    const qkv = graph.node('Add', [product, parameter(`${h}.attn.c_attn.bias`)]);
    const heads = graph
      .nodes('Split', [qkv], 3, { axis: -1 })
      .map((part) => graph.node('Reshape', [part, toHeads])) as [Value, Value, Value];
    const query = graph.node('Transpose', [heads[0]], { perm: [0, 2, 1, 3] });
    const newKeys = graph.node('Transpose', [heads[1]], { perm: [0, 2, 3, 1] });
    const newValues = graph.node('Transpose', [heads[2]], { perm: [0, 2, 1, 3] });
    const keys = cached(`${layer}.key`, newKeys, (length) => ['B', H, d, length]);
    const values = cached(`${layer}.value`, newValues, (length) => ['B', H, length, d]);

    const scaled = graph.node('Mul', [query, scale]);
    let scores = graph.node('MatMul', [scaled, keys]);
    if (mask) scores = graph.node('Add', [scores, mask]);
    const attention = graph.node('Softmax', [scores], { axis: -1 });
    const mixed = graph.node('MatMul', [attention, values]);
    const byPosition = graph.node('Transpose', [mixed], { perm: [0, 2, 1, 3] });
    const attended = graph.node('Reshape', [byPosition, fromHeads]);
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

  if (pass.hidden) graph.output('hidden', normed, 'float32', ['B', 'N', D]);
  if (pass.logits) {
    const last = graph.node('Gather', [normed, graph.constant(BigInt64Array.of(-1n), [])], {
      axis: 1,
    });
    const logits = graph.node('Gemm', [last, parameter(headName(config))], { transB: 1 });
    graph.output('logits', logits, 'float32', ['B', V]);
  }
  return graph.build();
}

/** Declares every parameter once; returns the check that a name is one of them. */
function declareParameters(
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
