/**
 * GPT-2 as ONNX Runtime runs it best: attention in one operator (GroupQueryAttention, as onnx-community's exports
 * have it), bias and GELU fused, residual and norm fused. Weights are in the file.
 *
 * Two graphs. likelihood: prefix f32 [B, P, D] · tokens i32 [B, S] · targets i32 [B, T] → logp f32 [B, T].
 * generate, in the hub's layout for transformers.js: input_ids, position_ids i64 [B, S] · attention_mask i64 [B, K] ·
 * past_key_values.<layer>.{key,value} f32 [B, H, T, d] → logits f32 [B, S, V] · present.<layer>.{key,value}.
 */
import { parameterShapes } from '../../../../src/frozen/gpt2/parameters';
import { type Gpt2Config, headName } from '../../../../src/frozen/gpt2/weights';
import { GraphBuilder, type Value } from '../../../../src/frozen/onnx/graph';
import type { Work } from './work';

const MICROSOFT = 'com.microsoft';
const INT32 = 6; // TensorProto.DataType

/** Attention over the layer's queries, keys and values [B, S, D] each, → [B, S, D]. */
type Attend = (layer: number, query: Value, key: Value, value: Value) => Value;

/** What both graphs share. */
class Gpt2Graph {
  readonly graph = new GraphBuilder('gpt2');
  readonly config: Gpt2Config;
  readonly #work: Pick<Work, 'config' | 'parameters'>;
  readonly #parameters = new Map<string, Value>();

  constructor(work: Pick<Work, 'config' | 'parameters'>) {
    this.config = work.config;
    this.#work = work;
  }

