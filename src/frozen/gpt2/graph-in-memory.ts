/**
 * GPT-2 as one ONNX graph for every pass on ONNX Runtime's WASM kernels: a second session would mean a second copy
 * of the weights. Positions come first inside it, [N, B, ..]: new keys and values are then appended in one piece,
 * by whoever keeps them as by the graph, and heads need no transposition but that of what has been mixed.
 * Letters as in `graph.ts`.
 *
 * Inputs: prefix f32 [B, P, D] · tokens i32 [B, S] · positions i32 [N] · mask f32 [N, K] · past.<layer>.{key,value}
 * f32 [T, B, H, d]. P and T may be 0.
 * Outputs: hidden f32 [B, N, D] after ln_f · logits f32 [B, V] of the last position · new.<layer>.{key,value}
 * f32 [N, B, H, d].
 */
import { GraphBuilder, type Value } from '../onnx/graph';
import { blocks, declareParameters, embed, MICROSOFT } from './graph-blocks';
import { type Gpt2Config, headName } from './weights';

/** @param file the name under which the parameters are handed over */
export function buildGpt2InMemory(config: Gpt2Config, file: string): Uint8Array {
  const { n_embd: D, n_head: H, vocab_size: V } = config;
  const d = D / H;
  const graph = new GraphBuilder('gpt2');
  const integers = (...values: number[]) =>
    graph.constant(BigInt64Array.from(values, BigInt), [values.length]);
  const parameter = declareParameters(graph, config, { file });

  const tokens = graph.input('tokens', 'int32', ['B', 'S']);
  const positions = graph.input('positions', 'int32', ['N']);
  const mask = graph.input('mask', 'float32', ['N', 'K']);
  const prefix = graph.input('prefix', 'float32', ['B', 'P', D]);
  const embedded = embed(graph, parameter, { prefix, tokens, positions });
  const byPosition = graph.node('Transpose', [embedded], { perm: [1, 0, 2] });
  const extents = graph.node('Shape', [byPosition]);
  const N_B = graph.node('Slice', [extents, integers(0), integers(2)]);
  const toHeads = graph.node('Concat', [N_B, integers(H, d)], { axis: 0 });
  const toRows = integers(-1, D);

  /** `transBatchX`: of an operand [M, B, H, ..] the matrices are over its first and last dimension. */
  const product = (a: Value, b: Value, attributes: object): Value =>
    graph.node('FusedMatMul', [a, b], { transBatchB: 1, ...attributes }, MICROSOFT);

  /** The layer's keys or values, past ones first, and an output of the new ones. */
  const cached = (name: string, fresh: Value) => {
    const past = graph.input(`past.${name}`, 'float32', ['T', 'B', H, d]);
    graph.output(`new.${name}`, fresh, 'float32', ['N', 'B', H, d]);
    return graph.node('Concat', [past, fresh], { axis: 0 });
  };

  const attend = (layer: number, qkv: Value): Value => {
    const [query, newKeys, newValues] = graph
      .nodes('Split', [qkv], 3, { axis: -1 })
      .map((part) => graph.node('Reshape', [part, toHeads])) as [Value, Value, Value];
    const keys = cached(`${layer}.key`, newKeys);
    const values = cached(`${layer}.value`, newValues);
    const scale = { alpha: { float: 1 / Math.sqrt(d) } };
    const scores = product(query, keys, { transBatchA: 1, transB: 1, ...scale }); // [B, H, N, K]
    const attention = graph.node('Softmax', [graph.node('Add', [scores, mask])], { axis: -1 });
    const mixed = product(attention, values, {});
    const rows = graph.node('Transpose', [mixed], { perm: [2, 0, 1, 3] });
    return graph.node('Reshape', [rows, toRows]);
  };
  const rows = graph.node('Reshape', [byPosition, toRows]);
  const normed = blocks(graph, config, parameter, rows, attend);

  const states = graph.node('Reshape', [normed, extents]);
  const hidden = graph.node('Transpose', [states], { perm: [1, 0, 2] });
  graph.output('hidden', hidden, 'float32', ['B', 'N', D]);
  const last = graph.node('Gather', [states, graph.constant(BigInt64Array.of(-1n), [])], {
    axis: 0,
  });
  const logits = graph.node('Gemm', [last, parameter(headName(config))], { transB: 1 });
  graph.output('logits', logits, 'float32', ['B', V]);
  return graph.build();
}
