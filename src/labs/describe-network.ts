/** Reads from an ONNX file what a figure says about the network. */
import { findBlocks, type Block } from '../engine/onnx/blocks.ts';
import { measureCost, type NodeCost } from '../engine/onnx/cost.ts';
import { readModel } from '../engine/onnx/reader.ts';
import { inferShapes, type Shapes } from '../engine/onnx/shapes.ts';
import { planTraining } from '../engine/onnx/trainable.ts';
import {
  approaches,
  type BlockDescription,
  type NetworkDescription,
  type TensorDescription,
} from './network-description.ts';

/**
 * Describes the network in an ONNX file: blocks, tensors, costs, and what each approach trains.
 * @throws OnnxError when the file is no ONNX model; Error when a shape that the drawing needs is unknown.
 */
export function describeNetwork(file: Uint8Array, id: string, title: string): NetworkDescription {
  const model = readModel(file);
  const shapes = inferShapes(model);
  const cost = measureCost(model, shapes);
  const blocks = findBlocks(model, shapes, cost);
  const costs = new Map(cost.nodes.map((node) => [node.node.name, node]));
  const labels = new Map(blocks.map((block) => [block.id, block.label]));
  const drawn = blocks.filter((block) => block.kind !== 'input');
  const [channels = 0, height = 0, width = 0] = shapeOf(shapes, model.graph.inputs[0]?.name ?? '');
  const training = approaches.map((approach) => {
    const plan = planTraining(blocks, approach);
    const trained = plan.blocks.filter(({ state }) => state === 'trainable');
    return [
      approach,
      {
        blocks: trained.map((block) => labels.get(block.id) ?? block.id),
        parameters: plan.trainableParameters,
      },
    ];
  });
  return {
    id,
    title,
    inputShape: [channels, height, width],
    classes: shapeOf(shapes, model.graph.outputs[0]?.name ?? '').at(-1) ?? 0,
    parameters: cost.total.parameters,
    macs: cost.total.macs,
    blocks: drawn.map((block) => describeBlock(block, shapes, costs)),
    training: Object.fromEntries(training) as NetworkDescription['training'],
  };
}

function describeBlock(block: Block, shapes: Shapes, costs: ReadonlyMap<string, NodeCost>): BlockDescription {
  const field = block.receptiveField?.[0];
  return {
    id: block.label,
    kind: block.kind === 'input' ? 'stem' : block.kind,
    output: block.outputName,
    shape: vectorShape(shapeOf(shapes, block.outputName)),
    parameters: block.parameters,
    macs: block.macs,
    receptiveField: field?.size ?? 0,
    fieldStep: field?.stride ?? 0,
    fieldStart: field?.start ?? 0,
    tensors: block.nodeNames.map((name) => describeTensor(name, shapes, costs)),
  };
}

function describeTensor(
  name: string,
  shapes: Shapes,
  costs: ReadonlyMap<string, NodeCost>,
): TensorDescription {
  const cost = costs.get(name);
  if (!cost) throw new Error(`The graph has no node "${name}".`);
  const { node, parameters, macs } = cost;
  const kernel = windowOf(node.attributes.get('kernel_shape'));
  const stride = windowOf(node.attributes.get('strides'));
  return {
    name,
    op: node.opType,
    ...(kernel === undefined ? {} : { kernel, stride: stride ?? 1 }),
    shape: shapeOf(shapes, node.outputs[0] ?? ''),
    parameters,
    macs,
  };
}

/** The first number of an `ints` attribute. */
function windowOf(attribute: { type: string; value: unknown } | undefined): number | undefined {
  const value = attribute?.type === 'ints' ? (attribute.value as readonly number[])[0] : undefined;
  return value;
}

/** A value's shape for one example: the batch axis left out. */
function shapeOf(shapes: Shapes, name: string): number[] {
  const dims = shapes.values.get(name)?.dims?.slice(1);
  if (!dims?.every((size) => typeof size === 'number')) {
    throw new Error(`The shape of "${name}" could not be inferred; the drawing needs it.`);
  }
  return dims;
}

/** [256, 1, 1] has no places left: it is drawn as [256]. */
function vectorShape(shape: number[]): number[] {
  return shape.length === 3 && shape[1] === 1 && shape[2] === 1 ? shape.slice(0, 1) : shape;
}
