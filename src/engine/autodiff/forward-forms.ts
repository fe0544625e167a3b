/** How nodes are written into the forward pass when the way back needs more of them than their output. */
import { floatAttributeOf, intAttribute } from '../onnx/graph-index.ts';
import { countItems } from '../onnx/shape/contents.ts';
import { fail } from '../onnx/shape/rule.ts';
import type { Node } from '../onnx/types.ts';
import { add, mean, multiply, range, reshape, subtract } from './arithmetic.ts';
import { columnsOf, convolveColumns, hasFewPlaces } from './columns.ts';
import type { PoolMethod } from './gradient-rule.ts';
import type { GraphBuilder } from './graph-builder.ts';
import type { ForwardStep } from './reverse-walk.ts';
import { inverseDeviation, perChannel } from './rules/normalizations.ts';
import { groupsOf, placeWindow } from './window.ts';
import type { Placement } from './window.ts';

/** What decides on a node's form. */
export interface FormChoice {
  /** Whether a gradient passes the node. */
  readonly hasGradient: boolean;
  readonly poolMethod: PoolMethod;
}

/** Running statistics of one BatchNormalization: the initializers' names and the values that they become. */
export interface RunningStatistics {
  readonly node: Node;
  readonly mean: { readonly name: string; readonly next: string };
  readonly variance: { readonly name: string; readonly next: string };
}

/** Appends a forward node and returns what the way back needs, with running statistics where it keeps them. */
export function pushForward(
  b: GraphBuilder,
  node: Node,
  { hasGradient, poolMethod }: FormChoice,
): ForwardStep & { readonly running?: RunningStatistics } {
  if (isBatchNorm(node) && intAttribute(node, 'training_mode', 0) === 1) return pushBatchNorm(b, node);
  if (node.opType === 'Dropout' && node.domain === '') return pushDropout(b, node);
  const placement = hasGradient ? placeOfFew(b, node) : undefined;
  if (placement) return pushConvolution(b, node, placement);
  const parts = hasGradient && node.domain === '' ? keptOutputs(node, poolMethod) : [];
  // optional outputs, which a runtime computes anyway
  const saved = parts.map((part, at) => node.outputs[at + 1] || b.freshName(part));
  const whole = saved.length === 0 ? node : { ...node, outputs: [node.outputs[0], ...saved] };
  b.push(whole);
  return { node: whole, saved };
}

/** How the windows of a plain convolution lie that is faster as one product; undefined for every other node. */
function placeOfFew(b: GraphBuilder, node: Node): Placement | undefined {
  if (node.opType !== 'Conv' || node.domain !== '' || groupsOf(node) > 1) return undefined;
  const dims = b.dims(node.inputs[0]);
  const placement = placeWindow(node, dims, b.dims(node.inputs[1]).slice(2));
  return hasFewPlaces(placement.output, dims[0]) ? placement : undefined;
}

/** A convolution by its columns, which the kernels' gradient is made of as well. */
function pushConvolution(b: GraphBuilder, node: Node, placement: Placement): ForwardStep {
  const [x, w, bias] = node.inputs;
  const columns = columnsOf(b, x, placement);
  const kernels = reshape(b, w, [b.dims(w)[0], b.dims(columns)[0]]);
  const { output } = placement;
  b.alias(convolveColumns(b, columns, kernels, { batch: b.dims(x)[0], output, bias }), node.outputs[0]);
  return { node, saved: [columns] };
}

/** Nothing, as at inference: WebGPU has no kernel that does it. */
function pushDropout(b: GraphBuilder, node: Node): ForwardStep {
  const [x, , mode = ''] = node.inputs;
  if (mode !== '' && b.numbers(mode)?.[0] !== 0)
    fail(node, 'drops values at random; export it for inference');
  b.alias(x, node.outputs[0]);
  return { node, saved: [] };
}

/** Whether a node is a BatchNormalization. */
export function isBatchNorm(node: Node): boolean {
  return node.opType === 'BatchNormalization' && node.domain === '';
}

function keptOutputs(node: Node, poolMethod: PoolMethod): readonly string[] {
  if (node.opType === 'LayerNormalization') return ['mean', 'inverse'];
  const givesIndices = node.opType === 'MaxPool' && intAttribute(node, 'storage_order', 0) === 0;
  return givesIndices && poolMethod === 'indices' ? ['indices'] : [];
}

/**
 * BatchNorm in training written out: x̂ = (x − mean)/√(variance + ε), y = γ·x̂ + β. The running statistics move as in PyTorch, by
 * 1 − momentum towards the batch's mean and its variance with n − 1 in the denominator.
 */
function pushBatchNorm(b: GraphBuilder, node: Node): ForwardStep & { readonly running: RunningStatistics } {
  const [x, gamma, beta, averageName, varianceName] = node.inputs;
  const dims = b.dims(x);
  const others = range(dims.length).filter((axis) => axis !== 1);
  const average = mean(b, x, others);
  const centred = subtract(b, x, average);
  const variance = mean(b, multiply(b, centred, centred), others);
  const inverse = inverseDeviation(b, variance, floatAttributeOf(node, 'epsilon', Math.fround(1e-5)));
  const normalised = multiply(b, centred, inverse);
  const channel = (name: string) => perChannel(b, name, dims.length);
  b.alias(add(b, multiply(b, normalised, channel(gamma)), channel(beta)), node.outputs[0]);
  const count = countItems(others.map((axis) => dims[axis]));
  const momentum = floatAttributeOf(node, 'momentum', Math.fround(0.9));
  const move = (name: string, towards: string) => ({
    name,
    next: add(b, multiply(b, name, momentum), multiply(b, reshape(b, towards, [dims[1]]), 1 - momentum)),
  });
  const running = {
    node,
    mean: move(averageName, average),
    variance: move(varianceName, multiply(b, variance, count / Math.max(count - 1, 1))),
  };
  return { node: { ...node, outputs: [node.outputs[0]] }, saved: [normalised, inverse], running };
}
