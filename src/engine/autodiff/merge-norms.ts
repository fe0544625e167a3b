import { buildNode, withGraph } from '../onnx/build.ts';
import { floatAttributeOf, indexGraph, intAttribute } from '../onnx/graph-index.ts';
import { float32Tensor, float64Tensor, int64Tensor, numberValues } from '../onnx/tensor-values.ts';
import type { Model, Node, Tensor } from '../onnx/types.ts';
import { isBatchNorm } from './forward-forms.ts';

/**
 * The model with every BatchNormalization that has stored statistics and alone reads a convolution computed by the convolution:
 * weights a·W and bias β − (μ − bias)·a with a = γ/√(σ²+ε), as nodes, so that gradients reach W, γ and β through them. That
 * saves the largest values of the forward pass and most of the backward one.
 */
export function mergeNorms(model: Model): Model {
  const { graph } = model;
  const { producers, consumers, outputNames } = indexGraph(graph);
  const initializers = new Map(graph.initializers);
  const merged = new Map<Node, readonly Node[]>();
  const rankOf = new Map(
    [...graph.initializers.values(), ...graph.inputs].map(({ name, dims }) => [name, dims?.length]),
  );
  for (const norm of graph.nodes) {
    const conv = isBatchNorm(norm) ? producers.get(norm.inputs[0]) : undefined;
    if (conv?.opType !== 'Conv' || conv.domain !== '' || intAttribute(norm, 'training_mode', 0) === 1)
      continue;
    if (consumers.get(conv.outputs[0])?.length !== 1 || outputNames.has(conv.outputs[0])) continue;
    const [average, variance] = norm.inputs.slice(3, 5).map((name) => graph.initializers.get(name));
    const rank = rankOf.get(conv.inputs[1]);
    if (average === undefined || variance === undefined || rank === undefined) continue;
    const { nodes, tensors } = merge(conv, norm, variance, rank);
    for (const tensor of tensors) initializers.set(tensor.name, tensor);
    merged.set(conv, []).set(norm, nodes);
  }
  return withGraph(model, { nodes: graph.nodes.flatMap((node) => merged.get(node) ?? [node]), initializers });
}

function merge(conv: Node, norm: Node, variance: Tensor, rank: number): { nodes: Node[]; tensors: Tensor[] } {
  const [x, weight, bias = ''] = conv.inputs;
  const [, gamma, beta, average] = norm.inputs;
  const [output] = norm.outputs;
  const name = (part: string) => `${output}/merged/${part}`;
  const epsilon = floatAttributeOf(norm, 'epsilon', Math.fround(1e-5));
  const inverse = numberValues(variance).map((value) => 1 / Math.sqrt(value + epsilon));
  const build = variance.dtype === 'float64' ? float64Tensor : float32Tensor;
  const tensors = [
    build(name('inverse'), variance.dims, inverse),
    int64Tensor(name('shape'), [rank], [variance.dims[0], ...Array<number>(rank - 1).fill(1)]),
  ];
  const node = (opType: string, part: string, inputs: readonly string[]) =>
    buildNode(opType, name(part), inputs, [name(part)]);
  const isShifted = bias !== '';
  const nodes = [
    node('Mul', 'multiplier', [gamma, name('inverse')]),
    node('Reshape', 'columns', [name('multiplier'), name('shape')]),
    node('Mul', 'weight', [weight, name('columns')]),
    ...(isShifted ? [node('Sub', 'centre', [average, bias])] : []),
    node('Mul', 'shift', [isShifted ? name('centre') : average, name('multiplier')]),
    node('Sub', 'bias', [beta, name('shift')]),
    { ...conv, inputs: [x, name('weight'), name('bias')], outputs: [output] },
  ];
  return { nodes, tensors };
}
