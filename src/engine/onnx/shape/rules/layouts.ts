/** Operators that give the same elements another shape, repeat them, or put tensors together. */
import { addDims, broadcast, divideDims, floorDivideDims, multiplyDims } from '../../dimensions.ts';
import { intAttribute, intsAttribute, stringAttribute } from '../../graph-index.ts';
import type { Dim } from '../../types.ts';
import {
  dimAt,
  expectRank,
  fail,
  listOf,
  normaliseAxis,
  row,
  show,
  typeAt,
  unknownDims,
  unshaped,
  withDims,
} from '../rule.ts';
import type { NamedRow, Site } from '../rule.ts';
import type { ValueType } from '../value-type.ts';

export const layoutRows: readonly NamedRow[] = [
  row('Reshape', 1, reshape),
  row('Flatten', 1, flatten),
  row('Transpose', 1, transpose),
  row('Squeeze', 1, squeeze),
  row('Unsqueeze', 1, unsqueeze),
  row('Expand', 2, expand),
  row('Tile', 2, tile),
  row('Concat', 1, concat),
  row('DepthToSpace', 1, (site) => [moveBlocks(site, true)]),
  row('SpaceToDepth', 1, (site) => [moveBlocks(site, false)]),
  row('Pad', 1, pad),
];

function reshape(site: Site): ValueType[] {
  const { node, opset } = site;
  const x = typeAt(site, 0);
  // before opset 5 the shape was an attribute
  const target = opset < 5 ? intsAttribute(node, 'shape') : site.symbols(1);
  if (target === undefined) {
    const rank = typeAt(site, 1).dims?.[0];
    return [typeof rank === 'number' ? withDims(x, unknownDims(rank)) : unshaped(x)];
  }
  const keepZero = intAttribute(node, 'allowzero', 0) === 1;
  const dims = target.map((size, axis): Dim => (size === 0 && !keepZero ? dimAt(x, axis) : size));
  const open = dims.indexOf(-1);
  if (dims.some((size, axis) => typeof size === 'number' && size < 0 && axis !== open)) {
    return fail(node, `cannot make the shape ${show(target)}`);
  }
  if (x.dims === undefined)
    return [
      withDims(
        x,
        dims.map((size) => (size === -1 ? '?' : size)),
      ),
    ];
  // one size that is not known now follows from the others, as -1 does
  const gap = open >= 0 ? open : dims.indexOf('?') === dims.lastIndexOf('?') ? dims.indexOf('?') : -1;
  if (gap >= 0)
    dims[gap] = divideDims(
      x.dims,
      dims.filter((_, axis) => axis !== gap),
    );
  const before = multiplyDims(x.dims);
  const after = multiplyDims(dims);
  const contradicts =
    typeof before === 'number' &&
    (typeof after === 'number'
      ? before !== after
      : dims[gap] === '?' && !target.some((size) => typeof size === 'string'));
  if (contradicts) return fail(node, `cannot reshape ${show(x.dims)} to ${show(target)}`);
  return [withDims(x, dims)];
}

function flatten({ node, types: [x] }: Site): ValueType[] {
  if (x.dims === undefined) return [withDims(x, unknownDims(2))];
  const axis = normaliseAxis(node, intAttribute(node, 'axis', 1), x.dims.length, true);
  return [withDims(x, [multiplyDims(x.dims.slice(0, axis)), multiplyDims(x.dims.slice(axis))])];
}

function transpose({ node, types: [x] }: Site): ValueType[] {
  if (x.dims === undefined) return [x];
  const order = intsAttribute(node, 'perm') ?? x.dims.map((_, axis, { length }) => length - 1 - axis);
  const isPermutation =
    order.length === x.dims.length && [...order].sort((a, b) => a - b).every((axis, at) => axis === at);
  if (!isPermutation) return fail(node, `cannot reorder ${show(x.dims)} by [${order.join(', ')}]`);
  return [
    withDims(
      x,
      order.map((axis) => dimAt(x, axis)),
    ),
  ];
}

/** Axes are an attribute before opset 13. Without them every axis of size 1 goes away. */
function squeeze(site: Site): ValueType[] {
  const { node } = site;
  const x = typeAt(site, 0);
  if (x.dims === undefined) return [x];
  const axes = listOf(site, 'axes', 1, 13);
  if (axes === undefined) return [unshaped(x)];
  if (axes === 'absent') {
    const certain = x.dims.every((dim) => typeof dim === 'number');
    return [
      certain
        ? withDims(
            x,
            x.dims.filter((dim) => dim !== 1),
          )
        : unshaped(x),
    ];
  }
  const { dims } = x;
  const dropped = new Set(axes.map((axis) => normaliseAxis(node, axis, dims.length)));
  const odd = dims.find((dim, axis) => dropped.has(axis) && typeof dim === 'number' && dim !== 1);
  if (odd !== undefined) return fail(node, `cannot drop an axis of size ${odd} from ${show(dims)}`);
  return [
    withDims(
      x,
      dims.filter((_, axis) => !dropped.has(axis)),
    ),
  ];
}

