/**
 * GPT-2 as ONNX graphs for ONNX Runtime's WebGPU kernels, built from its config. One description for every pass;
 * `Gpt2Pass` says which inputs and outputs a pass has, and the parameters are inputs too. Sizes are symbolic:
 * B sequences, P prefix, S tokens, N = P + S new positions, T past positions, K = T + N keys.
 *
 * Inputs: prefix f32 [B, P, D] · tokens i32 [B, S] · positions i32 [N] · mask f32 [N, K], added to the
 * scores · past.<layer>.key f32 [B, H, d, T] (kept transposed, as the scores want it) and
 * past.<layer>.value f32 [B, H, T, d].
 * Outputs: hidden f32 [B, N, D] after ln_f · logits f32 [B, V] of the last position ·
 * present.<layer>.{key,value}, the past with the new positions appended.
 */
import { GraphBuilder, type Value } from '../onnx/graph';
import { blocks, declareParameters, embed } from './graph-blocks';
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

export function buildGpt2(config: Gpt2Config, pass: Gpt2Pass): Uint8Array {
  const { n_embd: D, n_head: H, vocab_size: V } = config;
  const d = D / H;
  const graph = new GraphBuilder('gpt2');
  const integers = (...values: number[]) =>
    graph.constant(BigInt64Array.from(values, BigInt), [values.length]);
  const parameter = declareParameters(graph, config, 'inputs');

  const tokens = graph.input('tokens', 'int32', ['B', 'S']);
  const positions = graph.input('positions', 'int32', ['N']);
  const mask = pass.mask && graph.input('mask', 'float32', ['N', 'K']);
  const prefix = pass.prefix ? graph.input('prefix', 'float32', ['B', 'P', D]) : undefined;
  const embedded = embed(graph, parameter, { prefix, tokens, positions });

  const toHeads = integers(0, 0, H, d); // 0 keeps a dimension
  const fromHeads = integers(0, 0, D);
  const scale = graph.constant(Float32Array.of(1 / Math.sqrt(d)), [1]);

  /** The layer's keys or values, past ones first, and an output that hands them on. */
  const cached = (name: string, fresh: Value, shape: (length: string) => (number | string)[]) => {
    const axis = shape('T').indexOf('T');
    const all = pass.past
      ? graph.node('Concat', [graph.input(`past.${name}`, 'float32', shape('T')), fresh], { axis })
      : fresh;
    if (pass.logits) graph.output(`present.${name}`, all, 'float32', shape('K'));
    return all;
  };

  const attend = (layer: number, qkv: Value): Value => {
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
    return graph.node('Reshape', [byPosition, fromHeads]);
  };
  const normed = blocks(graph, config, parameter, embedded, attend);

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
