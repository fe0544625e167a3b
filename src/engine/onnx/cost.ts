/**
 * What a network costs. Conventions, those of published tables (ResNet-18 at 224×224: 11,689,512 parameters, 1.81 GMACs):
 *
 * - per example: every named dimension (the batch) counts as 1;
 * - parameters: everything that training can change, so BatchNorm's weight and bias but not its running statistics, and int8
 *   weights but not their scales; a weight used twice counts once in totals;
 * - MACs: multiply-accumulates of convolutions and matrix products only; biases, BatchNorm, activations, additions and pooling
 *   are left out (well under 1 % of a ResNet);
 * - activation bytes: the tensors a node computes from the input, in their own dtype; what only depends on weights is none.
 */
import { countElements } from './dimensions.ts';
import { constantValues, intAttribute } from './graph-index.ts';
import { countParameters, distinctParameters, parametersByNode } from './parameters.ts';
import type { Parameter } from './parameters.ts';
import { inferShapes } from './shapes.ts';
import type { Shapes, ValueType } from './shapes.ts';
import type { Model, Node } from './types.ts';
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
}

export interface ModelCost {
  /** In the order of the graph's nodes. */
  readonly nodes: readonly NodeCost[];
  readonly total: Cost;
  /** Nodes whose cost is unknown for want of a shape; they count as 0. */
  readonly unknown: readonly Node[];
}

/**
 * Counts parameters, MACs and activation bytes of every node and of the whole model.
 * @throws OnnxError when two nodes compute the same value or an attribute has the wrong type.
 */
export function measureCost(model: Model, shapes: Shapes = inferShapes(model)): ModelCost {
  const { graph } = model;
  const parameters = parametersByNode(graph);
  const constants = constantValues(graph);
  const unknown: Node[] = [];
  const nodes = graph.nodes.map((node): NodeCost => {
    const macs = macsOf(node, shapes);
    const activationBytes = outputBytes(node, shapes, constants);
    if (macs === undefined || activationBytes === undefined) unknown.push(node);
    const parameterList = parameters.get(node) ?? [];
    return {
      node,
      parameterList,
      parameters: countParameters(parameterList),
      macs: macs ?? 0,
      activationBytes: activationBytes ?? 0,
    };
  });
  return { nodes, unknown, total: sumCosts(nodes) };
}

/** The cost of several nodes together, each shared parameter once. */
export function sumCosts(costs: readonly NodeCost[]): Cost {
  const parameters = new Map(costs.map(({ node, parameterList }) => [node, parameterList]));
  const nodes = costs.map(({ node }) => node);
  return {
    parameters: countParameters(distinctParameters(nodes, parameters)),
    macs: costs.reduce((sum, { macs }) => sum + macs, 0),
    activationBytes: costs.reduce((sum, { activationBytes }) => sum + activationBytes, 0),
  };
}

/** MACs of one node; undefined when a shape is missing. */
function macsOf(node: Node, { values }: Shapes): number | undefined {
  const rule = macRules[node.opType];
  if (rule === undefined) return 0;
  return rule(
    node,
    node.inputs.map((input) => values.get(input) ?? {}),
    values.get(node.outputs[0] ?? '') ?? {},
  );
}

type MacRule = (node: Node, inputs: readonly ValueType[], output: ValueType) => number | undefined;

const macRules: Partial<Record<string, MacRule>> = {
  // every output element is a dot product with one filter of [C_in / groups, k, k]
  Conv: (_node, inputs, output) =>
    product(elements(output), inputs[1]?.dims && countElements(inputs[1].dims.slice(1))),
  Gemm: (node, inputs, output) => {
    const inner = inputs[0]?.dims?.[intAttribute(node, 'transA', 0) === 1 ? 0 : 1];
    return product(elements(output), inner === undefined ? undefined : countElements([inner]));
  },
  MatMul: (_node, inputs, output) => {
    const inner = inputs[0]?.dims?.at(-1);
    return product(elements(output), inner === undefined ? undefined : countElements([inner]));
  },
};

function elements({ dims }: ValueType): number | undefined {
  return dims && countElements(dims);
}

function product(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a * b;
}

function outputBytes(node: Node, { values }: Shapes, constants: ReadonlySet<string>): number | undefined {
  let total = 0;
  for (const output of node.outputs) {
    if (output === '' || constants.has(output)) continue;
    const { dtype, dims } = values.get(output) ?? {};
    const count = dims && countElements(dims);
    if (dtype === undefined || count === undefined) return undefined;
    total += Math.ceil((count * bitsPerElement[dtype]) / 8);
  }
  return total;
}
