/**
 * An f32 ONNX network as the hub's converters would have made it: in halves (every float, inputs and outputs
 * kept, as onnxconverter-common's float16 does with keep_io_types) and with matrices of 8 bits
 * (ONNX Runtime's quantize_dynamic: activations are quantized as they come). For tests, on the bundled CLIP.
 * Field numbers and types: github.com/onnx/onnx/blob/main/onnx/onnx.proto.
 */
import protobuf from 'protobufjs/light';
import { float32ToFloat16 } from '../../../math/half-floats';

const FLOAT = 1;
const INT8 = 3;
const FLOAT16 = 10;
/** The converter's max_finite_val. */
const MOST = 1e4;

interface OnnxTensor {
  dims: number[];
  dataType: number;
  name?: string;
  floatData?: number[];
  rawData: Uint8Array;
}
interface OnnxAttribute {
  name: string;
  type: number;
  i?: number;
  t?: OnnxTensor;
}
interface OnnxNode {
  input: string[];
  output: string[];
  opType: string;
  name?: string;
  attribute?: OnnxAttribute[];
}
interface OnnxGraph {
  node: OnnxNode[];
  initializer: OnnxTensor[];
  input: { name: string; type: { tensorType: { elemType: number } } }[];
  output: { name: string }[];
}
interface OnnxModel {
  graph: OnnxGraph;
}

const repeated = (type: string, id: number) => ({ rule: 'repeated', type, id });
const one = (type: string, id: number) => ({ type, id });

/** The fields that a torch.onnx export has; the intermediate shapes (value_info) are left out on purpose. */
const Model = protobuf.Root.fromJSON({
  nested: {
    OperatorSet: { fields: { domain: one('string', 1), version: one('int64', 2) } },
    Model: {
      fields: {
        irVersion: one('int64', 1),
        graph: one('Graph', 7),
        opsetImport: repeated('OperatorSet', 8),
      },
    },
    Graph: {
      fields: {
        node: repeated('Node', 1),
        name: one('string', 2),
        initializer: repeated('Tensor', 5),
        input: repeated('ValueInfo', 11),
        output: repeated('ValueInfo', 12),
      },
    },
    Node: {
      fields: {
        input: repeated('string', 1),
        output: repeated('string', 2),
        name: one('string', 3),
        opType: one('string', 4),
        attribute: repeated('Attribute', 5),
      },
    },
    Attribute: {
      fields: {
        name: one('string', 1),
        f: one('float', 2),
        i: one('int64', 3),
        s: one('bytes', 4),
        t: one('Tensor', 5),
        floats: repeated('float', 7),
        ints: repeated('int64', 8),
        type: one('int32', 20),
      },
    },
    Tensor: {
      fields: {
        dims: repeated('int64', 1),
        dataType: one('int32', 2),
        floatData: repeated('float', 4),
        name: one('string', 8),
        rawData: one('bytes', 9),
      },
    },
    ValueInfo: { fields: { name: one('string', 1), type: one('Type', 2) } },
    Type: { fields: { tensorType: one('TensorType', 1) } },
    TensorType: { fields: { elemType: one('int32', 1), shape: one('Shape', 2) } },
    Shape: { fields: { dim: repeated('Dimension', 1) } },
    Dimension: { fields: { dimValue: one('int64', 1), dimParam: one('string', 2) } },
  },
}).lookupType('Model');

function edit(onnx: Uint8Array, change: (graph: OnnxGraph) => void): Uint8Array<ArrayBuffer> {
  const model = Model.toObject(Model.decode(onnx), {
    longs: Number,
    arrays: true,
  }) as unknown as OnnxModel;
  change(model.graph);
  return Uint8Array.from(Model.encode(Model.fromObject(model)).finish());
}

const floatsOf = ({ rawData, floatData }: OnnxTensor): Float32Array =>
  rawData?.length ? new Float32Array(rawData.slice().buffer) : Float32Array.from(floatData ?? []);

const bytesOf = ({ buffer }: { buffer: ArrayBufferLike }) => new Uint8Array(buffer);

function halve(tensor: OnnxTensor): void {
  if (tensor.dataType !== FLOAT) return;
  // Masks of −3·10³⁸ would be infinite.
  const finite = floatsOf(tensor).map((value) => Math.min(Math.max(value, -MOST), MOST));
  tensor.rawData = bytesOf(float32ToFloat16(finite));
  tensor.floatData = [];
  tensor.dataType = FLOAT16;
}

const cast = (from: string, to: string, type: number): OnnxNode => ({
  opType: 'Cast',
  name: `cast ${from}`,
  input: [from],
  output: [to],
  attribute: [{ name: 'to', type: 2, i: type }],
});

export const inHalves = (onnx: Uint8Array): Uint8Array<ArrayBuffer> =>
  edit(onnx, (graph) => {
    graph.initializer.forEach(halve);
    for (const { opType, attribute = [] } of graph.node)
      for (const entry of attribute) {
        if (entry.t) halve(entry.t);
        if (opType === 'Cast' && entry.name === 'to' && entry.i === FLOAT) entry.i = FLOAT16;
      }
    const inside = (name: string) => `${name} in halves`;
    const inputs = graph.input.filter(({ type }) => type.tensorType.elemType === FLOAT);
    const renamed = new Set([...inputs, ...graph.output].map(({ name }) => name));
    const rename = (name: string) => (renamed.has(name) ? inside(name) : name);
    for (const node of graph.node) {
      node.input = node.input.map(rename);
      node.output = node.output.map(rename);
    }
    graph.node.unshift(...inputs.map(({ name }) => cast(name, inside(name), FLOAT16)));
    graph.node.push(...graph.output.map(({ name }) => cast(inside(name), name, FLOAT)));
  });

export const quantized = (onnx: Uint8Array): Uint8Array<ArrayBuffer> =>
  edit(onnx, (graph) => {
    const matrices = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
    graph.node = graph.node.flatMap((node, i) => {
      const matrix = node.opType === 'MatMul' ? matrices.get(node.input[1]!) : undefined;
      if (!matrix) return [node];
      graph.initializer = graph.initializer.filter((tensor) => tensor !== matrix);
      return quantizedProduct(graph, node, matrix, `quantized ${i}`);
    });
  });

/** out = a · B as (scale of a · scale of B) · (MatMulInteger of both in 8 bits). */
function quantizedProduct(
  graph: OnnxGraph,
  node: OnnxNode,
  matrix: OnnxTensor,
  stem: string,
): OnnxNode[] {
  const values = floatsOf(matrix);
  const scale = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) / 127;
  const name = (part: string) => `${stem} ${part}`;
  graph.initializer.push(
    {
      name: name('b'),
      dims: matrix.dims,
      dataType: INT8,
      rawData: bytesOf(Int8Array.from(values, (value) => Math.round(value / scale))),
    },
    {
      name: name('b scale'),
      dims: [],
      dataType: FLOAT,
      rawData: bytesOf(Float32Array.of(scale)),
    },
  );
  const step = (opType: string, input: string[], ...output: string[]): OnnxNode => ({
    opType,
    name: name(opType),
    input,
    output,
  });
  return [
    step('DynamicQuantizeLinear', [node.input[0]!], name('a'), name('a scale'), name('a zero')),
    step('MatMulInteger', [name('a'), name('b'), name('a zero')], name('integers')),
    cast(name('integers'), name('product'), FLOAT),
    { ...step('Mul', [name('a scale'), name('b scale')], name('scale')), name: name('scales') },
    step('Mul', [name('product'), name('scale')], node.output[0]!),
  ];
}
