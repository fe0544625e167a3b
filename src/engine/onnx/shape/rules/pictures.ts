/** Operators on pictures and boxes. */
import { floorDivideDims, multiplyDims, sameDim } from '../../dimensions.ts';
import { intAttribute, intsAttribute, stringAttribute } from '../../graph-index.ts';
import type { Dim } from '../../types.ts';
import { dimAt, fail, normaliseAxis, row, show, typeAt, unknownDims, withDims } from '../rule.ts';
import type { NamedRow, Site } from '../rule.ts';
import { tensorType } from '../value-type.ts';
import type { ValueType } from '../value-type.ts';

export const pictureRows: readonly NamedRow[] = [
  row('Resize', 1, resize),
  row('Upsample', 1, upsample),
  row('GridSample', 2, ({ types: [x, grid] }) => [
    withDims(x, x.dims && grid.dims && [...x.dims.slice(0, 2), ...grid.dims.slice(1, -1)]),
  ]),
  row('AffineGrid', 2, affineGrid),
  row('CenterCropPad', 2, centerCropPad),
  row('RoiAlign', 3, ({ node, types: [x, boxes] }) => [
    withDims(x, [
      dimAt(boxes, 0),
      dimAt(x, 1),
      intAttribute(node, 'output_height', 1),
      intAttribute(node, 'output_width', 1),
    ]),
  ]),
  row('MaxRoiPool', 2, ({ node, types: [x, boxes] }) => [
    withDims(x, [dimAt(boxes, 0), dimAt(x, 1), ...(intsAttribute(node, 'pooled_shape') ?? ['?', '?'])]),
  ]),
  // how many boxes remain is only known at run time
  row('NonMaxSuppression', 2, () => [tensorType('int64', ['?', 3])]),
  row('ImageDecoder', 1, ({ node }) => [
    tensorType('uint8', ['?', '?', stringAttribute(node, 'pixel_format', 'RGB') === 'Grayscale' ? 1 : 3]),
  ]),
];

/** Opset 10: x, scales. From 11: x, regions, scales, sizes. From 18 for the `axes` alone. */
function resize(site: Site): ValueType[] {
  const { node, opset } = site;
  const x = typeAt(site, 0);
  if (x.dims === undefined) return [x];
  const { dims } = x;
  const axes = (intsAttribute(node, 'axes') ?? dims.map((_, axis) => axis)).map((axis) =>
    normaliseAxis(node, axis, dims.length),
  );
  const scales = site.has(opset < 11 ? 1 : 2) ? site.symbols(opset < 11 ? 1 : 2) : [];
  const sizes = opset >= 11 && site.has(3) ? site.symbols(3) : undefined;
  const wanted = sizes !== undefined && sizes.length > 0 ? sizes : undefined;
  const list = wanted ?? (scales !== undefined && scales.length > 0 ? scales : undefined);
  if (list === undefined)
    return [
      withDims(
        x,
        dims.map((dim, axis) => (axes.includes(axis) ? '?' : dim)),
      ),
    ];
  if (list.length !== axes.length) return fail(node, `has ${list.length} sizes or scales for ${show(dims)}`);
  const policy = stringAttribute(node, 'keep_aspect_ratio_policy', 'stretch');
  const targets =
    wanted === undefined
      ? list.map((scale, at) => scaled(dims[axes[at]], scale))
      : policy === 'stretch'
        ? wanted
        : keepRatio(
            axes.map((axis) => dims[axis]),
            wanted,
            policy,
          );
  return [
    withDims(
      x,
      dims.map((dim, axis) => (axes.includes(axis) ? targets[axes.indexOf(axis)] : dim)),
    ),
  ];
}

/** floor(size · scale), in the runtime's float32. */
function scaled(size: Dim, scale: Dim): Dim {
  if (typeof size === 'number' && typeof scale === 'number')
    return Math.floor(Math.fround(size * Math.fround(scale)));
  return floorDivideDims(multiplyDims([size, scale]), 1);
}

/** One scale for all axes: the one that fits inside the sizes (not_larger) or around them (not_smaller). */
function keepRatio(dims: readonly Dim[], sizes: readonly Dim[], policy: string): readonly Dim[] {
  const ratios = dims.map((dim, at) => {
    const size = sizes[at];
    return typeof dim === 'number' && typeof size === 'number' ? size / dim : NaN;
  });
  const ratio = policy === 'not_larger' ? Math.min(...ratios) : Math.max(...ratios);
  if (Number.isNaN(ratio)) return unknownDims(dims.length);
  return dims.map((dim): Dim => (typeof dim === 'number' ? Math.round(dim * ratio) : '?'));
}

/** Opset 7: scales as an attribute; 9: as an input. Resize took its place. */
function upsample(site: Site): ValueType[] {
  const { node, opset } = site;
  const x = typeAt(site, 0);
  const stated = node.attributes.get('scales');
  const scales = opset < 9 ? (stated?.type === 'floats' ? stated.value : undefined) : site.symbols(1);
  if (x.dims === undefined || scales === undefined)
    return [withDims(x, x.dims && unknownDims(x.dims.length))];
  return [
    withDims(
      x,
      x.dims.map((dim, axis) => scaled(dim, scales[axis] ?? '?')),
    ),
  ];
}

/** Sizes [N, C, H, W] or [N, C, D, H, W] → one point per position (opset 20). */
function affineGrid(site: Site): ValueType[] {
  const size = site.symbols(1);
  const [theta] = site.types;
  if (size === undefined) return [tensorType(theta.dtype, undefined)];
  return [withDims(theta, [size[0], ...size.slice(2), size.length - 2])];
}

function centerCropPad(site: Site): ValueType[] {
  const { node } = site;
  const x = typeAt(site, 0);
  const target = site.symbols(1);
  if (x.dims === undefined) return [x];
  const { dims } = x;
  const axes = (intsAttribute(node, 'axes') ?? dims.map((_, axis) => axis)).map((axis) =>
    normaliseAxis(node, axis, dims.length),
  );
  return [
    withDims(
      x,
      dims.map((dim, axis) => {
        const at = axes.indexOf(axis);
        const size = target?.[at] ?? '?';
        return at < 0 || sameDim(size, dim) ? dim : size;
      }),
    ),
  ];
}
