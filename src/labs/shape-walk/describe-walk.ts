/** Reads from an ONNX model the walk of its input through the operators. */
import { findBoxes, type Box } from '../../engine/onnx/blocks-tree.ts';
import { measureCost } from '../../engine/onnx/cost.ts';
import { evaluateDim, namesOf } from '../../engine/onnx/dimensions.ts';
import { constantValues } from '../../engine/onnx/graph-index.ts';
import { OnnxError } from '../../engine/onnx/onnx-error.ts';
import { namesReadBy } from '../../engine/onnx/node-reads.ts';
import { inferShapes, type Shapes } from '../../engine/onnx/shapes.ts';
import type { Dim, Model, Node } from '../../engine/onnx/types.ts';
import { evaluateFormula, fillFormula } from './formula.ts';
import type { Site, Worded } from './rule.ts';
import { elementWordings } from './elements.ts';
import { layoutWordings } from './layouts.ts';
import { selectionWordings } from './selections.ts';
import type { AxisRule, ShapeWalk, WalkGroup, WalkStep, WalkTensor } from './shape-walk.ts';
import { windowWordings } from './windows.ts';

const wordings = new Map([...windowWordings, ...elementWordings, ...layoutWordings, ...selectionWordings]);

export interface WalkOptions {
  id: string;
  title: string;
  /** What an axis with a name counts, such as the tokens of a text; the batch keeps its name. Default: all keep theirs. */
  length?: number;
}

/**
 * Describes the walk of a model's input to its output: every operator whose result depends on an element of the input, in the
 * order of the file. Nodes that only prepare weights, shapes and other constants are no steps.
 * @throws OnnxError when the graph makes no sense: two nodes compute one value.
 */
export function describeWalk(whole: Model, { id, title, length }: WalkOptions): ShapeWalk {
  const model = length === undefined ? whole : withLength(whole, length);
  const { graph } = model;
  const shapes = inferShapes(model);
  const cost = measureCost(model, shapes, () => length ?? 1);
  const boxes = findBoxes(model, shapes, cost);
  const costs = new Map(boxes.flatMap(operatorsOf).map((box) => [box.nodes.at(-1), box]));
  const carried = carriedNodes(model);
  const stepOf = new Map<string, number>();
  for (const { name } of graph.inputs) if (!graph.initializers.has(name)) stepOf.set(name, -1);
  const taken = new Set<string>();
  const steps = carried.map((node, at): WalkStep => {
    const { rule, axes } = wordRule(model, shapes, node);
    const inputs = [...namesReadBy(node)].map((name): WalkTensor => {
      const from = stepOf.get(name);
      return { ...tensorOf(shapes, name), ...(from !== undefined && { from }) };
    });
    for (const output of node.outputs) if (output !== '') stepOf.set(output, at);
    const { parameters = 0, macs = 0 } = costs.get(node) ?? {};
    const name = node.name || `${node.opType}:${node.outputs[0] ?? ''}`;
    const own = taken.has(name) ? `${name}#${at}` : name;
    taken.add(own);
    const outputs = node.outputs.filter(Boolean).map((output) => tensorOf(shapes, output));
    const operator = node.domain === '' ? node.opType : `${node.domain}.${node.opType}`;
    return { id: own, op: operator, rule, inputs, outputs, axes, parameters, macs, group: 0 };
  });
  const ofNode = new Map(carried.map((node, at) => [node, at]));
  const groups: WalkGroup[] = [];
  for (const box of boxes) {
    const places = box.nodes.flatMap((node) => ofNode.get(node) ?? []);
    if (places.length === 0) continue;
    for (const place of places) steps[place].group = groups.length;
    groups.push({ label: box.label, first: Math.min(...places) });
  }
  return {
    id,
    title,
    inputs: [...stepOf].filter(([, from]) => from === -1).map(([name]) => tensorOf(shapes, name)),
    outputs: graph.outputs.map(({ name }) => tensorOf(shapes, name)),
    parameters: cost.total.parameters,
    macs: cost.total.macs,
    steps,
    groups,
  };
}

/** The operators in a box, each with the nodes that unpack its weights. */
function operatorsOf(box: Box): Box[] {
  return box.children.length === 0 ? [box] : box.children.flatMap(operatorsOf);
}