  /** In the file from its first use on. */
  parameter(name: string): Value {
    let value = this.#parameters.get(name);
    if (!value) {
      const shape = parameterShapes(this.config).get(name)!;
      value = this.graph.constant(this.#work.parameters.get(name)!, shape);
      this.#parameters.set(name, value);
    }
    return value;
  }

  integers(...values: number[]): Value {
    return this.graph.constant(BigInt64Array.from(values, BigInt), [values.length]);
  }

  /** embedded [B, N, D], positions included → hidden [B, N, D] after ln_f. */
  hidden(embedded: Value, attend: Attend): Value {
    const { graph, config } = this;
    const { layer_norm_epsilon, n_layer } = config;
    const epsilon = { float: layer_norm_epsilon };
    const linear = (x: Value, name: string, withBias = true) => {
      const product = graph.node('MatMul', [x, this.parameter(`${name}.weight`)]);
      return withBias ? graph.node('Add', [product, this.parameter(`${name}.bias`)]) : product;
    };
    let residual = embedded;
    let normed = graph.node(
      'LayerNormalization',
      [embedded, this.parameter('h.0.ln_1.weight'), this.parameter('h.0.ln_1.bias')],
      { axis: -1, epsilon },
    );
    const addAndNorm = (branch: Value, bias: string, norm: string): void => {
      const [weight, shift] = [`${norm}.weight`, `${norm}.bias`].map((name) =>
        this.parameter(name),
      );
      const inputs = [branch, residual, weight!, shift!, this.parameter(bias)];
      const outputs = graph.nodes('SkipLayerNormalization', inputs, 4, { epsilon }, MICROSOFT);
      [normed, residual] = [outputs[0]!, outputs[3]!];
    };
    for (let layer = 0; layer < n_layer; layer++) {
      const h = `h.${layer}`;
      const [query, key, value] = graph.nodes('Split', [linear(normed, `${h}.attn.c_attn`)], 3, {
        axis: -1,
      }) as [Value, Value, Value];
      const attended = attend(layer, query, key, value);
      addAndNorm(linear(attended, `${h}.attn.c_proj`, false), `${h}.attn.c_proj.bias`, `${h}.ln_2`);
      const activated = graph.node(
        'FastGelu',
        [linear(normed, `${h}.mlp.c_fc`, false), this.parameter(`${h}.mlp.c_fc.bias`)],
        {},
        MICROSOFT,
      );
      const next = layer + 1 < n_layer ? `h.${layer + 1}.ln_1` : 'ln_f';
      addAndNorm(linear(activated, `${h}.mlp.c_proj`, false), `${h}.mlp.c_proj.bias`, next);
    }
    return normed;
  }

  attention(inputs: readonly Value[]): Value[] {
    const { n_head } = this.config;
    const attributes = { num_heads: n_head, kv_num_heads: n_head };
    return this.graph.nodes('GroupQueryAttention', inputs, 3, attributes, MICROSOFT);
  }

  /** hidden [.., D] → logits [.., V]. */
  logits(hidden: Value): Value {
    const head = this.graph.node('Transpose', [this.parameter(headName(this.config))], {
      perm: [1, 0],
    });
    return this.graph.node('MatMul', [hidden, head]);
  }
}

export function likelihoodGraph(work: Work): Uint8Array {
  const { config, B, P, S, T, offset, parameters } = work;
  const { n_embd: D, n_head: H } = config;
  const L = P + S;
  const gpt2 = new Gpt2Graph(work);
  const { graph } = gpt2;
  const prefix = graph.input('prefix', 'float32', [B, P, D]);
  const tokens = graph.input('tokens', 'int32', [B, S]);
  const targets = graph.input('targets', 'int32', [B, T]);
  const words = graph.node('Gather', [gpt2.parameter('wte.weight'), tokens]);
  const both = graph.node('Concat', [prefix, words], { axis: 1 });
  const places = graph.constant(parameters.get('wpe.weight')!.slice(0, L * D), [L, D]);

  const none = graph.constant(new Float32Array(0), [B, H, 0, D / H]);
  const lengths = graph.node('Cast', [gpt2.integers(...Array<number>(B).fill(L - 1))], {
    to: INT32,
  });
  const total = graph.node('Cast', [graph.constant(BigInt64Array.of(BigInt(L)), [])], {
    to: INT32,
  });
  const hidden = gpt2.hidden(graph.node('Add', [both, places]), (_layer, query, key, value) => {
    return gpt2.attention([query, key, value, none, none, lengths, total])[0]!;
  });

  const bounds = [gpt2.integers(offset), gpt2.integers(offset + T), gpt2.integers(1)];
  const states = graph.node('Slice', [hidden, ...bounds]);
  const logits = gpt2.logits(states);
  // In operators that its WebGPU kernels have: of the target alone, a dot product instead of a gather.
  const axes = gpt2.integers(-1);
  const largest = graph.node('ReduceMax', [logits], { axes: [-1] });
  const powers = graph.node('Exp', [graph.node('Sub', [logits, largest])]);
  const sum = graph.node('Log', [graph.node('ReduceSum', [powers, axes])]);
  const aims = graph.node('Gather', [gpt2.parameter(headName(config)), targets]);
  const aimed = graph.node('ReduceSum', [graph.node('Mul', [states, aims]), axes]);
  const logp = graph.node('Sub', [aimed, graph.node('Add', [sum, largest])]);
  graph.output('logp', logp, 'float32', [B, T, 1]);
  return graph.build();
}

export function generateGraph(work: Pick<Work, 'config' | 'parameters'>): Uint8Array {
  const { n_embd: D, n_head: H, vocab_size: V } = work.config;
  const gpt2 = new Gpt2Graph(work);
  const { graph } = gpt2;
  const ids = graph.input('input_ids', 'int64', ['B', 'S']);
  const mask = graph.input('attention_mask', 'int64', ['B', 'K']);
  const positions = graph.input('position_ids', 'int64', ['B', 'S']);
  const words = graph.node('Gather', [gpt2.parameter('wte.weight'), ids]);
  const places = graph.node('Gather', [gpt2.parameter('wpe.weight'), positions]);

  const count = graph.node('ReduceSum', [mask, gpt2.integers(1)], { keepdims: 0 });
  const one = graph.constant(BigInt64Array.of(1n), [1]);
  const lengths = graph.node('Cast', [graph.node('Sub', [count, one])], { to: INT32 });
  const shape = graph.node('Shape', [mask]);
  const keys = graph.node('Gather', [shape, graph.constant(BigInt64Array.of(1n), [])]);
  const total = graph.node('Cast', [keys], { to: INT32 });
  const hidden = gpt2.hidden(graph.node('Add', [words, places]), (layer, query, key, value) => {
    // Of this name transformers.js makes the empty cache.
    const extents = ['batch_size', H, 'T', D / H];
    const past = ['key', 'value'].map((name) =>
      graph.input(`past_key_values.${layer}.${name}`, 'float32', extents),
    );
    const outputs = gpt2.attention([query, key, value, ...past, lengths, total]);
    for (const [i, name] of ['key', 'value'].entries())
      graph.output(`present.${layer}.${name}`, outputs[i + 1]!, 'float32', ['B', H, 'K', D / H]);
    return outputs[0]!;
  });
  graph.output('logits', gpt2.logits(hidden), 'float32', ['B', 'S', V]);
  return graph.build();
}
