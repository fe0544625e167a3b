/** Picking, joining and reordering the elements of small tensors, and making them from shapes. */
import { addDims, maxDim, minDim, multiplyDims } from '../../dimensions.ts';
import { intAttribute, intsAttribute, tensorAttribute } from '../../graph-index.ts';
import type { Dim, Tensor } from '../../types.ts';
import { contentsOf, countItems, listContents, mostItems, scalarContents } from '../contents.ts';
import type { Contents } from '../contents.ts';
import { broadcastIndex, numericDims, pick, resultDims, stridesOf } from './fold.ts';
import type { Fold, FoldSite } from './fold.ts';

export const movementFolds: readonly (readonly [string, Fold])[] = [
  ['Constant', constant],
  ['Shape', shape],
  ['Size', ({ types: [x] }) => x.dims && scalarContents(multiplyDims(x.dims))],
  ['ConstantOfShape', constantOfShape],
  ['Range', range],
  ...['Reshape', 'Flatten', 'Squeeze', 'Unsqueeze'].map((name) => [name, sameItems] as const),
  ['Expand', repeated],
  ['Tile', tiled],
  ['Transpose', transposed],
  ['Concat', joined],
  ['Slice', sliced],
  ['Split', parts],
  ['Gather', gathered],
  [
    'GatherElements',
    ({ inputs: [x, at] }) =>
      x && at && x.dims.length === 1
        ? { dims: at.dims, items: at.items.map((index) => itemAt(x, index)) }
        : undefined,
  ],
  ['GatherND', gatheredOne],
  ['ScatterElements', scattered],
  ['ScatterND', scatteredOne],
  ['ReduceSum', reduced((items) => addDims(items))],
  ['ReduceProd', reduced((items) => multiplyDims(items))],
  ['ReduceMax', reduced((items) => items.reduce(maxDim))],
  ['ReduceMin', reduced((items) => items.reduce(minDim))],
  ['CumSum', cumulated],
  ['NonZero', nonZero],
];

function constant({ node }: FoldSite): Contents | undefined {
  const tensor: Tensor | undefined = tensorAttribute(node, 'value');
  if (tensor !== undefined) return contentsOf(tensor);
  for (const name of ['value_int', 'value_float', 'value_ints', 'value_floats']) {
    const value = node.attributes.get(name)?.value;
    if (typeof value === 'number') return scalarContents(value);
    if (Array.isArray(value) && value.length <= mostItems) return listContents(value as readonly number[]);
  }
  return undefined;
}

function shape({ node, types: [x] }: FoldSite): Contents | undefined {
  return (
    x.dims &&
    listContents(x.dims.slice(intAttribute(node, 'start', 0), intAttribute(node, 'end', x.dims.length)))
  );
}

function constantOfShape(site: FoldSite): Contents | undefined {
  const dims = smallResult(site);
  const value = tensorAttribute(site.node, 'value');
  const item = value === undefined ? 0 : contentsOf(value)?.items[0];
  return dims && item !== undefined ? { dims, items: Array<Dim>(countItems(dims)).fill(item) } : undefined;
}

function range(site: FoldSite): Contents | undefined {
  const dims = smallResult(site);
  const [start, , step] = site.inputs.map((input) => input?.items[0]);
  if (dims === undefined || start === undefined || step === undefined) return undefined;
  return listContents(Array.from({ length: dims[0] }, (_, at) => addDims([start, multiplyDims([at, step])])));
}

/** The same elements in the same order under the shape that the rule gave. */
function sameItems(site: FoldSite): Contents | undefined {
  const dims = resultDims(site);
  const [x] = site.inputs;
  return x && dims && countItems(dims) === x.items.length ? { dims, items: x.items } : undefined;
}

function repeated(site: FoldSite): Contents | undefined {
  const dims = smallResult(site);
  const [x] = site.inputs;
  return x && dims && pick(x, dims, broadcastIndex(x.dims));
}

function tiled(site: FoldSite): Contents | undefined {
  const dims = smallResult(site);
  const [x] = site.inputs;
  if (x === undefined || dims === undefined) return undefined;
  const strides = stridesOf(x.dims);
  return pick(x, dims, (at) =>
    at.reduce((sum, place, axis) => sum + (place % x.dims[axis]) * strides[axis], 0),
  );
}

function transposed(site: FoldSite): Contents | undefined {
  const dims = smallResult(site);
  const [x] = site.inputs;
  if (x === undefined || dims === undefined) return undefined;
  const order = intsAttribute(site.node, 'perm') ?? x.dims.map((_, axis, { length }) => length - 1 - axis);
  const strides = stridesOf(x.dims);
  return pick(x, dims, (at) => at.reduce((sum, place, axis) => sum + place * strides[order[axis]], 0));
}

/** Lists joined end to end; an unknown part of known length leaves '?' in its place. */
function joined(site: FoldSite): Contents | undefined {
  const dims = smallResult(site);
  if (dims?.length !== 1) return undefined;
  const items = site.inputs.flatMap((input, at): readonly Dim[] => {
    const length = site.types[at].dims?.[0];
    return input?.items ?? Array<Dim>(typeof length === 'number' ? length : 0).fill('?');
  });
  return items.length === dims[0] && site.inputs.some((input) => input !== undefined)
    ? listContents(items)
    : undefined;
}

