import type { Attribute, Dim, Graph, Model, Node, Tensor, ValueInfo } from './types.ts';

/** What `buildNode` accepts as an attribute: integers by default, other types spelt out. */
export type AttributeInput = number | readonly number[] | string | Attribute;

/** A node of the default domain whose attributes are given as plain values. */
export function buildNode(
  opType: string,
  name: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, AttributeInput>> = {},
): Node {
  const entries = Object.entries(attributes).map(([key, value]) => [key, toAttribute(value)] as const);
  return { name, opType, domain: '', inputs, outputs, attributes: new Map(entries) };
}

/** A float attribute, rounded to float32 as the file stores it; a bare number means an int one. */
export function floatAttribute(value: number): Attribute {
  return { type: 'float', value: Math.fround(value) };
}

/** A float32 graph input or output. */
export function float32Value(name: string, dims: readonly Dim[]): ValueInfo {
  return { name, dtype: 'float32', dims };
}

/** A model of one graph in the default domain. */
export function buildModel(graph: {
  readonly name: string;
  readonly nodes: readonly Node[];
  readonly initializers: readonly Tensor[];
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  /** Default 17, the first with LayerNormalization and the oldest that our own models use. */
  readonly opset?: number;
}): Model {
  const { opset = 17, initializers, ...rest } = graph;
  return {
    // IR 8 goes with opsets 15 to 18; runtimes refuse files from their future
    irVersion: opset > 18 ? 10 : 8,
    opsets: new Map([['', opset]]),
    producerName: 'thaw',
    producerVersion: '',
    domain: '',
    modelVersion: 0,
    docString: '',
    metadata: new Map(),
    graph: {
      ...rest,
      initializers: new Map(initializers.map((tensor) => [tensor.name, tensor])),
      valueInfos: [],
    },
  };
}

/** The model with some parts of its graph replaced. */
export function withGraph(model: Model, changes: Partial<Graph>): Model {
  return { ...model, graph: { ...model.graph, ...changes } };
}

function toAttribute(value: AttributeInput): Attribute {
  if (typeof value === 'number') return { type: 'int', value };
  if (typeof value === 'string') return { type: 'string', value };
  if ('type' in value) return value;
  return { type: 'ints', value };
}
