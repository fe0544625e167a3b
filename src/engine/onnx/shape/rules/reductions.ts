/** Operators that shorten axes to one element or drop them. */
import type { DataType } from '../../types.ts';
import { intAttribute } from '../../graph-index.ts';
import {
  listOf,
  normaliseAxis,
  row,
  rows,
  typeAt,
  unknownDims,
  unshaped,
  withDims,
  withDtype,
} from '../rule.ts';
import type { NamedRow, ShapeRule, Site } from '../rule.ts';
import type { ValueType } from '../value-type.ts';

export const reductionRows: readonly NamedRow[] = [
  row('ReduceSum', 1, reduction(13)),
  ...rows('ReduceMean ReduceMax ReduceMin ReduceProd ReduceL1 ReduceL2', 1, reduction(18)),
  ...rows('ReduceLogSum ReduceLogSumExp ReduceSumSquare', 1, reduction(18)),
  ...rows('ArgMax ArgMin', 1, (site) => [reduceOneAxis(site, 'int64')]),
  // pooling over everything but the batch and the channels
  ...rows('GlobalAveragePool GlobalMaxPool GlobalLpPool', 1, ({ types: [x] }) => [overPicture(x)]),
  row('Det', 1, ({ types: [x] }) => [withDims(x, x.dims?.slice(0, -2))]),
];

/** A reduction over a list of axes that is an attribute before opset `inputSince` and an input from then on. */
function reduction(inputSince: number): ShapeRule {
  return (site) => {
    const x = typeAt(site, 0);
    if (x.dims === undefined) return [x];
    const axes = listOf(site, 'axes', 1, inputSince);
    const keeps = intAttribute(site.node, 'keepdims', 1) === 1;
    if (axes === undefined) {
      const count = typeAt(site, 1).dims?.[0];
      if (keeps) return [withDims(x, unknownDims(x.dims.length))];
      return [typeof count === 'number' ? withDims(x, unknownDims(x.dims.length - count)) : unshaped(x)];
    }
    if (axes === 'absent' || axes.length === 0) {
      if (intAttribute(site.node, 'noop_with_empty_axes', 0) === 1) return [x];
      return [
        reduceAxes(
          site,
          x,
          x.dims.map((_, axis) => axis),
        ),
      ];
    }
    return [reduceAxes(site, x, axes)];
  };
}

function reduceOneAxis(site: Site, dtype: DataType): ValueType {
  return withDtype(reduceAxes(site, typeAt(site, 0), [intAttribute(site.node, 'axis', 0)]), dtype);
}

function reduceAxes({ node }: Site, x: ValueType, axes: readonly number[]): ValueType {
  const { dims } = x;
  if (dims === undefined) return x;
  const reduced = new Set(axes.map((axis) => normaliseAxis(node, axis, dims.length)));
  const keeps = intAttribute(node, 'keepdims', 1) === 1;
  return withDims(
    x,
    keeps
      ? dims.map((dim, axis) => (reduced.has(axis) ? 1 : dim))
      : dims.filter((_, axis) => !reduced.has(axis)),
  );
}

function overPicture(x: ValueType): ValueType {
  return withDims(
    x,
    x.dims?.map((dim, axis) => (axis < 2 ? dim : 1)),
  );
}
