import { withGraph } from '../build.ts';
import { batchNormAffine } from '../fold-batch-norm.ts';
import type { ChannelAffine } from '../fold-batch-norm.ts';
import { intAttribute } from '../graph-index.ts';
import { namesReadBy } from '../node-reads.ts';
import { float32Tensor, float32Values } from '../tensor-values.ts';
import type { Graph, Model, Node, Tensor } from '../types.ts';
import { prune } from './prune.ts';

/**
 * The model with every BatchNormalization that alone reads a convolution (float32, stored weights) folded into its weights and
 * bias: w' = a·w, b' = a·b + (β − μ·a) with a = γ/√(σ²+ε). Answers change by rounding only.
 * @throws OnnxError when weights have been left in their file.
 */
export function foldNorms(model: Model): Model {
  const { graph } = model;
  const readers = countReaders(graph);
  const producers = new Map(graph.nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  const initializers = new Map(graph.initializers);
  const folded = new Map<Node, Node | undefined>();
  for (const norm of graph.nodes) {
    if (norm.opType !== 'BatchNormalization' || norm.domain !== '') continue;
    const conv = producers.get(norm.inputs[0] ?? '');
    if (conv?.opType !== 'Conv' || readers.get(norm.inputs[0]) !== 1) continue;
    if (intAttribute(norm, 'training_mode', 0) !== 0 || norm.outputs.filter(Boolean).length !== 1) continue;
    const fused = fuse(graph, conv, norm);
    if (fused === undefined) continue;
    for (const tensor of fused.tensors) initializers.set(tensor.name, tensor);
    folded.set(norm, undefined).set(conv, fused.node);
  }
  if (folded.size === 0) return model;
  // the convolution moves to where its norm stood, which is behind all that it reads
  const nodes = graph.nodes.flatMap((node) => {
    if (!folded.has(node)) return [node];
    return node.opType === 'Conv' ? [] : [folded.get(producers.get(node.inputs[0]) ?? node) ?? node];
  });
  return prune(withGraph(model, { nodes, initializers }));
}

function fuse(graph: Graph, conv: Node, norm: Node): { node: Node; tensors: Tensor[] } | undefined {
  const weight = graph.initializers.get(conv.inputs[1] ?? '');
  const biasName = conv.inputs[2] ?? '';
  const bias = graph.initializers.get(biasName);
  const parameters = norm.inputs.slice(1, 5).map((name) => graph.initializers.get(name)?.dtype);
  const isPlain = [weight?.dtype, ...parameters].every((dtype) => dtype === 'float32');
  if (weight === undefined || !isPlain || (biasName !== '' && bias?.dtype !== 'float32')) return undefined;
  const affine = batchNormAffine(graph, norm);
  if (affine?.multiplier.length !== weight.dims[0]) return undefined;
  const [output] = norm.outputs;
  const names = { weight: `${output}.folded.weight`, bias: `${output}.folded.bias` };
  const inputs = [conv.inputs[0], names.weight, names.bias];
  const tensors = [
    float32Tensor(names.weight, weight.dims, scaled(float32Values(weight), affine)),
    float32Tensor(names.bias, [affine.offset.length], shifted(bias && float32Values(bias), affine)),
  ];
  return { node: { ...conv, inputs, outputs: [output] }, tensors };
}

/** float32 [out, in/groups, …] times one factor per output channel, in double precision. */
function scaled(weights: Float32Array, { multiplier }: ChannelAffine): Float32Array {
  const perChannel = weights.length / multiplier.length;
  return weights.map((value, index) => value * multiplier[Math.floor(index / perChannel)]);
}

function shifted(bias: Float32Array | undefined, { multiplier, offset }: ChannelAffine): Float32Array {
  return Float32Array.from(offset, (value, channel) => (bias?.[channel] ?? 0) * multiplier[channel] + value);
}

/** How many nodes and outputs read each value. */
function countReaders(graph: Graph): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const count = (name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);
  for (const node of graph.nodes) for (const name of namesReadBy(node)) count(name);
  for (const { name } of graph.outputs) count(name);
  return counts;
}
