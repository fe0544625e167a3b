/** Short names for what gradient rules write most: arithmetic, sums over axes, changes of layout. Each appends nodes at most. */
import { countItems } from '../onnx/shape/contents.ts';
import type { GraphBuilder } from './graph-builder.ts';

/** a + b */
export function add(b: GraphBuilder, x: string, y: string): string {
  return b.op('Add', [x, y]);
}

/** a − b */
export function subtract(b: GraphBuilder, x: string, y: string): string {
  return b.op('Sub', [x, y]);
}

/** The product of all factors, from left to right; numbers take the element type of the first factor. */
export function multiply(b: GraphBuilder, first: string, ...factors: readonly (string | number)[]): string {
  return factors.reduce<string>(
    (product, factor) =>
      factor === 1
        ? product
        : b.op('Mul', [product, typeof factor === 'number' ? b.scalar(factor, first) : factor]),
    first,
  );
}

/** x / y */
export function divide(b: GraphBuilder, x: string, y: string): string {
  return b.op('Div', [x, y]);
}

/** −x */
export function negate(b: GraphBuilder, x: string): string {
  return b.op('Neg', [x]);
}

/** `value` where the condition (bool) holds, 0 elsewhere. */
export function keepWhere(b: GraphBuilder, condition: string, value: string): string {
  return b.op('Where', [condition, value, b.scalar(0, value)]);
}

/** Zeros of the given sizes, of the element type of `like`. */
export function zeros(b: GraphBuilder, dims: readonly number[], like: string): string {
  return b.op('Expand', [b.scalar(0, like), b.ints(dims)]);
}

/** The same elements under other sizes; no node where the sizes are the same. */
export function reshape(b: GraphBuilder, x: string, dims: readonly number[]): string {
  return sameDims(b.dims(x), dims) ? x : b.op('Reshape', [x, b.ints(dims)]);
}

/** Axes in another order; no node where the order stays. */
export function transpose(b: GraphBuilder, x: string, perm: readonly number[]): string {
  return perm.every((axis, at) => axis === at) ? x : b.op('Transpose', [x], { perm });
}

/** A matrix, or a batch of them, with the last two axes swapped. */
export function swapLastAxes(b: GraphBuilder, x: string): string {
  const rank = b.rank(x);
  const perm = Array.from({ length: rank }, (_, axis) => axis);
  perm.splice(rank - 2, 2, rank - 1, rank - 2);
  return transpose(b, x, perm);
}

/** A strided range of each named axis; ends are exclusive. No node where it is all of x. */
export function slice(
  b: GraphBuilder,
  x: string,
  axes: readonly number[],
  starts: readonly number[],
  ends: readonly number[],
  steps: readonly number[] = axes.map(() => 1),
): string {
  const dims = b.dims(x);
  if (axes.every((axis, at) => starts[at] === 0 && ends[at] === dims[axis] && steps[at] === 1)) return x;
  return b.op('Slice', [x, b.ints(starts), b.ints(ends), b.ints(axes), b.ints(steps)]);
}

/** x with `before` and `after` elements of `value` around each axis; no node where there are none. */
export function pad(
  b: GraphBuilder,
  x: string,
  before: readonly number[],
  after: readonly number[],
  value = 0,
): string {
  const pads = [...before, ...after];
  return pads.every((one) => one === 0) ? x : b.op('Pad', [x, b.ints(pads), b.scalar(value, x)]);
}

/** The values side by side along an axis. */
export function concat(b: GraphBuilder, values: readonly string[], axis: number): string {
  return values.length === 1 ? values[0] : b.op('Concat', values, { axis });
}

/** x repeated along axes of size 1 (and new leading ones) to the given sizes. */
export function expand(b: GraphBuilder, x: string, dims: readonly number[]): string {
  return sameDims(b.dims(x), dims) ? x : b.op('Expand', [x, b.ints(dims)]);
}

/** Sums over axes, which keep size 1 or vanish. Axes are an input of ReduceSum since opset 13. */
export function sum(b: GraphBuilder, x: string, axes: readonly number[], keeps = true): string {
  if (axes.length === 0) return x;
  return b.op('ReduceSum', [x, b.ints(axes)], { keepdims: keeps ? 1 : 0 });
}

/** Means over axes, which keep size 1. */
export function mean(b: GraphBuilder, x: string, axes: readonly number[]): string {
  const dims = b.dims(x);
  return multiply(b, sum(b, x, axes), 1 / countItems(axes.map((axis) => dims[axis])));
}

/**
 * A gradient summed over what broadcasting repeated, so that it has the sizes of the operand.
 * @throws OnnxError through the builder when `dims` do not broadcast to those of x.
 */
export function sumTo(b: GraphBuilder, x: string, dims: readonly number[]): string {
  const from = b.dims(x);
  if (sameDims(from, dims)) return x;
  const extra = from.length - dims.length;
  const axes = from.flatMap((size, axis) =>
    axis < extra || (dims[axis - extra] === 1 && size !== 1) ? [axis] : [],
  );
  if (!axes.every((axis, at) => axis === at)) return reshape(b, sum(b, x, axes), dims);
  // leading axes only: one sum over the rows of a matrix
  const [rows, columns] = [from.slice(0, axes.length), from.slice(axes.length)];
  const matrix = reshape(b, x, [countItems(rows), countItems(columns)]);
  return reshape(b, sum(b, matrix, [0], false), dims);
}

/** An axis counted from the front. */
export function fromFront(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

/** 0, 1 … count − 1. */
export function range(count: number): number[] {
  return Array.from({ length: count }, (_, at) => at);
}

function sameDims(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}
