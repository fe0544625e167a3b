/** Reads from a graph what the freeze lab says about the network. */
import { findBlocks, type Block } from '../../engine/onnx/blocks.ts';
import { withGraph } from '../../engine/onnx/build.ts';
import { indexGraph } from '../../engine/onnx/graph-index.ts';
import { inferShapes } from '../../engine/onnx/shapes.ts';
import type { Model } from '../../engine/onnx/types.ts';
import { replaceHead } from '../../engine/trainer/fresh-weights.ts';
import { withPooledHead, type Pooling } from '../../engine/trainer/pooled-head.ts';
import { stateName } from '../bert-lens/encoder.ts';
import { readsOf, textLength, type LabNetwork, type NetworkId } from './network.ts';
import { waysOf } from './task-choice.ts';

/** A network as the lab trains it, and what the lab knows about it. */
export interface PreparedLab {
  /** The graph with its new head; the values of its weights may be missing. */
  readonly model: Model;
  readonly network: LabNetwork;
}

/** Prepares a network from its file's graph. @throws OnnxError when it cannot take a new head. */
export function prepareLab(id: NetworkId, stored: Model): PreparedLab {
  const reads = readsOf(id);
  const ways = waysOf(reads);
  const pools = reads === 'texts' ? poolingOf(stored) : undefined;
  const whole = pools ? withPooledHead(withLength(stored), pools, ways) : stored;
  const model = withNewHead(whole, ways);
  return { model, network: { ...describeLab(model), id, reads, ways, pools } };
}

/** The network as the lab trains it: with a new head for so many classes. @throws OnnxError when it does not end in a linear layer. */
export function withNewHead(model: Model, classes: number): Model {
  return replaceHead(model, classes, 1);
}

/** The states of the highest layer, and the input that tells padding. */
function poolingOf({ graph }: Model): Pooling {
  const layers = new Set(graph.nodes.flatMap(({ name }) => /^encoder\.layer\.(\d+)\./.exec(name)?.[1] ?? []));
  return { states: stateName(layers.size), mask: graph.inputs.at(1)?.name ?? '' };
}

/** The graph for sentences of one length: axes have names until somebody says how long a text is. */
function withLength(model: Model): Model {
  const inputs = model.graph.inputs.map((input) => ({
    ...input,
    dims: input.dims?.map((axis, at) => (at === 1 ? textLength : axis)),
  }));
  return withGraph(model, { inputs, valueInfos: [] });
}

const normalising = ['BatchNormalization', 'LayerNormalization'];

/** Describes the network of pictures in a graph. @throws OnnxError when the graph makes no sense. */
export function describeLab(model: Model): LabNetwork {
  const { nodes, inputs, initializers } = model.graph;
  const norms = nodes.filter(({ opType }) => opType === 'BatchNormalization');
  const normWeights = new Set(
    nodes.filter(({ opType }) => normalising.includes(opType)).flatMap((node) => node.inputs.slice(1, 3)),
  );
  const { consumers } = indexGraph(model.graph);
  const isBias = (name: string) =>
    (consumers.get(name) ?? []).some(
      ({ opType, inputs: read }) =>
        read.indexOf(name) === 2 || (opType === 'Add' && initializers.get(name)?.dims.length === 1),
    );
  const shapes = inferShapes(model);
  const blocks = findBlocks(model, shapes).filter(({ kind }) => kind !== 'input');
  return {
    id: 'resnet-mixed',
    reads: 'pictures',
    ways: plain(model.graph.outputs.at(0)?.dims ?? [])[0] ?? 0,
    inputShape: plain(inputs.at(0)?.dims ?? []),
    blocks: blocks.map((block) => ({
      id: block.label,
      stage: block.stage,
      shape: shapeOf(block, (name) => shapes.values.get(name)?.dims),
      weights: block.parameterList.map(({ name, count }) => ({
        name,
        size: count,
        isBias: isBias(name),
        isNorm: normWeights.has(name),
      })),
      statistics: norms
        .filter((node) => block.nodeNames.includes(node.name))
        .flatMap((node) => node.inputs.slice(3, 5)),
      nodes: block.nodeNames,
    })),
  };
}

type Dims = readonly (number | string | undefined)[];

/** The shape of what a block hands on; embeddings hand on a mask too, and what matters is what the layers work on. */
function shapeOf({ kind, outputName, outputShape }: Block, dimsOf: (name: string) => Dims | undefined) {
  const dims = kind === 'embedding' ? (dimsOf(stateName(0)) ?? outputShape) : outputShape;
  return plain(dims ?? dimsOf(outputName) ?? []);
}

/** Sizes for one example, the batch axis left out; [256, 1, 1] is a vector. */
function plain(dims: Dims): readonly number[] {
  const sizes = dims.slice(1).filter((size) => typeof size === 'number');
  const isVector = sizes.length === 3 && sizes[1] === 1 && sizes[2] === 1;
  return isVector ? sizes.slice(0, 1) : sizes;
}
