/** Windows that move over pictures (float [N, C, spatial …], one or more spatial axes), with every size known. */
import { intAttribute } from '../onnx/graph-index.ts';
import { fail } from '../onnx/shape/rule.ts';
import { outputSize, padBefore, windowOf } from '../onnx/spatial.ts';
import type { Node } from '../onnx/types.ts';
import { pad, range, reshape, slice } from './arithmetic.ts';
import type { GraphBuilder } from './graph-builder.ts';

/** One entry per spatial axis. */
export interface Placement {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly before: readonly number[];
  /** Padding that the last window really reaches into; negative where input behind it is never read. */
  readonly after: readonly number[];
  readonly input: readonly number[];
  readonly output: readonly number[];
}

/** How the window of a Conv or pooling node lies on an input of the given sizes [N, C, spatial …]. */
export function placeWindow(
  node: Node,
  dims: readonly number[],
  weightKernel?: readonly number[],
): Placement {
  const input = dims.slice(2);
  const window = windowOf(node, input.length, weightKernel);
  const { kernel, strides, dilations } = window;
  const output = input.map((size, axis) => {
    const count = outputSize(window, axis, size, node);
    return typeof count === 'number' ? count : fail(node, 'has an output of unknown size');
  });
  const before = input.map((size, axis) => padBefore(window, axis, size) ?? 0);
  const after = input.map(
    (size, axis) =>
      (output[axis] - 1) * strides[axis] + dilations[axis] * (kernel[axis] - 1) + 1 - size - before[axis],
  );
  return { kernel, strides, dilations, before, after, input, output };
}

/** Offsets of a window's taps, row by row. */
export function tapsOf({ kernel }: Placement): readonly (readonly number[])[] {
  return kernel.reduce<number[][]>(
    (taps, size) => taps.flatMap((tap) => range(size).map((at) => [...tap, at])),
    [[]],
  );
}

/** The padded picture that `readTap` slices: [first two axes, spatial …]. */
export function padForTaps(b: GraphBuilder, x: string, { before, after }: Placement, value = 0): string {
  const positive = after.map((count) => Math.max(count, 0));
  return pad(b, x, [0, 0, ...before], [0, 0, ...positive], value);
}

/** What every window sees at one of its taps: [first two axes, output …]. */
export function readTap(
  b: GraphBuilder,
  padded: string,
  { strides, dilations, output }: Placement,
  tap: readonly number[],
): string {
  const starts = tap.map((at, axis) => at * dilations[axis]);
  const ends = starts.map((start, axis) => start + (output[axis] - 1) * strides[axis] + 1);
  return slice(
    b,
    padded,
    starts.map((_, axis) => axis + 2),
    starts,
    ends,
    strides,
  );
}

/** The reverse of `readTap`: each window's value [N, C, output …] at the place of the tap in the unpadded input, zeros elsewhere. */
export function writeTap(
  b: GraphBuilder,
  values: string,
  { strides, dilations, output, before, input }: Placement,
  tap: readonly number[],
): string {
  return output.reduce((x, _, axis) => {
    const start = tap[axis] * dilations[axis] - before[axis];
    return spread(b, x, axis + 2, { start, step: strides[axis], size: input[axis] });
  }, values);
}

/**
 * Puts element i of an axis at `start` + i·`step` of an axis with `size` elements, zeros between; what falls outside is dropped.
 * The reverse of a strided Slice.
 */
export function spread(
  b: GraphBuilder,
  x: string,
  axis: number,
  { start, step, size }: { readonly start: number; readonly step: number; readonly size: number },
): string {
  if (start === 0 && step === 1 && size === b.dims(x)[axis]) return x;
  const dims = b.dims(x);
  const at = (count: number, rank = dims.length, place = axis) =>
    range(rank).map((one) => (one === place ? count : 0));
  let placed = x;
  let length = dims[axis];
  if (step > 1) {
    const split = reshape(b, x, [...dims.slice(0, axis + 1), 1, ...dims.slice(axis + 1)]);
    const none = at(0, dims.length + 1);
    const padded = pad(b, split, none, at(step - 1, dims.length + 1, axis + 1));
    length *= step;
    placed = reshape(
      b,
      padded,
      dims.map((one, place) => (place === axis ? length : one)),
    );
  }
  const [low, high] = [Math.max(0, -start), Math.min(length, size - start)];
  const cut = slice(b, placed, [axis], [low], [high]);
  return pad(b, cut, at(start + low), at(size - start - high));
}

/** Attributes of the ConvTranspose that sends a gradient [N, C, output …] back to the input of a placed window. */
export function transposeAttributes(
  { kernel, strides, dilations, before, after }: Placement,
  group: number,
): Readonly<Record<string, number | readonly number[]>> {
  return {
    kernel_shape: kernel,
    strides,
    dilations,
    pads: [...before, ...after.map((count) => Math.max(count, 0))],
    // input behind the last window, which it never read
    output_padding: after.map((count) => Math.max(-count, 0)),
    group,
  };
}

/** The number of groups of a convolution. */
export function groupsOf(node: Node): number {
  return intAttribute(node, 'group', 1);
}
