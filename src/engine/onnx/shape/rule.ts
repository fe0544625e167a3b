/** What a shape rule is, and the small steps that many rules share. Layout of pictures: NCHW. */
import { differ } from '../dimensions.ts';
import type { Dims } from '../dimensions.ts';
import { describeNode, intsAttribute } from '../graph-index.ts';
import { OnnxError } from '../onnx-error.ts';
import type { DataType, Dim, Graph, Node } from '../types.ts';
import { dataTypesByNumber } from '../types.ts';
import { tensorType } from './value-type.ts';
import type { ValueType } from './value-type.ts';

/** What a rule sees of its node. */
export interface Site {
  readonly node: Node;
  /** Version of the operators of the node's domain. */
  readonly opset: number;
  /** Types by input position; an omitted or unknown input has an empty type. */
  readonly types: readonly ValueType[];
  /** Whether the optional input at a position is there. */
  readonly has: (position: number) => boolean;
  /** The elements of a small tensor of numbers (a shape, axes, scales) when all are known now, else undefined. */
  readonly numbers: (position: number) => readonly number[] | undefined;
  /** The same with names among them ([N, 64]) and '?' for unknown ones; undefined when nothing is known. */
  readonly symbols: (position: number) => readonly Dim[] | undefined;
  /**
   * Types of the outputs of a subgraph whose inputs have the given types. What the file notes of its values fills gaps; where what goes in
   * changes from round to round, no sizes, as the note is of one round.
   */
  readonly infer: (body: Graph, inputs: readonly ValueType[], changes?: boolean) => readonly ValueType[];
}

/** Gives the types of a node's outputs, in order. May throw OnnxError, which becomes a problem of that node. */
export type ShapeRule = (site: Site) => readonly ValueType[];

/** A rule and the number of inputs without which its operator makes no sense. */
export interface Row {
  readonly rule: ShapeRule;
  readonly leastInputs: number;
}

/** A line of a table of rules. */
export type NamedRow = readonly [opType: string, row: Row];

/** A line of a table: operator, least number of inputs, rule. */
export function row(opType: string, leastInputs: number, rule: ShapeRule): NamedRow {
  return [opType, { rule, leastInputs }];
}

/** One line for each operator of a list. */
export function rows(opTypes: string, leastInputs: number, rule: ShapeRule): readonly NamedRow[] {
  return opTypes.split(' ').map((opType) => row(opType, leastInputs, rule));
}

/** The outputs' one type is that of the first input. */
export const likeFirst: ShapeRule = ({ types: [x] }) => [x];

/** The type of an input; empty for one that is not there. */
export function typeAt({ types }: Site, position: number): ValueType {
  return types[position] ?? {};
}

/** The type with another element type. */
export function withDtype(type: ValueType, dtype: DataType | undefined): ValueType {
  return tensorType(dtype, type.dims);
}

/** The type with other dimensions. */
export function withDims(type: ValueType, dims: Dims | undefined): ValueType {
  return tensorType(type.dtype, dims);
}

/** The type with nothing said about its shape. */
export function unshaped({ dtype }: ValueType): ValueType {
  return tensorType(dtype, undefined);
}

/** A dimension of a type, '?' where it has none. */
export function dimAt({ dims }: ValueType, axis: number): Dim {
  return dims?.at(axis) ?? '?';
}

/** No tensor has more axes; a file that asks for them is damaged. */
const mostAxes = 128;

/** A shape of which only the rank is known. @throws OnnxError for a rank that makes no sense. */
export function unknownDims(rank: number): Dims {
  if (!(rank >= 0 && rank <= mostAxes)) throw new OnnxError(`A tensor of ${rank} axes makes no sense.`);
  return Array<Dim>(rank).fill('?');
}

/** The element type that a node names by its number in an attribute. */
export function dtypeAttribute(node: Node, name: string, otherwise?: DataType): DataType | undefined {
  const attribute = node.attributes.get(name);
  return attribute?.type === 'int' ? dataTypesByNumber.get(attribute.value) : otherwise;
}

/** A list that was an attribute before an opset and is an input from then on; 'absent' when it is not there at all. */
export function listOf(
  site: Site,
  name: string,
  position: number,
  inputSince: number,
): readonly number[] | 'absent' | undefined {
  if (site.opset < inputSince) return intsAttribute(site.node, name) ?? 'absent';
  return site.has(position) ? site.numbers(position) : 'absent';
}

/** An axis counted from the front. @throws OnnxError when there is no such axis. */
export function normaliseAxis(node: Node, axis: number, rank: number, endAllowed = false): number {
  const positive = axis < 0 ? axis + rank : axis;
  if (positive >= 0 && positive < rank + (endAllowed ? 1 : 0)) return positive;
  return fail(node, `works along axis ${axis}, but its input has ${rank} axes`);
}

/** Refuses two dimensions that certainly differ. */
export function expectSame(node: Node, what: string, a: Dim | undefined, b: Dim | undefined): void {
  if (a !== undefined && b !== undefined && differ(a, b))
    fail(node, `has ${what} that differ: ${a} and ${b}`);
}

/** Refuses a rank that makes no sense for an operator. */
export function expectRank(node: Node, { dims }: ValueType, least: number, most = Infinity): void {
  if (dims === undefined || (dims.length >= least && dims.length <= most)) return;
  const wanted =
    least === most ? String(least) : most === Infinity ? `at least ${least}` : `${least} to ${most}`;
  fail(node, `needs ${wanted} axes, got ${show(dims)}`);
}

/** A shape as sentences write it. */
export function show(dims: Dims): string {
  return `[${dims.join(', ')}]`;
}

/** Stops a rule with a sentence about its node. */
export function fail(node: Node, problem: string): never {
  throw new OnnxError(`${describeNode(node)} ${problem}.`);
}
