import { describeNode } from './graph-index.ts';
import type { Dims } from './dimensions.ts';
import { OnnxError } from './onnx-error.ts';
import { shapeRules } from './shape-rules.ts';
import { numberValues } from './tensor-values.ts';
import type { DataType, Model, Node, Tensor } from './types.ts';

/** What is known about a value before anything runs. */
export interface ValueType {
  readonly dtype?: DataType;
  /** undefined when even the rank is unknown. */
  readonly dims?: Dims;
}

/** Types of all values of a graph. */
export interface Shapes {
  /** By value name: graph inputs, initializers and every node output (with an empty type where nothing is known). */
  readonly values: ReadonlyMap<string, ValueType>;
  /** Operators without a rule, each once, with their domain in front when it is not the default one. */
  readonly unknownOperators: readonly string[];
  /** Sentences about nodes whose inputs contradict their operator. */
  readonly problems: readonly string[];
}

/** What a rule sees of its node. */
export interface RuleInputs {
  readonly node: Node;
  readonly opset: number;
  /** Types by input position; an omitted or unknown input has an empty type. */
  readonly types: readonly ValueType[];
  /** The elements of a small integer input that is known now (a shape, axes, repeats), else undefined. */
  readonly contents: (position: number) => readonly number[] | undefined;
}

/** Gives the types of a node's outputs, in order. May throw OnnxError, which becomes a problem of that node. */
export type ShapeRule = (inputs: RuleInputs) => readonly ValueType[];

/** Shapes, axes and the like have few elements; larger constants are weights and of no interest here. */
const largestContents = 1024;

/**
 * Infers dtype and dimensions of every value, in the order of the nodes. A dimension with a name in the graph's inputs (the
 * batch) stays a name. Never throws: an unknown operator or a contradiction leaves its outputs unknown and is reported.
 */
export function inferShapes(model: Model): Shapes {
  const { graph } = model;
  const values = new Map<string, ValueType>();
  const constants = new Map<string, Tensor>(graph.initializers);
  const unknown = new Set<string>();
  const problems: string[] = [];
  for (const { name, dtype, dims } of graph.inputs) values.set(name, typeOf(dtype, dims));
  for (const [name, { dtype, dims }] of graph.initializers) values.set(name, { dtype, dims });
  // what the exporter noted fills gaps only: it may be stale after an edit
  const noted = new Map(
    [...graph.valueInfos, ...graph.outputs].map((value) => [value.name, typeOf(value.dtype, value.dims)]),
  );

  const opset = model.opsets.get('') ?? 1;
  for (const node of graph.nodes) {
    const missing = node.inputs.find((input) => input !== '' && !values.has(input));
    if (missing !== undefined)
      problems.push(`${describeNode(node)} reads "${missing}", which nothing before it computes.`);
    const types = inferNode(node);
    node.outputs.forEach((output, index) => {
      if (output === '') return;
      const inferred = types[index] ?? {};
      const note = noted.get(output);
      values.set(output, typeOf(inferred.dtype ?? note?.dtype, inferred.dims ?? note?.dims));
    });
    const constant = node.opType === 'Constant' ? node.attributes.get('value') : undefined;
    if (constant?.type === 'tensor' && node.outputs.length > 0)
      constants.set(node.outputs[0], constant.value);
  }
  return { values, unknownOperators: [...unknown], problems };

  function inferNode(node: Node): readonly ValueType[] {
    const operator = node.domain === '' ? node.opType : `${node.domain}.${node.opType}`;
    const row = shapeRules.get(operator);
    if (row === undefined) {
      unknown.add(operator);
      return [];
    }
    if (node.inputs.length < row.leastInputs) {
      problems.push(
        `${describeNode(node)} has ${node.inputs.length} inputs where at least ${row.leastInputs} belong.`,
      );
      return [];
    }
    try {
      const types = node.inputs.map((input) => values.get(input) ?? {});
      return row.rule({ node, opset, types, contents: (position) => contentsOf(node.inputs[position]) });
    } catch (error) {
      if (!(error instanceof OnnxError)) throw error;
      problems.push(error.message);
      return [];
    }
  }

  function contentsOf(name: string | undefined): readonly number[] | undefined {
    const tensor = name === undefined ? undefined : constants.get(name);
    if (tensor === undefined || tensor.external !== undefined || tensor.bytes.length > largestContents * 8)
      return undefined;
    return tensor.dtype === 'int64' || tensor.dtype === 'int32' ? numberValues(tensor) : undefined;
  }
}

function typeOf(dtype: DataType | undefined, dims: Dims | undefined): ValueType {
  return { ...(dtype !== undefined && { dtype }), ...(dims !== undefined && { dims }) };
}
