/** Reads from a graph what the freeze lab says about the network. */
import { findBlocks } from '../../engine/onnx/blocks.ts';
import { indexGraph } from '../../engine/onnx/graph-index.ts';
import type { Model } from '../../engine/onnx/types.ts';
import { replaceHead } from '../../engine/trainer/fresh-weights.ts';
import type { LabNetwork } from './network.ts';

/** The network as the lab trains it: with a new head for so many classes. @throws OnnxError when it does not end in a linear layer. */
export function withNewHead(model: Model, classes: number): Model {
  return replaceHead(model, classes, 1);
}

/** Describes the network in a graph. @throws OnnxError when the graph makes no sense. */
export function describeLab(model: Model): LabNetwork {
  const { nodes, inputs } = model.graph;
  const norms = nodes.filter(({ opType }) => opType === 'BatchNormalization');
  const normWeights = new Set(norms.flatMap((node) => node.inputs.slice(1, 3)));
  const { consumers } = indexGraph(model.graph);
  const isBias = (name: string) =>
    (consumers.get(name) ?? []).some(({ inputs: read }) => read.indexOf(name) === 2);
  const blocks = findBlocks(model).filter(({ kind }) => kind !== 'input');
  return {
    inputShape: plain(inputs.at(0)?.dims ?? []),
    blocks: blocks.map((block) => ({
      id: block.label,
      stage: block.stage,
      shape: plain(block.outputShape ?? []),
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

/** Sizes for one example, the batch axis left out; [256, 1, 1] is a vector. */
function plain(dims: readonly (number | string)[]): readonly number[] {
  const sizes = dims.slice(1).filter((size) => typeof size === 'number');
  const isVector = sizes.length === 3 && sizes[1] === 1 && sizes[2] === 1;
  return isVector ? sizes.slice(0, 1) : sizes;
}
