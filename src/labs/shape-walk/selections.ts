/** Operators that pick elements, reduce axes or change a picture's size. */
import { intAttribute, intsAttribute, stringAttribute } from '../../engine/onnx/graph-index.ts';
import { listOf, normaliseAxis } from '../../engine/onnx/shape/rule.ts';
import { slicePlaces } from '../../engine/onnx/shape/slice-size.ts';
import { formula, kept, typeAt, wordings, type NamedWording, type Site, type Worded } from './rule.ts';

export const selectionWordings: readonly NamedWording[] = [
  ...wordings('Slice', slice),
  ...wordings('Split', split),
  ...wordings('Gather', gather),
  ...wordings('GatherElements', (site) => {
    const { dims } = typeAt(site, 1);
    return dims && { rule: 'pick', axes: dims.map((i) => formula('i', { i })) };
  }),
  ...wordings('GatherND', gatherNd),
  ...wordings('ReduceSum', (site) => reduction(site, 13)),
  ...wordings('ReduceMean ReduceMax ReduceMin ReduceProd ReduceL1 ReduceL2 ReduceSumSquare', (site) =>
    reduction(site, 18),
  ),
  ...wordings('ArgMax ArgMin', (site) => reduced(site, [intAttribute(site.node, 'axis', 0)])),
  ...wordings('Resize Upsample', resize),
];

function slice(site: Site): Worded | undefined {
  const { node, opset } = site;
  const { dims } = typeAt(site, 0);
  const isOld = opset < 10;
  const starts = isOld ? intsAttribute(node, 'starts') : site.symbols(1);
  const ends = isOld ? intsAttribute(node, 'ends') : site.symbols(2);
  if (!dims || !starts || !ends) return undefined;
  const listed = listOf(site, 'axes', 3, 10);
  const axes = listed === 'absent' ? starts.map((_, axis) => axis) : listed;
  const steps = site.has(4) && !isOld ? site.symbols(4) : starts.map(() => 1);
  if (!axes || !steps) return undefined;
  const places = axes.map((axis) => normaliseAxis(node, axis, dims.length));
  return {
    rule: 'slice',
    axes: dims.map((n, axis) => {
      const at = places.indexOf(axis);
      if (at < 0) return kept(n);
      const step = steps[at] ?? '?';
      const [start, end] = slicePlaces(n, starts[at] ?? '?', ends[at] ?? '?', step);
      const taken = step === 1 ? 'end - start' : 'ceil((end - start)/step)';
      return formula(taken, { start, end, step });
    }),
  };
}

function split(site: Site): Worded | undefined {
  const { node } = site;
  const { dims } = typeAt(site, 0);
  if (!dims) return undefined;
  const axis = normaliseAxis(node, intAttribute(node, 'axis', 0), dims.length);
  const sizes = listOf(site, 'split', 1, 13);
  if (!sizes) return undefined;
  const parts = intAttribute(node, 'num_outputs', node.outputs.length);
  return {
    rule: 'split',
    axes: dims.map((n, at) => {
      if (at !== axis) return kept(n);
      return sizes === 'absent' ? formula('ceil(n/parts)', { n, parts }) : formula('r', { r: sizes[0] });
    }),
  };
}

function gather(site: Site): Worded | undefined {
  const [x, indices] = [typeAt(site, 0).dims, typeAt(site, 1).dims];
  if (!x || !indices) return undefined;
  const axis = normaliseAxis(site.node, intAttribute(site.node, 'axis', 0), x.length);
  const taken = indices.map((i) => formula('i', { i }));
  return { rule: 'gather', axes: [...x.slice(0, axis).map(kept), ...taken, ...x.slice(axis + 1).map(kept)] };
}

function gatherNd(site: Site): Worded | undefined {
  const [x, indices] = [typeAt(site, 0).dims, typeAt(site, 1).dims];
  const depth = indices?.at(-1);
  if (!x || !indices || typeof depth !== 'number') return undefined;
  const rest = x.slice(intAttribute(site.node, 'batch_dims', 0) + depth);
  return { rule: 'pick', axes: [...indices.slice(0, -1).map((i) => formula('i', { i })), ...rest.map(kept)] };
}

/** Over a list of axes that is an attribute before opset `inputSince` and an input from then on. */
function reduction(site: Site, inputSince: number): Worded | undefined {
  const { dims } = typeAt(site, 0);
  const axes = listOf(site, 'axes', 1, inputSince);
  if (!dims || !axes) return undefined;
  if (axes !== 'absent' && axes.length > 0) return reduced(site, axes);
  if (intAttribute(site.node, 'noop_with_empty_axes', 0) === 1) return { rule: 'same', axes: dims.map(kept) };
  return reduced(
    site,
    dims.map((_, axis) => axis),
  );
}

function reduced(site: Site, axes: readonly number[]): Worded | undefined {
  const { dims } = typeAt(site, 0);
  if (!dims) return undefined;
  const gone = new Set(axes.map((axis) => normaliseAxis(site.node, axis, dims.length)));
  const keeps = intAttribute(site.node, 'keepdims', 1) === 1;
  return {
    rule: 'reduce',
    axes: dims.flatMap((dim, axis) => {
      if (!gone.has(axis)) return [kept(dim)];
      return keeps ? [formula('1', {})] : [];
    }),
  };
}

/** Sizes as an input, or scales. */
function resize(site: Site): Worded | undefined {
  const { node, opset } = site;
  const { dims } = typeAt(site, 0);
  const hasPolicy = stringAttribute(node, 'keep_aspect_ratio_policy', 'stretch') !== 'stretch';
  if (!dims || hasPolicy || node.attributes.has('axes') || opset < 10) return undefined;
  const sizes = opset >= 11 && site.has(3) ? site.symbols(3) : undefined;
  if (sizes?.length === dims.length) return { rule: 'resize', axes: sizes.map((r) => formula('r', { r })) };
  const scales = site.symbols(opset < 11 ? 1 : 2);
  if (scales?.length !== dims.length) return undefined;
  return {
    rule: 'resize',
    axes: dims.map((n, axis) => {
      const scale = scales[axis] ?? '?';
      return scale === 1 ? kept(n) : formula('floor(n*scale)', { n, scale });
    }),
  };
}
