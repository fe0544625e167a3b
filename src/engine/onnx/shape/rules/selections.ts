/** Operators that pick elements by position or by value. */
import { addDims, floorDivideDims, minDim } from '../../dimensions.ts';
import type { Dims } from '../../dimensions.ts';
import { intAttribute, intsAttribute } from '../../graph-index.ts';
import type { Dim } from '../../types.ts';
import {
  fail,
  likeFirst,
  listOf,
  normaliseAxis,
  row,
  rows,
  show,
  typeAt,
  unknownDims,
  unshaped,
  withDims,
  withDtype,
} from '../rule.ts';
import type { NamedRow, Site } from '../rule.ts';
import { sliceSize } from '../slice-size.ts';
import { tensorType } from '../value-type.ts';
import type { ValueType } from '../value-type.ts';

export const selectionRows: readonly NamedRow[] = [
  row('Slice', 1, slice),
  row('Split', 1, split),
  row('Gather', 2, gather),
  row('GatherElements', 2, ({ types: [x, indices] }) => [withDims(x, indices.dims)]),
  row('GatherND', 2, gatherNd),
  ...rows('Scatter ScatterElements ScatterND', 3, likeFirst),
  // where it begins to write may be left out
  row('TensorScatter', 2, likeFirst),
  ...rows('CumSum CumProd Trilu ReverseSequence', 1, likeFirst),
  row('Compress', 2, compress),
  row('NonZero', 1, ({ types: [x] }) => [tensorType('int64', [x.dims?.length ?? '?', '?'])]),
  row('Unique', 1, unique),
  row('TopK', 1, topK),
  row('OneHot', 3, oneHot),
];

/** Starts, ends and axes are attributes before opset 10, inputs (with steps) from then on. */
function slice(site: Site): ValueType[] {
  const { node, opset } = site;
  const x = typeAt(site, 0);
  if (x.dims === undefined) return [x];
  const { dims } = x;
  const old = opset < 10;
  const starts = old ? intsAttribute(node, 'starts') : site.symbols(1);
  const ends = old ? intsAttribute(node, 'ends') : site.symbols(2);
  const listed = listOf(site, 'axes', 3, 10);
  const count = starts?.length ?? ends?.length ?? typeAt(site, 1).dims?.[0];
  const axes =
    listed === 'absent' && typeof count === 'number' && count <= dims.length
      ? Array.from({ length: count }, (_, axis) => axis)
      : listed;
  if (axes === undefined || axes === 'absent') return [withDims(x, unknownDims(dims.length))];
  const steps = site.has(4) && !old ? site.symbols(4) : axes.map(() => 1);
  const places = axes.map((axis) => normaliseAxis(node, axis, dims.length));
  const sizes = dims.map((dim, axis): Dim => {
    const at = places.indexOf(axis);
    return at < 0 ? dim : sliceSize(dim, starts?.[at] ?? '?', ends?.[at] ?? '?', steps?.[at] ?? '?');
  });
  return [withDims(x, sizes)];
}

/** Sizes are an attribute before opset 13, an input from then on; num_outputs since 18. Without them all parts are equal. */
function split(site: Site): ValueType[] {
  const { node } = site;
  const x = typeAt(site, 0);
  const count = intAttribute(node, 'num_outputs', node.outputs.length);
  if (x.dims === undefined) return node.outputs.map(() => unshaped(x));
  const { dims } = x;
  const axis = normaliseAxis(node, intAttribute(node, 'axis', 0), dims.length);
  const sizes = listOf(site, 'split', 1, 13);
  return node.outputs.map((_, part) => {
    const size =
      sizes === 'absent'
        ? evenPart(dims[axis], part, count)
        : (sizes?.[part] ?? site.symbols(1)?.[part] ?? '?');
    return withDims(
      x,
      dims.map((dim, at) => (at === axis ? size : dim)),
    );
  });
}

/** Equal parts, the last one smaller where they do not fit. */
function evenPart(size: Dim, part: number, count: number): Dim {
  const whole = floorDivideDims(addDims([size, count - 1]), count);
  if (typeof size === 'string')
    return floorDivideDims(size, count) === whole || part < count - 1 ? whole : '?';
  if (typeof whole === 'string') return '?';
  return minDim(whole, Math.max(0, size - part * whole));
}

function gather({ node, types: [x, indices] }: Site): ValueType[] {
  if (x.dims === undefined || indices.dims === undefined) return [unshaped(x)];
  const axis = normaliseAxis(node, intAttribute(node, 'axis', 0), x.dims.length);
  return [withDims(x, [...x.dims.slice(0, axis), ...indices.dims, ...x.dims.slice(axis + 1)])];
}

/** The last axis of the indices [..., k] points into the first k axes behind the batch_dims (opset 12) leading ones. */
function gatherNd({ node, types: [x, indices] }: Site): ValueType[] {
  const depth = indices.dims?.at(-1);
  if (x.dims === undefined || indices.dims === undefined || typeof depth !== 'number') return [unshaped(x)];
  const start = intAttribute(node, 'batch_dims', 0) + depth;
  if (start > x.dims.length) return fail(node, `points with ${show(indices.dims)} into ${show(x.dims)}`);
  return [withDims(x, [...indices.dims.slice(0, -1), ...x.dims.slice(start)])];
}

/** How many conditions hold is only known at run time. */
function compress({ node, types: [x] }: Site): ValueType[] {
  if (!node.attributes.has('axis')) return [withDims(x, ['?'])];
  if (x.dims === undefined) return [x];
  const axis = normaliseAxis(node, intAttribute(node, 'axis', 0), x.dims.length);
  return [
    withDims(
      x,
      x.dims.map((dim, at) => (at === axis ? '?' : dim)),
    ),
  ];
}

function unique(site: Site): ValueType[] {
  const indices: ValueType = tensorType('int64', ['?']);
  return [compress(site)[0], indices, indices, indices];
}

/** How many is an attribute before opset 10, an input from then on. */
function topK(site: Site): ValueType[] {
  const { node, opset } = site;
  const x = typeAt(site, 0);
  if (x.dims === undefined) return [x, tensorType('int64', undefined)];
  const { dims } = x;
  const axis = normaliseAxis(node, intAttribute(node, 'axis', -1), dims.length);
  const k: Dim = opset < 10 ? intAttribute(node, 'k', 0) : (site.symbols(1)?.[0] ?? '?');
  if (typeof k === 'number' && typeof dims[axis] === 'number' && k > dims[axis])
    return fail(node, `looks for ${k} of ${dims[axis]} elements`);
  const best = withDims(
    x,
    dims.map((dim, at) => (at === axis ? k : dim)),
  );
  return [best, withDtype(best, 'int64')];
}

function oneHot(site: Site): ValueType[] {
  const [indices, , values] = [typeAt(site, 0), typeAt(site, 1), typeAt(site, 2)];
  if (indices.dims === undefined) return [unshaped(values)];
  const depth = site.symbols(1)?.[0] ?? '?';
  const axis = normaliseAxis(site.node, intAttribute(site.node, 'axis', -1), indices.dims.length + 1);
  return [withDims(values, insert(indices.dims, axis, depth))];
}

function insert(dims: Dims, at: number, dim: Dim): Dims {
  return [...dims.slice(0, at), dim, ...dims.slice(at)];
}
