import { withGraph } from './build.ts';
import { indexGraph, intAttribute } from './graph-index.ts';
import { OnnxError } from './onnx-error.ts';
import { float32Tensor, float32Values, int8Values } from './tensor-values.ts';
import type { Graph, Model, Node, Tensor } from './types.ts';

/** Weights stored as int8: value = (q − zero) · scale, per slice along `axis` or for the whole tensor. */
export interface StoredInt8 {
  /** int8, dims of the weight. */
  readonly quantized: Tensor;
  /** float32 [dims[axis]], or one element. */
  readonly scales: Float32Array;
  /** int8 as the scales, zeros when the file names none. */
  readonly zeros: Int8Array;
  readonly axis: number;
}

/**
 * The model with its int8 weights unpacked into float32 initializers of the same value names, the DequantizeLinear nodes and
 * packed tensors gone. Bit for bit what a runtime computes from the stored graph.
 * @param includes which weights, by value name; default all.
 * @throws OnnxError when scales and weights do not fit together.
 */
export function dequantizeWeights(model: Model, includes: (name: string) => boolean = () => true): Model {
  const { graph } = model;
  const initializers = new Map(graph.initializers);
  const unpackers = new Set<Node>();
  for (const node of graph.nodes) {
    const stored = storedInt8(graph, node);
    if (stored === undefined || !includes(node.outputs[0])) continue;
    initializers.set(node.outputs[0], float32Tensor(node.outputs[0], stored.quantized.dims, unpack(stored)));
    unpackers.add(node);
  }
  const nodes = graph.nodes.filter((node) => !unpackers.has(node));
  dropUnread(
    initializers,
    [...unpackers].flatMap((node) => node.inputs),
    { ...graph, nodes },
  );
  return withGraph(model, { nodes, initializers });
}

/** What a DequantizeLinear node unpacks, when that is an int8 initializer; undefined for any other node. */
export function storedInt8(graph: Graph, node: Node): StoredInt8 | undefined {
  if (node.opType !== 'DequantizeLinear' || node.outputs.length === 0) return undefined;
  const [quantized, scale, zero] = node.inputs.map((name) => graph.initializers.get(name));
  if (quantized?.dtype !== 'int8' || scale === undefined) return undefined;
  const scales = float32Values(scale);
  const zeros = zero === undefined ? new Int8Array(scales.length) : int8Values(zero);
  const axis = intAttribute(node, 'axis', 1);
  const positive = axis < 0 ? axis + quantized.dims.length : axis;
  const slices = scale.dims.length === 0 || scales.length === 1 ? 1 : quantized.dims[positive];
  if (scales.length !== slices || zeros.length !== scales.length) {
    throw new OnnxError(
      `The weights "${quantized.name}" [${quantized.dims.join(', ')}] have ${scales.length} scales and ${zeros.length} zero points where ${slices} fit along axis ${axis}.`,
    );
  }
  return { quantized, scales, zeros, axis: positive };
}

/** The float32 values of packed weights. */
export function unpack({ quantized, scales, zeros, axis }: StoredInt8): Float32Array {
  const values = int8Values(quantized);
  const inner =
    scales.length === 1
      ? values.length
      : quantized.dims.slice(axis + 1).reduce((product, size) => product * size, 1);
  const floats = new Float32Array(values.length);
  for (let start = 0, block = 0; start < values.length; start += inner, block++) {
    const slice = block % scales.length;
    const scale = scales[slice];
    const zero = zeros[slice];
    // the product of a 9-bit integer and a float32 is exact in double precision: one rounding, as the runtime's
    for (let at = start; at < start + inner; at++) floats[at] = (values[at] - zero) * scale;
  }
  return floats;
}

/** Deletes those of the named initializers that no node and no output of the graph reads any more. */
export function dropUnread(initializers: Map<string, Tensor>, names: readonly string[], graph: Graph): void {
  const { consumers, outputNames } = indexGraph(graph);
  for (const name of names) if (!consumers.has(name) && !outputNames.has(name)) initializers.delete(name);
}