/** Axes of the result, an attribute before opset 13. */
function unsqueeze(site: Site): ValueType[] {
  const { node } = site;
  const x = typeAt(site, 0);
  const axes = listOf(site, 'axes', 1, 13);
  if (x.dims === undefined || axes === undefined || axes === 'absent') {
    const count = typeAt(site, 1).dims?.[0];
    const known = x.dims !== undefined && typeof count === 'number';
    return [known ? withDims(x, unknownDims((x.dims?.length ?? 0) + count)) : unshaped(x)];
  }
  const rank = x.dims.length + axes.length;
  const added = new Set(axes.map((axis) => normaliseAxis(node, axis, rank)));
  if (added.size < axes.length) return fail(node, `adds the same axis twice: [${axes.join(', ')}]`);
  const rest = x.dims[Symbol.iterator]();
  return [
    withDims(
      x,
      Array.from({ length: rank }, (_, axis): Dim => (added.has(axis) ? 1 : (rest.next().value ?? '?'))),
    ),
  ];
}

function expand(site: Site): ValueType[] {
  const x = typeAt(site, 0);
  const target = site.symbols(1);
  if (x.dims === undefined || target === undefined) {
    const rank = typeAt(site, 1).dims?.[0];
    const known = x.dims !== undefined && typeof rank === 'number';
    return [known ? withDims(x, unknownDims(Math.max(rank, x.dims?.length ?? 0))) : unshaped(x)];
  }
  return [
    withDims(
      x,
      broadcast(x.dims, target) ?? fail(site.node, `cannot combine ${show(x.dims)} with ${show(target)}`),
    ),
  ];
}

/** Repeats per axis (opset 6). */
function tile(site: Site): ValueType[] {
  const x = typeAt(site, 0);
  if (x.dims === undefined) return [x];
  const repeats = site.symbols(1);
  if (repeats === undefined) return [withDims(x, unknownDims(x.dims.length))];
  if (repeats.length !== x.dims.length)
    return fail(site.node, `has ${repeats.length} repeats for ${show(x.dims)}`);
  return [
    withDims(
      x,
      x.dims.map((dim, axis) => multiplyDims([dim, repeats[axis]])),
    ),
  ];
}

function concat({ node, types }: Site): ValueType[] {
  const [first] = types;
  const shapes = types.flatMap(({ dims }) => (dims === undefined ? [] : [dims]));
  const rank = shapes.at(0)?.length;
  if (rank === undefined) return [unshaped(first)];
  // opset 1 had a default
  const axis = normaliseAxis(node, intAttribute(node, 'axis', 1), rank);
  const odd = shapes.find((dims) => dims.length !== rank);
  if (odd !== undefined) return fail(node, `cannot join ${show(shapes[0])} with ${show(odd)}`);
  const dims = shapes[0].map((dim, at) => {
    if (at === axis) return shapes.length < types.length ? '?' : addDims(shapes.map((shape) => shape[axis]));
    return shapes.map((shape) => shape[at]).find((size) => typeof size === 'number') ?? dim;
  });
  for (const shape of shapes) {
    const wrong = shape.findIndex(
      (dim, at) => at !== axis && typeof dim === 'number' && typeof dims[at] === 'number' && dim !== dims[at],
    );
    if (wrong >= 0)
      return fail(node, `cannot join ${show(shapes[0])} with ${show(shape)} along axis ${axis}`);
  }
  return [withDims(first, dims)];
}

/** Squares of blocksize² positions become channels, or the other way. */
function moveBlocks({ node, types: [x] }: Site, toPicture: boolean): ValueType {
  expectRank(node, x, 4, 4);
  if (x.dims === undefined) return x;
  const side = intAttribute(node, 'blocksize', 1);
  const [batch, channels, height, width] = x.dims;
  if (toPicture)
    return withDims(x, [
      batch,
      floorDivideDims(channels, side * side),
      ...[height, width].map((dim) => multiplyDims([dim, side])),
    ]);
  return withDims(x, [
    batch,
    multiplyDims([channels, side * side]),
    ...[height, width].map((dim) => floorDivideDims(dim, side)),
  ]);
}

/** Pads before all axes, then after all: the attribute `paddings` (1), `pads` (2), an input (11), of some axes only (18). */
function pad(site: Site): ValueType[] {
  const { node, opset } = site;
  const x = typeAt(site, 0);
  if (x.dims === undefined) return [x];
  const pads = opset < 11 ? intsAttribute(node, opset < 2 ? 'paddings' : 'pads') : site.symbols(1);
  const stated = site.has(3) ? site.numbers(3) : x.dims.map((_, axis) => axis);
  if (pads === undefined || stated === undefined) return [withDims(x, unknownDims(x.dims.length))];
  if (pads.length !== 2 * stated.length)
    return fail(
      node,
      `has ${pads.length} pads where ${2 * stated.length} belong (mode ${stringAttribute(node, 'mode', 'constant')})`,
    );
  const { dims } = x;
  const axes = stated.map((axis) => normaliseAxis(node, axis, dims.length));
  const grown = dims.map((dim, axis) => {
    const at = axes.indexOf(axis);
    return at < 0 ? dim : addDims([dim, pads[at], pads[at + axes.length]]);
  });
  const odd = grown.find((size) => typeof size === 'number' && size < 0);
  if (odd !== undefined) return fail(node, `cuts more from ${show(dims)} than there is`);
  return [withDims(x, grown)];
}
