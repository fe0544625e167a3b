/** What a worded shape rule is, and the steps that many share. */
import type { Site } from '../../engine/onnx/shape/rule.ts';
import { dimAt, typeAt } from '../../engine/onnx/shape/rule.ts';
import type { Dims } from '../../engine/onnx/dimensions.ts';
import type { Dim } from '../../engine/onnx/types.ts';
import type { Formula, Symbols } from './formula.ts';
import type { RuleName } from './shape-walk.ts';

/** The rule of an operator at one node: a formula for each axis of its first output. */
export interface Worded {
  readonly rule: RuleName;
  readonly axes: readonly Formula[];
}

/** Words the rule at a node; undefined where the operator's settings go beyond what the words say. */
export type Wording = (site: Site) => Worded | undefined;

/** A line of a table of wordings. */
export type NamedWording = readonly [opType: string, wording: Wording];

/** One line for each operator of a list. */
export function wordings(opTypes: string, wording: Wording): readonly NamedWording[] {
  return opTypes.split(' ').map((opType) => [opType, wording]);
}

/** A formula and what its symbols stand for. */
export function formula(symbols: string, values: Symbols): Formula {
  return { symbols, values };
}

/** An axis that stays as it is. */
export function kept(size: Dim): Formula {
  return formula('n', { n: size });
}

/** The output has the sizes of the first input. */
export function likeFirst(rule: RuleName): Wording {
  return (site) => {
    const { dims } = typeAt(site, 0);
    return dims && { rule, axes: dims.map(kept) };
  };
}

/** The largest of the sizes that stand at one axis, each counted from the last axis; missing ones count as 1. */
export function broadcastAxes(shapes: readonly Dims[]): readonly Formula[] {
  const rank = Math.max(...shapes.map(({ length }) => length));
  const letters = shapes.length > 3 ? shapes.map((_, at) => `t${at + 1}`) : ['a', 'b', 'c'];
  return Array.from({ length: rank }, (_, axis) => {
    const sizes = shapes.map((dims) => dims[axis - rank + dims.length] ?? 1);
    // The batch of both, or a length that both share
    if (typeof sizes[0] === 'string' && sizes.every((size) => size === sizes[0])) return kept(sizes[0]);
    const used = letters.slice(0, sizes.length);
    return formula(
      sizes.length === 1 ? used[0] : `max(${used.join(', ')})`,
      Object.fromEntries(used.map((letter, at) => [letter, sizes[at]])),
    );
  });
}

/** The sizes of the inputs at some positions; undefined if one is unknown. */
export function shapesAt(site: Site, positions: readonly number[]): readonly Dims[] | undefined {
  const shapes = positions.map((position) => typeAt(site, position).dims);
  return shapes.every((dims) => dims !== undefined) ? shapes : undefined;
}

export { dimAt, typeAt };
export type { Site };
