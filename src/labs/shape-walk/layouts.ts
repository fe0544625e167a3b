/** Operators that order the same elements in another way, join tensors, or repeat them. */
import type { Dims } from '../../engine/onnx/dimensions.ts';
import { intAttribute, intsAttribute } from '../../engine/onnx/graph-index.ts';
import { listOf, normaliseAxis } from '../../engine/onnx/shape/rule.ts';
import type { Dim } from '../../engine/onnx/types.ts';
import type { Formula } from './formula.ts';
import {
  broadcastAxes,
  dimAt,
  formula,
  kept,
  shapesAt,
  typeAt,
  wordings,
  type NamedWording,
  type Site,
  type Worded,
} from './rule.ts';

export const layoutWordings: readonly NamedWording[] = [
  ...wordings('Reshape', reshape),
  ...wordings('Flatten', flatten),
  ...wordings('Transpose', transpose),
  ...wordings('Squeeze', squeeze),
  ...wordings('Unsqueeze', unsqueeze),
  ...wordings('Concat', concat),
  ...wordings('Expand', expand),
  ...wordings('Tile', tile),
  ...wordings('Pad', pad),
];

/** A product as one text, such as `u1*u2*u3`; 1 without factors. */
function product(letters: readonly string[]): string {
  return letters.length === 0 ? '1' : letters.join('*');
}

function numbered(letter: string, dims: Dims, first = 0): Record<string, Dim> {
  return Object.fromEntries(dims.map((dim, at) => [`${letter}${at + first}`, dim]));
}

/** 0 copies the input's size, −1 takes what is left. */
function reshape(site: Site): Worded | undefined {
  const { node, opset } = site;
  const x = typeAt(site, 0);
  const target = opset < 5 ? intsAttribute(node, 'shape') : site.symbols(1);
  if (!x.dims || !target) return undefined;
  const keepsZero = intAttribute(node, 'allowzero', 0) === 1;
  const isCopied = (size: Dim): boolean => size === 0 && !keepsZero;
  const sizes = target.map((size, axis) => (isCopied(size) ? dimAt(x, axis) : size));
  const open = sizes.includes(-1) ? sizes.indexOf(-1) : sizes.indexOf('?');
  const others = sizes.filter((_, axis) => axis !== open);
  const E = x.dims.length === 0 ? 1 : filledProduct(x.dims);
  const axes = sizes.map((size, axis): Formula => {
    if (axis === open) return formula('E/R', { E, R: others.length === 0 ? 1 : filledProduct(others) });
    return isCopied(target[axis]) ? kept(size) : formula('r', { r: size });
  });
  return { rule: 'reshape', axes };
}

/** 2, 3, N → "2*3*N", which the numbers of a formula show in parentheses. */
function filledProduct(dims: Dims): Dim {
  return dims.length === 1
    ? dims[0]
    : dims.map((dim) => (/[-+\s]/.test(String(dim)) ? `(${dim})` : dim)).join('*');
}

function flatten(site: Site): Worded | undefined {
  const { dims } = typeAt(site, 0);
  if (!dims) return undefined;
  const axis = normaliseAxis(site.node, intAttribute(site.node, 'axis', 1), dims.length, true);
  const values = numbered('u', dims);
  const letters = Object.keys(values);
  return {
    rule: 'flatten',
    axes: [formula(product(letters.slice(0, axis)), values), formula(product(letters.slice(axis)), values)],
  };
}

function transpose(site: Site): Worded | undefined {
  const { dims } = typeAt(site, 0);
  if (!dims) return undefined;
  const order = intsAttribute(site.node, 'perm') ?? dims.map((_, axis) => dims.length - 1 - axis);
  const values = numbered('u', dims);
  return { rule: 'transpose', axes: order.map((axis) => formula(`u${axis}`, values)) };
}

function squeeze(site: Site): Worded | undefined {
  const { dims } = typeAt(site, 0);
  const axes = listOf(site, 'axes', 1, 13);
  if (!dims || !axes) return undefined;
  const dropped = new Set(
    axes === 'absent'
      ? dims.flatMap((dim, axis) => (dim === 1 ? [axis] : []))
      : axes.map((axis) => normaliseAxis(site.node, axis, dims.length)),
  );
  return { rule: 'squeeze', axes: dims.filter((_, axis) => !dropped.has(axis)).map(kept) };
}

function unsqueeze(site: Site): Worded | undefined {
  const { dims } = typeAt(site, 0);
  const axes = listOf(site, 'axes', 1, 13);
  if (!dims || !axes || axes === 'absent') return undefined;
  const rank = dims.length + axes.length;
  const added = new Set(axes.map((axis) => normaliseAxis(site.node, axis, rank)));
  const rest = dims.values();
  return {
    rule: 'unsqueeze',
    axes: Array.from({ length: rank }, (_, axis) =>
      added.has(axis) ? formula('1', {}) : kept(rest.next().value ?? '?'),
    ),
  };
}

function concat(site: Site): Worded | undefined {
  const shapes = shapesAt(
    site,
    site.types.map((_, at) => at),
  );
  if (!shapes) return undefined;
  const [first] = shapes;
  const axis = normaliseAxis(site.node, intAttribute(site.node, 'axis', 1), first.length);
  const values = numbered(
    't',
    shapes.map((dims) => dims[axis]),
    1,
  );
  return {
    rule: 'concat',
    axes: first.map((dim, at) =>
      at === axis
        ? formula(Object.keys(values).join(' + '), values)
        : kept(shapes.map((dims) => dims[at]).find((size) => typeof size === 'number') ?? dim),
    ),
  };
}

function expand(site: Site): Worded | undefined {
  const { dims } = typeAt(site, 0);
  const target = site.symbols(1);
  return dims && target && { rule: 'expand', axes: broadcastAxes([dims, target]) };
}

function tile(site: Site): Worded | undefined {
  const { dims } = typeAt(site, 0);
  const repeats = site.symbols(1);
  if (repeats?.length !== dims?.length || !dims) return undefined;
  return {
    rule: 'tile',
    axes: dims.map((n, axis) => formula('n*repeats', { n, repeats: repeats?.[axis] ?? '?' })),
  };
}

/** Pads stand before all axes, then after all. */
function pad(site: Site): Worded | undefined {
  const { node, opset } = site;
  const { dims } = typeAt(site, 0);
  const pads = opset < 11 ? intsAttribute(node, 'pads') : site.symbols(1);
  if (!dims || site.has(3) || pads?.length !== 2 * dims.length) return undefined;
  return {
    rule: 'pad',
    axes: dims.map((n, axis) => formula('n + p + q', { n, p: pads[axis], q: pads[axis + dims.length] })),
  };
}
