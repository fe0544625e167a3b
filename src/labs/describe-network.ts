/** Reads from an ONNX file what a figure says about the network. */
import { findBlocks, type Block } from '../engine/onnx/blocks.ts';
import { findBoxes, type Box } from '../engine/onnx/blocks-tree.ts';
import { measureCost, type ModelCost, type NodeCost } from '../engine/onnx/cost.ts';
import { floatName, unpackersOf } from '../engine/onnx/quantized-values.ts';
import { readModel } from '../engine/onnx/reader.ts';
import { receptiveFields } from '../engine/onnx/receptive-field.ts';
import { inferShapes, type Shapes } from '../engine/onnx/shapes.ts';
import { planTraining } from '../engine/onnx/trainable.ts';
import type { Model } from '../engine/onnx/types.ts';
import {
  approaches,
  type BlockDescription,
  type NetworkDescription,
  type TensorDescription,
} from './network-description.ts';

/**
 * Describes the network in an ONNX file: blocks, tensors, costs, and what each approach trains. Where the names of its nodes say
 * nothing, as in published networks, its blocks are the stages at which the picture shrinks.
 * @throws OnnxError when the file is no ONNX model; Error when a shape that the drawing needs is unknown.
 */
export function describeNetwork(file: Uint8Array, id: string, title: string): NetworkDescription {
  const model = readModel(file);
  const shapes = inferShapes(model);
  const cost = measureCost(model, shapes);
  const blocks = findBlocks(model, shapes, cost);
  const costs = new Map(cost.nodes.map((node) => [node.node.name, node]));
  const [channels = 0, height = 0, width = 0] = shapeOf(shapes, model.graph.inputs[0]?.name ?? '');
  return {
    id,
    title,
    inputShape: [channels, height, width],
    classes: shapeOf(shapes, model.graph.outputs[0]?.name ?? '').at(-1) ?? 0,
    parameters: cost.total.parameters,
    macs: cost.total.macs,
    ...(blocks.some(({ kind }) => kind === 'residual')
      ? describeNamed(blocks, shapes, costs)
      : describeBoxes(model, shapes, cost, costs)),
  };
}

type Inside = Pick<NetworkDescription, 'blocks' | 'training'>;

function describeNamed(
  blocks: readonly Block[],
  shapes: Shapes,
  costs: ReadonlyMap<string, NodeCost>,
): Inside {
  const labels = new Map(blocks.map((block) => [block.id, block.label]));
  const training = trainingOf((approach) => {
    const plan = planTraining(blocks, approach);
    const trained = plan.blocks.filter(({ state }) => state === 'trainable');
    return {
      blocks: trained.map((block) => labels.get(block.id) ?? block.id),
      parameters: plan.trainableParameters,
    };
  });
  const drawn = blocks.filter((block) => block.kind !== 'input');
  return { blocks: drawn.map((block) => describeBlock(block, shapes, costs)), training };
}

/** The overview of a network whose names say nothing. 8-bit values are asked for as the floats that they stand for. */
function describeBoxes(
  model: Model,
  shapes: Shapes,
  cost: ModelCost,
  costs: ReadonlyMap<string, NodeCost>,
): Inside {
  const fields = receptiveFields(model.graph, shapes);
  const unpackers = unpackersOf(model.graph);
  const boxes = findBoxes(model, shapes, cost);
  const blocks = boxes.map((box): BlockDescription => {
    const output = box.outputNames.at(-1) ?? '';
    const field = fields.get(output)?.[0];
    const own = box.nodes.filter(({ outputs: [value = ''] }) => isActivation(shapes, value));
    return {
      id: box.label,
      kind: kindOf(box),
      output: unpackers.has(floatName(output)) ? floatName(output) : output,
      shape: vectorShape(shapeOf(shapes, output)),
      parameters: box.parameters,
      macs: box.macs,
      receptiveField: field?.size ?? 0,
      fieldStep: field?.stride ?? 0,
      fieldStart: field?.start ?? 0,
      tensors: own.map(({ name }) => describeTensor(name, shapes, costs)),
    };
  });
  const training = trainingOf((approach) => {
    const moved = blocks.filter(
      ({ kind, parameters }) => parameters > 0 && (approach !== 'feature-extractor' || kind === 'head'),
    );
    return {
      blocks: moved.map(({ id }) => id),
      parameters: moved.reduce((sum, { parameters }) => sum + parameters, 0),
    };
  });
  return { blocks, training };
}

/** Neither a shape on its way to a Reshape nor a constant. */
function isActivation(shapes: Shapes, value: string): boolean {
  const { dims, dtype } = shapes.values.get(value) ?? {};
  return dtype !== 'int64' && (dims?.length ?? 0) > 1;
}

function kindOf({ kind }: Box): BlockDescription['kind'] {
  return kind === 'stem' || kind === 'pool' || kind === 'head' ? kind : 'residual';
}

function trainingOf(
  plan: (approach: (typeof approaches)[number]) => { blocks: string[]; parameters: number },
): NetworkDescription['training'] {
  const entries = approaches.map((approach) => [approach, plan(approach)]);
  return Object.fromEntries(entries) as NetworkDescription['training'];
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