/** The nodes that an element of the input reaches: not those that only ask for its shape. */
function carriedNodes({ graph }: Model): Node[] {
  const constants = constantValues(graph);
  const carried = new Set(
    graph.inputs.map(({ name }) => name).filter((name) => !graph.initializers.has(name)),
  );
  return graph.nodes.filter((node) => {
    if (node.opType === 'Shape' || node.opType === 'Size') return false;
    const reads = [...namesReadBy(node)].filter((name) => !constants.has(name));
    if (!reads.some((name) => carried.has(name))) return false;
    for (const output of node.outputs) carried.add(output);
    return true;
  });
}

function tensorOf({ values }: Shapes, name: string): WalkTensor {
  const dims = values.get(name)?.dims;
  return { name, ...(dims && { shape: [...dims] }) };
}

/** The rule at a node; `runtime` where there are no words for it or where they would not give what the engine infers. */
function wordRule(model: Model, shapes: Shapes, node: Node): Pick<WalkStep, 'rule' | 'axes'> {
  const nothing: Pick<WalkStep, 'rule' | 'axes'> = { rule: 'runtime', axes: [] };
  const dims = shapes.values.get(node.outputs[0] ?? '')?.dims;
  const worded = tryWording(model, shapes, node);
  if (dims?.length !== worded?.axes.length || !worded || !dims) return nothing;
  const lines = worded.axes.map((one, axis): AxisRule => ({
    axes: [axis],
    symbols: one.symbols,
    numbers: fillFormula(one),
    size: dims[axis],
  }));
  if (!lines.every(({ numbers, size }) => size === '?' || agrees(numbers, size))) return nothing;
  const merged: AxisRule[] = [];
  for (const line of lines) {
    const last = merged.at(-1);
    if (last && last.numbers === line.numbers && last.symbols === line.symbols && last.size === line.size)
      last.axes.push(...line.axes);
    else merged.push(line);
  }
  return { rule: worded.rule, axes: merged };
}

function tryWording(model: Model, { values, contents }: Shapes, node: Node): Worded | undefined {
  const wording = isLocal(model, node) ? undefined : wordings.get(node.opType);
  if (!wording) return undefined;
  const symbols = (position: number): readonly Dim[] | undefined =>
    contents.get(node.inputs[position] ?? '')?.items;
  const site: Site = {
    node,
    opset: model.opsets.get(node.domain) ?? 1,
    types: node.inputs.map((name) => values.get(name) ?? {}),
    has: (position) => (node.inputs[position] ?? '') !== '',
    symbols,
    numbers: (position) => {
      const items = symbols(position);
      return items?.every((item) => typeof item === 'number') ? items : undefined;
    },
    infer: () => [],
  };
  try {
    return wording(site);
  } catch (error) {
    // The engine has said already what is wrong with the node
    if (error instanceof OnnxError) return undefined;
    throw error;
  }
}

/** Whether the file defines this operator itself. */
function isLocal({ functions = [] }: Model, { opType, domain }: Node): boolean {
  return functions.some((one) => one.name === opType && one.domain === domain);
}

/** Sizes for names that show whether two formulas are the same: without common factors. */
const trials = [
  [7, 11, 13, 17, 19],
  [29, 23, 31, 37, 41],
];

/** Whether a formula gives a size whatever its names stand for, as far as two trials tell. */
function agrees(numbers: string, size: Dim): boolean {
  const names = namesOf(size);
  return trials.every((sizes) => {
    const known = new Map(names.map((name, at) => [name, sizes[at % sizes.length]]));
    const sizeOf = (name: string): number | undefined => known.get(name) ?? sizes.at(-1);
    return evaluateFormula(numbers, sizeOf) === evaluateDim(size, sizeOf);
  });
}

/** The model with a number for every named axis of its inputs but the first axis, which is the batch. */
function withLength(model: Model, length: number): Model {
  const { graph } = model;
  const batch = graph.inputs[0]?.dims?.[0];
  const inputs = graph.inputs.map((input) => ({
    ...input,
    ...(input.dims && {
      dims: input.dims.map((dim) => (typeof dim === 'string' && dim !== batch ? length : dim)),
    }),
  }));
  // What the exporter noted of sizes would bring the names back
  const outputs = graph.outputs.map(({ name, dtype }) => ({ name, ...(dtype && { dtype }) }));
  return { ...model, graph: { ...graph, inputs, outputs, valueInfos: [] } };
}
