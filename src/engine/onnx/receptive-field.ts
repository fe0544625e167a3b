/**
 * Receptive fields: which pixels of the picture one position of a value can see.
 * Araujo, Norris and Sim, "Computing receptive fields of convolutional neural networks", Distill 2019.
 */
import type { Shapes } from './shapes.ts';
import { padBefore, windowOf } from './spatial.ts';
import type { Node, Graph } from './types.ts';

/** One spatial axis of a receptive field, in pixels of the graph's input. */
export interface FieldAxis {
  /** Pixels that one position depends on. May exceed the picture: the rest is padding. */
  readonly size: number;
  /** Pixels between the fields of neighbouring positions. */
  readonly stride: number;
  /** First pixel that position 0 sees; negative inside the padding. */
  readonly start: number;
}

/** Per spatial axis, height first. */
export type ReceptiveField = readonly FieldAxis[];

/**
 * Receptive fields with respect to the first graph input, float32 [N, C, H, W], of all values that keep its spatial axes, and
 * after global pooling of the flattened values too (their field is that of the whole map). A value on several paths (a residual
 * sum) has the hull of their fields; values that mix positions in other ways have none.
 * @throws OnnxError when a window's attributes make no sense.
 */
export function receptiveFields(graph: Graph, shapes: Shapes): ReadonlyMap<string, ReceptiveField> {
  const fields = new Map<string, ReceptiveField>();
  if (graph.inputs.length === 0) return fields;
  const [input] = graph.inputs;
  const rank = (input.dims?.length ?? 0) - 2;
  if (rank < 1) return fields;
  fields.set(
    input.name,
    Array.from({ length: rank }, () => ({ size: 1, stride: 1, start: 0 })),
  );
  for (const node of graph.nodes) {
    const seen = node.inputs.map((name) => fields.get(name)).filter((field) => field !== undefined);
    if (seen.length === 0) continue;
    const field = fieldOf(node, hull(seen), shapes);
    if (field !== undefined) for (const output of node.outputs) fields.set(output, field);
  }
  return fields;
}

/** Operators that treat every position alone (or, after global pooling, no positions at all). */
const pointwise = new Set([
  ...[
    'Relu',
    'LeakyRelu',
    'PRelu',
    'Elu',
    'Selu',
    'Celu',
    'Clip',
    'Sigmoid',
    'HardSigmoid',
    'HardSwish',
    'Swish',
  ],
  ...[
    'Mish',
    'Gelu',
    'Tanh',
    'Erf',
    'Softplus',
    'Softsign',
    'Exp',
    'Log',
    'Sqrt',
    'Abs',
    'Neg',
    'Reciprocal',
  ],
  ...['Add', 'Sub', 'Mul', 'Div', 'Pow', 'Max', 'Min', 'Sum', 'Concat', 'Identity', 'Cast', 'Dropout'],
  ...['BatchNormalization', 'LRN', 'QuantizeLinear', 'DequantizeLinear'],
  ...['QLinearAdd', 'QLinearMul', 'QLinearConcat', 'QLinearLeakyRelu', 'QLinearSigmoid'],
]);
const overEverything = new Set([
  ...['GlobalAveragePool', 'GlobalMaxPool', 'GlobalLpPool', 'QLinearGlobalAveragePool'],
]);
const afterPooling = new Set([
  ...['Flatten', 'Reshape', 'Squeeze', 'Gemm', 'MatMul', 'QGemm', 'QLinearMatMul', 'FusedGemm'],
  ...['Softmax', 'LogSoftmax', 'QLinearSoftmax'],
]);
/** Position of the weights of an operator that slides them. */
const weightInputs: ReadonlyMap<string, number> = new Map([
  ['Conv', 1],
  ['FusedConv', 1],
  ['ConvInteger', 1],
  ['QLinearConv', 3],
]);
const poolings = new Set(['MaxPool', 'AveragePool', 'LpPool', 'QLinearAveragePool']);

function fieldOf(node: Node, field: ReceptiveField | undefined, shapes: Shapes): ReceptiveField | undefined {
  if (field === undefined || pointwise.has(node.opType)) return field;
  const dims = shapes.values.get(node.inputs[0])?.dims;
  if (overEverything.has(node.opType)) {
    return merge(field, (axis, at) => {
      const size = dims?.[at + 2];
      return typeof size === 'number' ? { ...axis, size: axis.size + (size - 1) * axis.stride } : undefined;
    });
  }
  if (afterPooling.has(node.opType)) {
    const spatial = dims?.slice(2) ?? ['?'];
    return spatial.every((size) => size === 1) ? field : undefined;
  }
  const weightAt = weightInputs.get(node.opType);
  if (weightAt === undefined && !poolings.has(node.opType)) return undefined;
  const weight =
    weightAt === undefined ? undefined : shapes.values.get(node.inputs[weightAt] ?? '')?.dims?.slice(2);
  const kernel = weight?.filter((size) => typeof size === 'number');
  const window = windowOf(node, field.length, kernel);
  return merge(field, (axis, at) => {
    const before = padBefore(window, at, dims?.[at + 2]);
    if (before === undefined) return undefined;
    return {
      size: axis.size + (window.kernel[at] - 1) * window.dilations[at] * axis.stride,
      stride: axis.stride * window.strides[at],
      start: axis.start - before * axis.stride,
    };
  });
}

function merge(
  field: ReceptiveField,
  change: (axis: FieldAxis, at: number) => FieldAxis | undefined,
): ReceptiveField | undefined {
  const axes = field.map(change);
  return axes.every((axis) => axis !== undefined) ? axes : undefined;
}

/** The smallest field that contains all; undefined when their strides differ, as no single grid describes them. */
function hull(fields: readonly ReceptiveField[]): ReceptiveField | undefined {
  const [first, ...others] = fields;
  return merge(first, (axis, at) => {
    let { start } = axis;
    let end = axis.start + axis.size;
    for (const other of others) {
      if (other.length !== first.length || other[at].stride !== axis.stride) return undefined;
      start = Math.min(start, other[at].start);
      end = Math.max(end, other[at].start + other[at].size);
    }
    return { stride: axis.stride, start, size: end - start };
  });
}
