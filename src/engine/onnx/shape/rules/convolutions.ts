/** Convolutions and everything else that slides a window over a picture. */
import { multiplyDims } from '../../dimensions.ts';
import { intAttribute, intsAttribute } from '../../graph-index.ts';
import { outputSize, transposedSize, windowOf } from '../../spatial.ts';
import type { DataType, Dim } from '../../types.ts';
import {
  dimAt,
  expectRank,
  expectSame,
  fail,
  row,
  show,
  typeAt,
  unknownDims,
  unshaped,
  withDims,
} from '../rule.ts';
import type { NamedRow, Site } from '../rule.ts';
import { tensorType } from '../value-type.ts';
import type { ValueType } from '../value-type.ts';

export const convolutionRows: readonly NamedRow[] = [
  row('Conv', 2, (site) => [convolution(site)]),
  row('ConvInteger', 2, (site) => [convolution(site, 1, 'int32')]),
  // x, its scale and zero point, w, its scale and zero point, scale and zero point of the result
  row('QLinearConv', 8, (site) => [convolution(site, 3, typeAt(site, 7).dtype)]),
  row('DeformConv', 3, (site) => [convolution(site)]),
  row('ConvTranspose', 2, (site) => [transposedConvolution(site)]),
  row('MaxPool', 1, (site) => [pooling(site), tensorType('int64', pooling(site).dims)]),
  row('AveragePool', 1, (site) => [pooling(site)]),
  row('LpPool', 1, (site) => [pooling(site)]),
  row('MaxUnpool', 2, maxUnpool),
  row('Col2Im', 3, col2Im),
];

/** A convolution whose weight, [out, in / group, k, k], is the input at `weightAt`. */
export function convolution(site: Site, weightAt = 1, dtype?: DataType): ValueType {
  const { node } = site;
  const [x, weight] = [typeAt(site, 0), typeAt(site, weightAt)];
  const element = dtype ?? x.dtype;
  if (x.dims === undefined || weight.dims === undefined) return tensorType(element, undefined);
  const kernel = kernelOf(site, x, weight);
  const groups = intAttribute(node, 'group', 1);
  expectSame(node, 'input channels', x.dims[1], multiplyDims([weight.dims[1], groups]));
  if (kernel === undefined)
    return tensorType(element, [x.dims[0], weight.dims[0], ...unknownDims(x.dims.length - 2)]);
  const window = windowOf(node, kernel.length, kernel);
  const sizes = kernel.map((_, axis) => outputSize(window, axis, dimAt(x, axis + 2), node));
  return tensorType(element, [x.dims[0], weight.dims[0], ...sizes]);
}

function kernelOf({ node }: Site, x: ValueType, weight: ValueType): readonly number[] | undefined {
  const [from, dims] = [x.dims ?? [], weight.dims ?? []];
  if (from.length !== dims.length || dims.length < 3)
    return fail(node, `cannot slide weights ${show(dims)} over ${show(from)}`);
  const kernel = dims.slice(2).filter((size) => typeof size === 'number');
  const stated = intsAttribute(node, 'kernel_shape');
  if (kernel.length < dims.length - 2) return stated;
  if (stated?.some((size, axis) => size !== kernel[axis]))
    return fail(node, `has weights ${show(dims)} that contradict its kernel_shape ${show(stated)}`);
  return kernel;
}

/** weight [in, out / group, k, k] */
function transposedConvolution(site: Site): ValueType {
  const { node } = site;
  const [x, weight] = [typeAt(site, 0), typeAt(site, 1)];
  if (x.dims === undefined || weight.dims === undefined) return unshaped(x);
  const kernel = kernelOf(site, x, weight);
  const channels = multiplyDims([weight.dims[1], intAttribute(node, 'group', 1)]);
  expectSame(node, 'input channels', x.dims[1], weight.dims[0]);
  if (kernel === undefined) return withDims(x, [x.dims[0], channels, ...unknownDims(x.dims.length - 2)]);
  const window = windowOf(node, kernel.length, kernel);
  const stated = intsAttribute(node, 'output_shape')?.slice(-kernel.length);
  const extra = intsAttribute(node, 'output_padding');
  const sizes = kernel.map(
    (_, axis): Dim => stated?.[axis] ?? transposedSize(window, axis, dimAt(x, axis + 2), extra?.[axis] ?? 0),
  );
  const odd = sizes.find((size) => typeof size === 'number' && size < 0);
  if (odd !== undefined) return fail(node, `would make a picture of ${odd} positions`);
  return withDims(x, [x.dims[0], channels, ...sizes]);
}

/** A window that keeps the channels; its kernel is the attribute kernel_shape. */
export function pooling(site: Site): ValueType {
  const { node } = site;
  const x = typeAt(site, 0);
  if (x.dims === undefined) return unshaped(x);
  if (x.dims.length < 3) return fail(node, `cannot pool ${show(x.dims)}, which has no spatial axes`);
  if (!node.attributes.has('kernel_shape'))
    return fail(node, 'does not say how large its window is (kernel_shape)');
  const window = windowOf(node, x.dims.length - 2);
  const sizes = window.kernel.map((_, axis) => outputSize(window, axis, dimAt(x, axis + 2), node));
  return withDims(x, [...x.dims.slice(0, 2), ...sizes]);
}

function maxUnpool(site: Site): ValueType[] {
  const x = typeAt(site, 0);
  if (x.dims === undefined) return [x];
  if (site.has(2)) return [withDims(x, site.symbols(2) ?? unknownDims(x.dims.length))];
  const window = windowOf(site.node, x.dims.length - 2);
  const sizes = window.kernel.map((_, axis) => transposedSize(window, axis, dimAt(x, axis + 2), 0));
  return [withDims(x, [...x.dims.slice(0, 2), ...sizes])];
}

/** [N, channels · window, positions] → [N, channels, picture] (opset 18) */
function col2Im(site: Site): ValueType[] {
  const x = typeAt(site, 0);
  expectRank(site.node, x, 3, 3);
  const picture = site.symbols(1);
  const window = site.numbers(2);
  if (x.dims === undefined || picture === undefined) return [unshaped(x)];
  const area = window?.reduce((product, size) => product * size, 1);
  const columns = x.dims[1];
  const channels = typeof columns === 'number' && area ? columns / area : '?';
  return [withDims(x, [x.dims[0], channels, ...picture])];
}
