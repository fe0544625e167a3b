/** Reads from an ONNX file what the model atlas shows. */
import { findBoxes, type Box } from '../engine/onnx/blocks-tree.ts';
import { measureCost } from '../engine/onnx/cost.ts';
import { readModel } from '../engine/onnx/reader.ts';
import { receptiveFields } from '../engine/onnx/receptive-field.ts';
import { inferShapes } from '../engine/onnx/shapes.ts';
import type { Attribute, Dim, Model, Node } from '../engine/onnx/types.ts';
import type { AtlasBox, AtlasNetwork, AtlasValue, AtlasWeight } from './atlas-network.ts';

export interface AtlasOptions {
  id: string;
  title: string;
  /** How long an axis with a name counts in costs, such as the tokens of a text; default 1. The batch is always 1. */
  length?: number;
}

/**
 * Describes the network in an ONNX file: boxes down to operators, values, costs.
 * @throws OnnxError when the file is no ONNX model.
 */
export function describeAtlas(file: Uint8Array, options: AtlasOptions): AtlasNetwork {
  return describeModel(readModel(file), file.byteLength, options);
}

/**
 * The same of a model that has been read; weights may still be in their file.
 * @throws OnnxError when the graph cannot be drawn: two nodes compute one value, or a setting makes no sense.
 */
export function describeModel(
  model: Model,
  fileBytes: number,
  { id, title, length = 1 }: AtlasOptions,
): AtlasNetwork {
  const { graph } = model;
  const shapes = inferShapes(model);
  const batch = graph.inputs[0]?.dims?.[0];
  const cost = measureCost(model, shapes, (name) => (name === batch ? 1 : length));
  const fields = receptiveFields(graph, shapes);
  const parameters = new Map(cost.nodes.map(({ node, parameterList }) => [node, parameterList]));
  const boxes: AtlasBox[] = [];
  const taken = new Set<string>();
  for (const box of findBoxes(model, shapes, cost)) add(box, undefined);

  const values: Record<string, AtlasValue> = {};
  const outside = [...graph.inputs, ...graph.outputs].map(({ name }) => name);
  for (const name of new Set([
    ...outside,
    ...boxes.flatMap(({ inputs, outputs }) => [...inputs, ...outputs]),
  ]))
    values[name] = describeValue(name);
  return {
    id,
    title,
    fileBytes,
    ...cost.total,
    inputs: graph.inputs.map(({ name }) => name).filter((name) => !graph.initializers.has(name)),
    outputs: graph.outputs.map(({ name }) => name),
    values,
    boxes,
  };

  function add(box: Box, parent: string | undefined): number {
    const own = taken.has(box.id) ? `${parent ?? ''}/${box.id}` : box.id;
    taken.add(own);
    const field = fields.get(box.outputNames.at(-1) ?? '')?.[0]?.size;
    const entry: AtlasBox = {
      id: own,
      label: box.label,
      kind: box.kind,
      ...(parent !== undefined && { parent }),
      operators: 1,
      inputs: [...box.inputNames],
      outputs: [...box.outputNames],
      parameters: box.parameters,
      macs: box.macs,
      activationBytes: box.activationBytes,
      ...(field !== undefined && { receptiveField: field }),
      ...(box.heads !== undefined && { heads: box.heads }),
      ...(box.children.length === 0 && describeOperator(box.nodes)),
    };
    boxes.push(entry);
    if (box.children.length > 0)
      entry.operators = box.children.reduce((sum, child) => sum + add(child, own), 0);
    return entry.operators;
  }

  /** An operator with the nodes that unpack its weights: the operator itself runs last. */
  function describeOperator(nodes: readonly Node[]): Partial<AtlasBox> {
    const node = nodes.at(-1);
    if (!node) return {};
    const weights = nodes.flatMap(({ inputs }) => inputs.flatMap(describeWeight));
    const attributes = [...node.attributes].map(([name, value]): [string, string] => [
      name,
      sayAttribute(value),
    ]);
    const trains = nodes
      .flatMap((one) => parameters.get(one) ?? [])
      .map(({ name, count }): [string, number] => [name, count]);
    return {
      op: node.opType,
      node: node.name || (node.outputs[0] ?? ''),
      attributes,
      weights,
      ...(trains.length > 0 && { trains }),
    };
  }

  function describeWeight(name: string): AtlasWeight[] {
    const tensor = graph.initializers.get(name);
    return tensor ? [{ name, dtype: tensor.dtype, shape: [...tensor.dims] }] : [];
  }

  function describeValue(name: string): AtlasValue {
    const { dtype, dims } = shapes.values.get(name) ?? {};
    return { ...(dtype && { dtype }), ...(dims && { shape: withoutBatch(dims) }) };
  }

  function withoutBatch(dims: readonly Dim[]): Dim[] {
    return typeof batch === 'string' && dims[0] === batch ? dims.slice(1) : [...dims];
  }
}

/** At most this many characters of an attribute are shown. */
const longestAttribute = 80;

function sayAttribute(attribute: Attribute): string {
  return shorten(textOf(attribute));
}

function textOf(attribute: Attribute): string {
  switch (attribute.type) {
    case 'int':
      return String(attribute.exact ?? attribute.value);
    case 'float':
      return String(Number(attribute.value.toPrecision(7)));
    case 'string':
      return attribute.value;
    case 'ints':
    case 'strings':
      return attribute.value.join(', ');
    case 'floats':
      return attribute.value.map((value) => Number(value.toPrecision(7))).join(', ');
    case 'tensor':
      return `${attribute.value.dtype} [${attribute.value.dims.join(', ')}]`;
    case 'graph':
      return `graph of ${attribute.value.nodes.length} nodes`;
    default:
      return attribute.type;
  }
}

function shorten(text: string): string {
  return text.length > longestAttribute ? `${text.slice(0, longestAttribute - 1)}…` : text;
}
