import { indexGraph } from './graph-index.ts';
import type { Graph, Node, Tensor } from './types.ts';

/** A weight that training can change, as PyTorch counts them. */
export interface Parameter {
  /** The value's name in the graph: an initializer, or what a DequantizeLinear makes of an int8 one. */
  readonly name: string;
  readonly dims: readonly number[];
  readonly count: number;
}

/** Inputs that are stored in the file but are no parameters: running statistics, scales, zero points, bounds, shapes. */
const settingInputs: Readonly<Record<string, readonly number[]>> = {
  BatchNormalization: [3, 4],
  QuantizeLinear: [1, 2],
  Clip: [1, 2],
  Dropout: [1, 2],
  Resize: [1, 2, 3],
  Pad: [1, 2, 3],
};

/**
 * The parameters that each node reads, by node. Counted are floating-point initializers, and int8 or int32 ones behind a
 * DequantizeLinear (their scales are not). Not counted: BatchNorm's running mean and variance, quantisation scales and zero
 * points, bounds, shapes, and scalars (constants of formulas).
 */
export function parametersByNode(graph: Graph): ReadonlyMap<Node, readonly Parameter[]> {
  const { producers } = indexGraph(graph);
  const parameters = new Map<Node, readonly Parameter[]>();
  for (const node of graph.nodes) {
    if (node.opType === 'DequantizeLinear') continue;
    const settings = settingInputs[node.opType] ?? [];
    const own = node.inputs.flatMap((name, position) => {
      const tensor = settings.includes(position) ? undefined : storedWeight(name);
      if (tensor === undefined || tensor.dims.length === 0) return [];
      return [{ name, dims: tensor.dims, count: tensor.dims.reduce((product, size) => product * size, 1) }];
    });
    if (own.length > 0) parameters.set(node, own);
  }
  return parameters;

  function storedWeight(name: string): Tensor | undefined {
    const initializer = graph.initializers.get(name);
    if (initializer !== undefined) return floatTypes.has(initializer.dtype) ? initializer : undefined;
    const dequantize = producers.get(name);
    return dequantize?.opType === 'DequantizeLinear'
      ? graph.initializers.get(dequantize.inputs[0])
      : undefined;
  }
}

const floatTypes = new Set<string>(['float32', 'float64', 'float16', 'bfloat16']);

/** Parameters of several nodes, each shared one once. */
export function distinctParameters(
  nodes: readonly Node[],
  byNode: ReadonlyMap<Node, readonly Parameter[]>,
): readonly Parameter[] {
  const distinct = new Map<string, Parameter>();
  for (const node of nodes)
    for (const parameter of byNode.get(node) ?? []) distinct.set(parameter.name, parameter);
  return [...distinct.values()];
}

/** The number of weights in a list of parameters. */
export function countParameters(parameters: readonly Parameter[]): number {
  return parameters.reduce((sum, { count }) => sum + count, 0);
}
