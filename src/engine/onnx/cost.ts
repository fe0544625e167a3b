/**
 * What a network costs. Conventions, those of published tables (ResNet-18 at 224×224: 11,689,512 parameters, 1.81 GMACs), are
 * decision 6 (docs/decisions/0006-cost.md):
 *
 * - per example: every named dimension counts as 1, unless the caller says what it is;
 * - parameters: everything that training can change, so BatchNorm's weight and bias but not its running statistics, and int8
 *   weights but not their scales; a weight used twice counts once in totals;
 * - MACs: multiply-accumulates of convolutions, matrix products, attention and recurrent layers only; biases, normalisation,
 *   activations, additions and pooling are left out (well under 1 % of a ResNet);
 * - activation bytes: the tensors a node computes from the input, in their own dtype; what only depends on weights is none;
 * - peak memory: cost-memory.ts;
 * - an If costs its dearer branch, a Loop or Scan its body once for each round (once when their number is unknown).
 */
import { macsOf } from './cost-macs.ts';
import type { SizeOf } from './cost-macs.ts';
import { planMemory } from './cost-memory.ts';
import type { MemoryPlan } from './cost-memory.ts';
import { countElements } from './dimensions.ts';
import { constantValues, intAttribute } from './graph-index.ts';
import { countParameters, distinctParameters, parametersByNode } from './parameters.ts';
import type { Parameter } from './parameters.ts';
import { bindReferences } from './shape/bind-references.ts';
import { inferShapes } from './shapes.ts';
import type { GraphTypes, Shapes, ValueType } from './shapes.ts';
import type { Attribute, Graph, Model, Node, Tensor } from './types.ts';
import { bitsPerElement } from './types.ts';

export interface Cost {
  readonly parameters: number;
  /** Multiply-accumulates per example. */
  readonly macs: number;
  /** Bytes of computed tensors per example; their sum, not the peak. */
  readonly activationBytes: number;
}

export interface NodeCost extends Cost {
  readonly node: Node;
  readonly parameterList: readonly Parameter[];
  /** Bytes of all activations alive while the node runs. */
  readonly liveBytes: number;
}

export interface ModelCost {
  /** In the order of the graph's nodes. */
  readonly nodes: readonly NodeCost[];
  readonly total: Cost;
  readonly memory: MemoryPlan;
  /** Bytes of the weights and other constants as the file stores them. */
  readonly storedBytes: number;
  /** Nodes whose cost is unknown for want of a shape; they count as 0. */
  readonly unknown: readonly Node[];
}

/**
 * Counts parameters, MACs and activation bytes of every node and of the whole model.
 * @param sizeOf the size of a named dimension; default 1 for all ("per example").
 * @throws OnnxError when two nodes compute the same value or an attribute has the wrong type.
 */
export function measureCost(
  model: Model,
  shapes: Shapes = inferShapes(model),
  sizeOf: SizeOf = () => 1,
): ModelCost {
  const { graph } = model;
  const unknown: Node[] = [];
  const { costs, bytesOf } = costOfGraph(graph, shapes, { sizeOf, unknown, model }, new Map());
  const memory = planMemory(graph, (value) => bytesOf(value) ?? 0);
  const nodes = costs.map((cost, at): NodeCost => ({ ...cost, liveBytes: memory.liveBytes[at] }));
  let storedBytes = 0;
  for (const { dims, dtype } of graph.initializers.values())
    storedBytes += tensorBytes(
      dtype,
      dims.reduce((a, b) => a * b, 1),
    );
  return { nodes, unknown, memory, storedBytes, total: sumCosts(nodes) };
}

/** The cost of several nodes together, each shared parameter once. */
export function sumCosts(costs: readonly Omit<NodeCost, 'liveBytes'>[]): Cost {
  const parameters = new Map(costs.map(({ node, parameterList }) => [node, parameterList]));
  const nodes = costs.map(({ node }) => node);
  return {
    parameters: countParameters(distinctParameters(nodes, parameters)),
    macs: costs.reduce((sum, { macs }) => sum + macs, 0),
    activationBytes: costs.reduce((sum, { activationBytes }) => sum + activationBytes, 0),
  };
}

/** The most bytes of activations that are alive at once while these nodes run. */
export function peakBytesOf(costs: readonly NodeCost[]): number {
  return costs.reduce((most, { liveBytes }) => Math.max(most, liveBytes), 0);
}

interface Measurement {
  readonly model: Model;
  readonly sizeOf: SizeOf;
  readonly unknown: Node[];
}

type PlainCost = Omit<NodeCost, 'liveBytes'>;

type TypeOf = (value: string) => ValueType;

type GraphPart = Pick<Graph, 'nodes' | 'initializers' | 'outputs'>;