function sliced(site: FoldSite): Contents | undefined {
  const { node, opset, inputs } = site;
  const dims = smallResult(site);
  const [x] = inputs;
  if (x === undefined || dims === undefined) return undefined;
  const list = (name: string, position: number): readonly Dim[] | undefined =>
    opset < 10 ? intsAttribute(node, name) : inputs[position]?.items;
  const starts = list('starts', 1);
  const axes = list('axes', 3) ?? starts?.map((_, at) => at);
  const steps = opset < 10 ? undefined : inputs[4]?.items;
  const strides = stridesOf(x.dims);
  const begin = x.dims.map((): number => 0);
  const step = x.dims.map((): number => 1);
  for (const [at, axis] of (axes ?? []).entries()) {
    const [start, by] = [starts?.[at], steps?.[at] ?? 1];
    if (typeof axis !== 'number' || typeof start !== 'number' || typeof by !== 'number') return undefined;
    const place = axis < 0 ? axis + x.dims.length : axis;
    const size = x.dims[place];
    begin[place] = Math.min(Math.max(start < 0 ? start + size : start, 0), by < 0 ? size - 1 : size);
    step[place] = by;
  }
  return pick(x, dims, (at) =>
    at.reduce((sum, place, axis) => sum + (begin[axis] + place * step[axis]) * strides[axis], 0),
  );
}

function parts(site: FoldSite): readonly (Contents | undefined)[] | undefined {
  const [x] = site.inputs;
  if (x?.dims.length !== 1) return undefined;
  let from = 0;
  return site.results.map(({ dims }) => {
    const size = numericDims(dims)?.[0];
    if (size === undefined) return undefined;
    from += size;
    return listContents(x.items.slice(from - size, from));
  });
}

function gathered(site: FoldSite): Contents | undefined {
  const [x, indices] = site.inputs;
  if (x === undefined || indices === undefined || x.dims.length === 0) return undefined;
  const axis = (intAttribute(site.node, 'axis', 0) + x.dims.length) % x.dims.length;
  if (axis !== 0) return undefined;
  const width = countItems(x.dims.slice(1));
  if (indices.items.length * width > mostItems) return undefined;
  const items = indices.items.flatMap((index): readonly Dim[] => {
    const start = typeof index === 'number' ? (index < 0 ? index + x.dims[0] : index) * width : NaN;
    return Array.from({ length: width }, (_, at) => x.items[start + at] ?? '?');
  });
  return { dims: [...indices.dims, ...x.dims.slice(1)], items };
}

/** One index of one axis. */
function gatheredOne({ inputs: [x, at] }: FoldSite): Contents | undefined {
  if (x?.dims.length !== 1 || at === undefined || at.dims.at(-1) !== 1) return undefined;
  return { dims: at.dims.slice(0, -1), items: at.items.map((index) => itemAt(x, index)) };
}

function scattered({ inputs: [x, at, updates] }: FoldSite): Contents | undefined {
  if (x?.dims.length !== 1 || at === undefined || updates === undefined) return undefined;
  const items = [...x.items];
  for (const [order, index] of at.items.entries()) {
    if (typeof index !== 'number') return undefined;
    items[index < 0 ? index + items.length : index] = updates.items[order] ?? '?';
  }
  return items.length === x.items.length ? { dims: x.dims, items } : undefined;
}

function scatteredOne(site: FoldSite): Contents | undefined {
  return site.inputs[1]?.dims.at(-1) === 1 ? scattered(site) : undefined;
}

/** Over everything, which is what exporters do with shapes. */
function reduced(combine: (items: readonly Dim[]) => Dim): Fold {
  return (site) => {
    const [x] = site.inputs;
    const dims = resultDims(site);
    return x && dims && x.items.length > 0 && countItems(dims) === 1
      ? { dims, items: [combine(x.items)] }
      : undefined;
  };
}

function cumulated({ node, inputs: [x] }: FoldSite): Contents | undefined {
  if (x?.dims.length !== 1 || intAttribute(node, 'reverse', 0) + intAttribute(node, 'exclusive', 0) > 0)
    return undefined;
  let sum: Dim = 0;
  return listContents(x.items.map((item) => (sum = addDims([sum, item]))));
}

/** Positions along one axis of elements that are not zero. */
function nonZero({ inputs: [x] }: FoldSite): Contents | undefined {
  if (x?.dims.length !== 1 || !x.items.every((item) => typeof item === 'number')) return undefined;
  const items = x.items.flatMap((item, at) => (item === 0 ? [] : [at]));
  return { dims: [1, items.length], items };
}

function itemAt({ items }: Contents, index: Dim): Dim {
  return typeof index === 'number' ? (items[index < 0 ? index + items.length : index] ?? '?') : '?';
}

/** The result's dimensions when it is small enough to hold here. */
function smallResult(site: FoldSite): readonly number[] | undefined {
  const dims = resultDims(site);
  return dims !== undefined && dims.length <= 4 && countItems(dims) <= mostItems ? dims : undefined;
}
