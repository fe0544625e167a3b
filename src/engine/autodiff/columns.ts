/**
 * Convolutions as one matrix product (im2col; Chellapilla et al. 2006): what each window sees stands in a column, and all windows of all
 * pictures stand side by side.
 */
import { countItems } from '../onnx/shape/contents.ts';
import { concat, range, reshape, transpose } from './arithmetic.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { padForTaps, readTap, tapsOf } from './window.ts';
import type { Placement } from './window.ts';

/**
 * onnxruntime computes a convolution as a product for each picture, whose right side it packs into panels so many columns wide: where a
 * picture has fewer places than that, most of a panel is empty, and one product over the whole batch is several times faster.
 */
const panelWidth = 16;

/** Whether a convolution with these output places, over a batch of so many pictures, is faster as one product. */
export function hasFewPlaces(output: readonly number[], batch: number): boolean {
  return batch > 1 && countItems(output) < panelWidth;
}

/**
 * What each window sees: x float [N, C, spatial …] → float [C · taps, N · places], channel by channel as a kernel's own elements lie.
 * @param taps default all in the kernel's order.
 */
export function columnsOf(
  b: GraphBuilder,
  x: string,
  placement: Placement,
  taps = tapsOf(placement),
): string {
  const [batch, channels] = b.dims(x);
  const places = batch * countItems(placement.output);
  const padded = padForTaps(b, swapFirstAxes(b, x), placement);
  const seen = taps.map((tap) => reshape(b, readTap(b, padded, placement, tap), [channels, 1, places]));
  return reshape(b, concat(b, seen, 1), [channels * taps.length, places]);
}

/** float [N, M, spatial …] → float [M, N · places], the other side of the product. */
export function rowsOf(b: GraphBuilder, y: string): string {
  const channels = b.dims(y)[1];
  return reshape(b, swapFirstAxes(b, y), [channels, countItems(b.dims(y)) / channels]);
}

/**
 * The convolution of a batch of N pictures by its columns: kernels float [M, C · taps], columns float [C · taps, N · places], bias
 * float [M] or none → float [N, M, output …].
 */
export function convolveColumns(
  b: GraphBuilder,
  columns: string,
  kernels: string,
  {
    batch,
    output,
    bias,
  }: { readonly batch: number; readonly output: readonly number[]; readonly bias?: string },
): string {
  const [outputs] = b.dims(kernels);
  const product = b.op('Gemm', [kernels, columns, ...(bias ? [reshape(b, bias, [outputs, 1])] : [])]);
  return swapFirstAxes(b, reshape(b, product, [outputs, batch, ...output]));
}

/** The first two axes in each other's place. */
export function swapFirstAxes(b: GraphBuilder, x: string): string {
  return transpose(b, x, [1, 0, ...range(b.rank(x)).slice(2)]);
}
