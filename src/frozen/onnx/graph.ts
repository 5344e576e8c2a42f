/**
 * Builds an ONNX model node by node, so that a graph can follow a config.json instead of an export.
 * Values are names; a dimension is a number or the name of a symbolic size.
 * Field numbers: onnx/onnx.proto (IR version 8).
 */
import { Message } from './protobuf';

export type ElementType = 'float32' | 'int32' | 'int64';
export type Dimension = number | string;
/** Attributes by Python's convention: whole numbers are INT unless wrapped by `float`. */
export type Attribute = number | readonly number[] | { readonly float: number };

const ELEMENT_TYPES = { float32: 1, int32: 6, int64: 7 } as const;
const ATTRIBUTE_TYPES = { float: 1, int: 2, ints: 7 } as const;
const IR_VERSION = 8;
const OPSET = 17; // the first with LayerNormalization
const DATA_LOCATION_EXTERNAL = 1;

/** The name of a value in the graph. */
export type Value = string;

interface Node {
  operator: string;
  inputs: readonly Value[];
  outputs: readonly Value[];
  attributes: Readonly<Record<string, Attribute>>;
  domain: string;
}

export class GraphBuilder {
  readonly #name: string;
  readonly #nodes: Node[] = [];
  readonly #inputs: Message[] = [];
  readonly #outputs: Message[] = [];
  readonly #initializers: Message[] = [];
  readonly #outputNames = new Map<Value, string>();
  #values = 0;

  constructor(name: string) {
    this.#name = name;
  }

  input(name: string, type: ElementType, shape: readonly Dimension[]): Value {
    this.#inputs.push(valueInfo(name, type, shape));
    return name;
  }

  /** An f32 initializer whose bytes lie in the file `location`, handed over with the session. */
  external(
    name: string,
    shape: readonly number[],
    file: { location: string; offset: number; length: number },
  ): Value {
    const tensor = new Message()
      .ints(1, shape)
      .int(2, ELEMENT_TYPES.float32)
      .string(8, name)
      .message(13, entry('location', file.location))
      .message(13, entry('offset', String(file.offset)))
      .message(13, entry('length', String(file.length)))
      .int(14, DATA_LOCATION_EXTERNAL);
    this.#initializers.push(tensor);
    return name;
  }

  /** A small constant in the file itself: Reshape targets, scales, indices. */
  constant(data: Float32Array | BigInt64Array, shape: readonly number[]): Value {
    const name = this.#fresh('constant');
    const type = data instanceof Float32Array ? 'float32' : 'int64';
    const bytes = new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
    const tensor = new Message()
      .ints(1, shape)
      .int(2, ELEMENT_TYPES[type])
      .string(8, name)
      .bytes(9, bytes);
    this.#initializers.push(tensor);
    return name;
  }

  /** A node with one output that matters. `domain` is empty for ONNX's own operators. */
  node(
    operator: string,
    inputs: readonly Value[],
    attributes: Readonly<Record<string, Attribute>> = {},
    domain = '',
  ): Value {
    const [output] = this.nodes(operator, inputs, 1, attributes, domain);
    return output!;
  }

  /** A node with `outputs` outputs. */
  nodes(
    operator: string,
    inputs: readonly Value[],
    outputs: number,
    attributes: Readonly<Record<string, Attribute>> = {},
    domain = '',
  ): Value[] {
    const names = Array.from({ length: outputs }, () => this.#fresh(operator));
    this.#nodes.push({ operator, inputs, outputs: names, attributes, domain });
    return names;
  }

  /** Makes `value`, which a node computes, an output of the graph called `name`. */
  output(name: string, value: Value, type: ElementType, shape: readonly Dimension[]): void {
    this.#outputNames.set(value, name);
    this.#outputs.push(valueInfo(name, type, shape));
  }

  /** The model's bytes. */
  build(): Uint8Array {
    const graph = new Message()
      .messages(
        1,
        this.#nodes.map((node) => this.#encode(node)),
      )
      .string(2, this.#name)
      .messages(5, this.#initializers)
      .messages(11, this.#inputs)
      .messages(12, this.#outputs);
    return new Message()
      .int(1, IR_VERSION)
      .string(2, 'esper-web')
      .message(7, graph)
      .message(8, new Message().string(1, '').int(2, OPSET))
      .message(8, new Message().string(1, 'com.microsoft').int(2, 1))
      .finish();
  }

  #encode({ operator, inputs, outputs, attributes, domain }: Node): Message {
    const named = (value: Value) => this.#outputNames.get(value) ?? value;
    const message = new Message();
    for (const input of inputs) message.string(1, named(input));
    for (const output of outputs) message.string(2, named(output));
    message.string(3, outputs[0]!).string(4, operator);
    for (const [name, value] of Object.entries(attributes))
      message.message(5, attribute(name, value));
    return message.string(7, domain);
  }

  #fresh(stem: string): Value {
    return `${stem}_${this.#values++}`;
  }
}

function valueInfo(name: string, type: ElementType, shape: readonly Dimension[]): Message {
  const dimensions = shape.map((size) =>
    typeof size === 'number' ? new Message().int(1, size) : new Message().string(2, size),
  );
  const tensorType = new Message()
    .int(1, ELEMENT_TYPES[type])
    .message(2, new Message().messages(1, dimensions));
  return new Message().string(1, name).message(2, new Message().message(1, tensorType));
}

function attribute(name: string, value: Attribute): Message {
  const message = new Message().string(1, name);
  if (typeof value === 'number') return message.int(3, value).int(20, ATTRIBUTE_TYPES.int);
  if ('float' in value) return message.float(2, value.float).int(20, ATTRIBUTE_TYPES.float);
  return message.ints(8, value).int(20, ATTRIBUTE_TYPES.ints);
}

function entry(key: string, value: string): Message {
  return new Message().string(1, key).string(2, value);
}
