import { withGraph } from '../onnx/build.ts';
import { dequantizeWeights } from '../onnx/dequantize-weights.ts';
import { cutModel } from '../onnx/edits/cut.ts';
import { foldConstants } from '../onnx/edits/fold-constants.ts';
import { foldNorms } from '../onnx/edits/fold-norms.ts';
import { inlineFunctions } from '../onnx/edits/inline-functions.ts';
import { tensorAttribute } from '../onnx/graph-index.ts';
import { OnnxError } from '../onnx/onnx-error.ts';
import type { Model, Node, Tensor } from '../onnx/types.ts';
import { isBatchNorm } from './forward-forms.ts';
import { mergeNorms } from './merge-norms.ts';
import { writeOutAttention } from './write-attention.ts';

/** How a forward graph becomes the first part of a training step. */
export interface ForwardOptions {
  /** Names of the initializers to train. */
  readonly trainable: ReadonlySet<string>;
  /** Sizes of named dimensions of the inputs: { N: 16 }. */
  readonly sizes: Readonly<Record<string, number>>;
  /** The value that the loss is computed from. */
  readonly output: string;
  /** Whether a BatchNormalization (by node name) takes its statistics from the batch; default: none does. */
  readonly usesBatchStatistics?: (name: string) => boolean;
}

/** A forward graph ready for a training step. */
export interface PreparedForward {
  /** Every size a number, weights unpacked, attention written out, BatchNorms with stored statistics merged; trainable weights are graph inputs. */
  readonly model: Model;
  /** The trainable initializers that the output depends on, in the file's order. */
  readonly weights: readonly Tensor[];
}

/** Softmax and the axes of Squeeze and ReduceSum meant something else before; the operators of a step exist since 17. */
const [oldestOpset, stepOpset] = [13, 17];

/**
 * Brings a forward graph into the form that a training step starts with. A BatchNormalization with stored statistics behind a
 * convolution becomes part of its weights: as numbers where both are frozen, as nodes where one of them is trained.
 * @throws OnnxError when a weight is missing or no float, or when the model's operators are older than opset 13.
 */
export function prepareForward(source: Model, options: ForwardOptions): PreparedForward {
  const { output, trainable } = options;
  const opset = source.opsets.get('') ?? 1;
  if (opset < oldestOpset)
    throw new OnnxError(
      `The model uses operators of opset ${opset}; training needs ${oldestOpset} or newer.`,
      {
        advice: `Export the model with opset ${stepOpset}.`,
      },
    );
  const opsets = new Map(source.opsets).set('', Math.max(opset, stepOpset));
  const whole = bindSizes({ ...inlineFunctions(source), opsets }, options.sizes);
  const cut = cutModel(whole, { to: [{ name: output }] });
  const unpacked = writeOutAttention(storeConstants(dequantizeWeights(cut)));
  for (const name of trainable) expectTrainable(name, unpacked, source);
  const marked = markBatchNorms(unpacked, options.usesBatchStatistics ?? (() => false));
  const weights = [...marked.graph.initializers.values()].filter(({ name }) => trainable.has(name));
  return { model: foldConstants(mergeNorms(foldNorms(asInputs(marked, weights)))), weights };
}

/** The model with numbers in place of named dimensions of its inputs, and without the exporter's notes on shapes. */
function bindSizes(model: Model, sizes: Readonly<Record<string, number>>): Model {
  const inputs = model.graph.inputs.map((input) => ({
    ...input,
    ...(input.dims && {
      dims: input.dims.map((dim) => (typeof dim === 'string' ? (sizes[dim] ?? dim) : dim)),
    }),
  }));
  return withGraph(model, { inputs, valueInfos: [] });
}

/** The model with the values of its Constant nodes as initializers, as far as they are tensors. */
function storeConstants(model: Model): Model {
  const initializers = new Map(model.graph.initializers);
  const nodes = model.graph.nodes.filter((node) => {
    const value = node.opType === 'Constant' ? tensorAttribute(node, 'value') : undefined;
    if (value !== undefined) initializers.set(node.outputs[0], { ...value, name: node.outputs[0] });
    return value === undefined;
  });
  return withGraph(model, { nodes, initializers });
}

function expectTrainable(name: string, { graph }: Model, source: Model): void {
  const dtype = graph.initializers.get(name)?.dtype;
  if (dtype === 'float32' || dtype === 'float64') return;
  // a weight that the output does not depend on has been cut away: it is left alone
  const isKnown =
    source.graph.initializers.has(name) || source.graph.nodes.some(({ outputs }) => outputs.includes(name));
  if (dtype === undefined && isKnown) return;
  throw new OnnxError(
    dtype === undefined
      ? `The model has no weight "${name}" to train.`
      : `The weight "${name}" holds ${dtype}; only float32 can be trained.`,
    { advice: 'Choose among the weights that the model stores.' },
  );
}

/** ONNX's own mark for batch statistics, which keeps such nodes from being merged. */
function markBatchNorms(model: Model, usesBatchStatistics: (name: string) => boolean): Model {
  const nodes = model.graph.nodes.map((node): Node => {
    if (!isBatchNorm(node) || !usesBatchStatistics(node.name)) return node;
    return { ...node, attributes: new Map(node.attributes).set('training_mode', { type: 'int', value: 1 }) };
  });
  return withGraph(model, { nodes });
}

function asInputs(model: Model, weights: readonly Tensor[]): Model {
  const initializers = new Map(model.graph.initializers);
  for (const { name } of weights) initializers.delete(name);
  const known = new Set(weights.map(({ name }) => name));
  const inputs = model.graph.inputs.filter(({ name }) => !known.has(name));
  return withGraph(model, {
    initializers,
    inputs: [...inputs, ...weights.map(({ name, dtype, dims }) => ({ name, dtype, dims }))],
  });
}