function costOfGraph(
  graph: GraphPart,
  types: GraphTypes,
  measurement: Measurement,
  outer: ReadonlyMap<string, Tensor>,
  typeOf: TypeOf = (value) => types.values.get(value) ?? {},
): { readonly costs: readonly PlainCost[]; readonly bytesOf: (value: string) => number | undefined } {
  const { sizeOf, unknown } = measurement;
  const parameters = parametersByNode(graph, outer);
  const constants = constantValues(graph);
  const costs = graph.nodes.map((node): PlainCost => {
    const inside = costInside(
      node,
      types,
      measurement,
      outer.size === 0 ? graph.initializers : new Map([...outer, ...graph.initializers]),
      typeOf,
    );
    const macs = macsOf(node, node.inputs.map(typeOf), typeOf(node.outputs[0] ?? ''), sizeOf);
    const bytes = node.outputs.map((output) => bytesOf(output));
    if (macs === undefined || bytes.includes(undefined)) unknown.push(node);
    const parameterList = [...(parameters.get(node) ?? []), ...inside.parameterList];
    return {
      node,
      parameterList,
      parameters: countParameters(parameterList),
      macs: (macs ?? 0) + inside.macs,
      activationBytes: bytes.includes(undefined)
        ? 0
        : bytes.reduce((sum: number, size) => sum + (size ?? 0), 0),
    };
  });
  return { costs, bytesOf };

  /** Bytes of a value that depends on the graph's inputs; 0 for others, undefined where its size is unknown. */
  function bytesOf(value: string): number | undefined {
    if (value === '' || constants.has(value)) return 0;
    const { dtype, dims, container } = typeOf(value);
    // the elements of a sequence are counted where they are made
    if (container !== undefined) return 0;
    const count = dims && countElements(dims, sizeOf);
    return dtype === undefined || count === undefined ? undefined : tensorBytes(dtype, count);
  }
}

type Inside = Pick<PlainCost, 'macs' | 'parameterList'>;

const nothingInside: Inside = { macs: 0, parameterList: [] };

/** What the subgraphs of a node, or the local function that it calls, cost in one run of the node. */
function costInside(
  node: Node,
  types: GraphTypes,
  measurement: Measurement,
  outer: ReadonlyMap<string, Tensor>,
  typeOf: TypeOf,
): Inside {
  const called = types.inner.get(node);
  if (called !== undefined) return costOfCall(node, called, measurement);
  const bodies: Graph[] = [];
  for (const attribute of node.attributes.values())
    if (attribute.type === 'graph') bodies.push(attribute.value);
  if (bodies.length === 0) return nothingInside;
  const sums = bodies.map((body) => {
    const own = types.inner.get(body);
    if (own === undefined) return nothingInside;
    const { costs } = costOfGraph(
      body,
      own,
      measurement,
      outer,
      (value) => own.values.get(value) ?? typeOf(value),
    );
    return { macs: sumCosts(costs).macs, parameterList: costs.flatMap(({ parameterList }) => parameterList) };
  });
  const dearest = sums.reduce((most, { macs }) => Math.max(most, macs), 0);
  return {
    macs: dearest * (node.opType === 'If' ? 1 : roundsOf(node, typeOf)),
    parameterList: sums.flatMap(({ parameterList }) => parameterList),
  };
}

/** Rounds of a Loop or Scan: the length of what it stacks, where the shape rule found one. */
function roundsOf(node: Node, typeOf: TypeOf): number {
  const carried =
    node.inputs.length - (node.opType === 'Loop' ? 2 : intAttribute(node, 'num_scan_inputs', 0));
  const stacked = node.outputs.length > carried ? node.outputs.at(-1) : undefined;
  const rounds = stacked === undefined ? undefined : typeOf(stacked).dims?.[0];
  return typeof rounds === 'number' ? rounds : 1;
}

function costOfCall(node: Node, types: GraphTypes, measurement: Measurement): Inside {
  const called = measurement.model.functions?.find(
    ({ name, domain }) => name === node.opType && domain === node.domain,
  );
  if (called === undefined) return nothingInside;
  const bindings = new Map<string, Attribute>([...called.attributeDefaults, ...node.attributes]);
  const nodes = called.nodes.map((inner) => bindReferences(inner, bindings));
  const inner = new Map(
    called.nodes.flatMap((original, at) => {
      const own = types.inner.get(original);
      return own === undefined ? [] : [[nodes[at], own] as const];
    }),
  );
  const own: GraphTypes = { values: types.values, inner: new Map([...types.inner, ...inner]) };
  const { costs } = costOfGraph({ nodes, initializers: new Map(), outputs: [] }, own, measurement, new Map());
  // the function's weights are inputs of the call, where they are counted
  return { macs: sumCosts(costs).macs, parameterList: [] };
}

function tensorBytes(dtype: keyof typeof bitsPerElement, count: number): number {
  return Math.ceil((count * bitsPerElement[dtype]) / 8);
}
