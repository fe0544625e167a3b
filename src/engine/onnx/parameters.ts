import { indexGraph } from './graph-index.ts';
import { float32Values } from './tensor-values.ts';
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
  Upsample: [1],
  Pad: [1, 2, 3],
  // the variable's bound to compare with, or what stands in for masked elements
  Where: [0, 1, 2],
};

/** Operators that read weights as small integers: the inputs that hold weights, all others being scales and zero points. */
const integerWeightInputs: Readonly<Record<string, readonly number[]>> = {
  QLinearConv: [3, 8],
  ConvInteger: [1],
  QLinearMatMul: [3],
  MatMulInteger: [1],
  MatMulIntegerToFloat: [1, 6],
  DynamicQuantizeMatMul: [1, 4],
  QGemm: [3, 6],
  QLinearAdd: [0, 3],
  QLinearMul: [0, 3],
  QAttention: [1, 2],
  DynamicQuantizeLSTM: [1, 2, 3],
  QEmbedLayerNormalization: [2, 3, 4, 5, 6],
};

/** Operators whose weights some exporters write as Constant nodes. */
const readsWeights = new Set([
  ...['Conv', 'ConvTranspose', 'Gemm', 'MatMul', 'Gather', 'PRelu', 'BatchNormalization'],
  ...['LayerNormalization', 'InstanceNormalization'],
]);

/**
 * The parameters that each node reads, by node. Counted are floating-point initializers, int8 or int32 ones behind a
 * DequantizeLinear, and those that an operator on small integers reads as weights. Not counted: BatchNorm's running mean and
 * variance, quantisation scales and zero points, bounds, masks, shapes, and single numbers (constants of formulas).
 * @param outer initializers of the graphs around a subgraph, which its nodes may read.
 */
export function parametersByNode(
  graph: Pick<Graph, 'nodes' | 'initializers' | 'outputs'>,
  outer: ReadonlyMap<string, Tensor> = new Map(),
): ReadonlyMap<Node, readonly Parameter[]> {
  const { producers } = indexGraph(graph);
  const parameters = new Map<Node, readonly Parameter[]>();
  for (const node of graph.nodes) {
    if (node.opType === 'DequantizeLinear' || node.opType === 'Identity') continue;
    const own = node.inputs.flatMap((input, position) => {
      const name = sourceOf(input);
      const tensor = weightAt(node, name, position);
      if (tensor === undefined || tensor.dims.length === 0) return [];
      const count = tensor.dims.reduce((product, size) => product * size, 1);
      return count === 1 && !readsWeights.has(node.opType) ? [] : [{ name, dims: tensor.dims, count }];
    });
    if (own.length > 0) parameters.set(node, own);
  }
  return parameters;

  function weightAt(node: Node, name: string, position: number): Tensor | undefined {
    const whole = integerWeightInputs[node.opType];
    if (whole !== undefined) return whole.includes(position) ? stored(name) : undefined;
    if (settingInputs[node.opType]?.includes(position)) return undefined;
    const tensor = stored(name);
    if (tensor !== undefined) return isWeight(node, tensor, position) ? tensor : undefined;
    const producer = producers.get(name);
    if (producer?.opType === 'DequantizeLinear') return stored(producer.inputs[0]);
    const constant = producer?.opType === 'Constant' ? producer.attributes.get('value') : undefined;
    const counts = readsWeights.has(node.opType) && constant?.type === 'tensor';
    return counts && isWeight(node, constant.value, position) ? constant.value : undefined;
  }

  /** Exporters store equal tensors once and hand copies on through Identity nodes. */
  function sourceOf(name: string): string {
    let source = name;
    // no chain is longer than the graph, even in a file that runs in a circle
    for (let step = 0; step < graph.nodes.length; step++) {
      const producer = producers.get(source);
      if (producer?.opType !== 'Identity' || !producer.inputs[0]) break;
      [source] = producer.inputs;
    }
    return source;
  }

  function stored(name: string): Tensor | undefined {
    return graph.initializers.get(name) ?? outer.get(name);
  }
}

/** Floats are weights, unless they are a mask that is cut to size; so are the rows of a table of bytes that a Gather looks up. */
function isWeight(node: Node, tensor: Tensor, position: number): boolean {
  const { dtype, dims } = tensor;
  if (node.opType === 'Slice' && isMask(tensor)) return false;
  if (floatTypes.has(dtype)) return true;
  return (
    node.opType === 'Gather' && position === 0 && dims.length > 1 && (dtype === 'int8' || dtype === 'uint8')
  );
}

/** A mask as it is added to scores: 0 for what may be seen, one number far below for what may not. */
function isMask(tensor: Tensor): boolean {
  const { dtype, dims, place, external } = tensor;
  if (dtype !== 'float32' || dims.length < 2 || place !== undefined || external !== undefined) return false;
  const values = float32Values(tensor);
  const far = values.find((value) => value !== 0) ?? 0;
  return far < -1000 && values.every((value) => value === 0 || value === far);
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
