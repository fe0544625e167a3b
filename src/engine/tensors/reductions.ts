/** Sums, means, extremes and what else takes axes away. */
import { record } from './autograd.ts';
import { int64, type DType } from './dtype.ts';
import { mapValues, stretchedValues, timesValues, zipValues } from './elementwise.ts';
import { indexError, runtimeError } from './python-error.ts';
import { axisOf } from './shapes.ts';
import type { Tensor } from './tensor.ts';
import { countOf, tensorOf, valuesOf } from './tensor.ts';
import { permuteRaw, reshapeRaw } from './views.ts';

/** Which axes go; none given means all. */
export interface Axes {
  axes?: readonly number[] | undefined;
  keepdim?: boolean;
}

/** The axes counted from the front, and the result's shape with and without them. */
function plan(
  a: Tensor,
  { axes, keepdim = false }: Axes,
): { gone: number[]; kept: number[]; shape: number[] } {
  const gone =
    axes && axes.length > 0
      ? axes.map((axis) => axisOf(axis, a.rank)).filter((axis) => axis < a.rank)
      : a.shape.map((_, axis) => axis);
  if (new Set(gone).size !== gone.length)
    throw runtimeError(`dim ${gone[0]} appears multiple times in the list of dims`);
  const kept = a.shape.map((size, axis) => (gone.includes(axis) ? 1 : size));
  return { gone, kept, shape: keepdim ? kept : a.shape.filter((_, axis) => !gone.includes(axis)) };
}

/** One value for each row of elements along the given axes. */
function fold(a: Tensor, options: Axes, fn: (row: Float64Array) => number, dtype: DType): Tensor {
  const { gone, shape } = plan(a, options);
  const rest = a.shape.map((_, axis) => axis).filter((axis) => !gone.includes(axis));
  const values = valuesOf(permuteRaw(a, [...rest, ...gone]));
  const count = countOf(gone.map((axis) => a.shape[axis]));
  const results = Array.from({ length: countOf(shape) }, (_, at) =>
    fn(values.subarray(at * count, (at + 1) * count)),
  );
  return tensorOf(results, shape, dtype);
}

/** A gradient of the result, stretched over the axes that went. */
function spread(grad: Tensor, a: Tensor, options: Axes): Tensor {
  return tensorOf(stretchedValues(reshapeRaw(grad, plan(a, options).kept), a.shape), a.shape, grad.dtype);
}

const total = (row: Float64Array) => row.reduce((sum, value) => sum + value, 0);
const average = (row: Float64Array) => total(row) / row.length;

const suffix = ({ axes }: Axes) => (axes ? 1 : 0);

/** The sum; whole numbers and truth values add up to 64-bit integers. */
export function sum(a: Tensor, options: Axes = {}): Tensor {
  const dtype = a.dtype.kind === 'float' ? a.dtype : int64;
  return record(fold(a, options, total, dtype), `SumBackward${suffix(options)}`, [a], (grad) => [
    spread(grad, a, options),
  ]);
}

/** The mean. Raises a RuntimeError for whole numbers. */
export function mean(a: Tensor, options: Axes = {}): Tensor {
  if (a.dtype.kind !== 'float')
    throw runtimeError(
      `mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. Got: ${a.dtype.scalarName}`,
    );
  const result = fold(a, options, average, a.dtype);
  const share = result.count / Math.max(1, a.count);
  return record(result, `MeanBackward${suffix(options)}`, [a], (grad) => [
    mapValues(spread(grad, a, options), (value) => value * share),
  ]);
}

/** The product. */
export function product(a: Tensor, options: Axes = {}): Tensor {
  const dtype = a.dtype.kind === 'float' ? a.dtype : int64;
  const result = fold(a, options, (row) => row.reduce((all, value) => all * value, 1), dtype);
  return record(
    result,
    `ProdBackward${suffix(options)}`,
    [a],
    (grad) => [
      zipValues(
        timesValues(spread(grad, a, options), spread(result, a, options)),
        a,
        (x, y) => x / y,
        a.dtype,
      ),
    ],
    [a],
  );
}

/** The variance; `correction` is taken off the count (1: the unbiased estimate). */
export function variance(a: Tensor, options: Axes & { correction?: number } = {}): Tensor {
  const { correction = 1 } = options;
  const spreadOf = (row: Float64Array) => {
    const middle = average(row);
    return row.reduce((all, value) => all + (value - middle) ** 2, 0) / Math.max(0, row.length - correction);
  };
  needsFloat(a, 'std and var');
  const result = fold(a, options, spreadOf, a.dtype);
  const count = a.count / Math.max(1, result.count);
  return record(
    result,
    'VarBackward0',
    [a],
    (grad) => {
      const middle = spread(fold(a, options, average, a.dtype), a, options);
      const offset = zipValues(a, middle, (x, y) => (2 * (x - y)) / (count - correction), a.dtype);
      return [timesValues(spread(grad, a, options), offset)];
    },
    [a],
  );
}

/** The standard deviation. */
export function deviation(a: Tensor, options: Axes & { correction?: number } = {}): Tensor {
  const squared = variance(a, options);
  const result = mapValues(squared, Math.sqrt);
  const { gradFn } = squared;
  return record(
    result,
    'StdBackward0',
    [a],
    (grad) => gradFn?.apply([zipValues(grad, result, (x, y) => x / (2 * y), a.dtype)]) ?? [],
    [a],
  );
}

function needsFloat(a: Tensor, what: string): void {
  if (a.dtype.kind !== 'float') throw runtimeError(`${what} only support floating point and complex dtypes`);
}

/** The length of the rows as vectors: the root of the sum of squares. */
export function norm(a: Tensor, options: Axes = {}): Tensor {
  if (a.dtype.kind !== 'float')
    throw runtimeError(
      `linalg.vector_norm: Expected a floating point or complex tensor as input. Got ${a.dtype.scalarName}`,
    );
  const result = fold(
    a,
    options,
    (row) => Math.sqrt(row.reduce((all, value) => all + value * value, 0)),
    a.dtype,
  );
  return record(
    result,
    'LinalgVectorNormBackward0',
    [a],
    (grad) => [
      timesValues(
        spread(grad, a, options),
        zipValues(a, spread(result, a, options), (x, y) => (y === 0 ? 0 : x / y), a.dtype),
      ),
    ],
    [a],
  );
}

export type Extreme = 'max' | 'min';

/** Whether the first value is the better one; no number beats everything, as in PyTorch. */
const beats = (kind: Extreme) => (a: number, b: number) =>
  Number.isNaN(b) ? false : Number.isNaN(a) || (kind === 'max' ? a > b : a < b);

function bestOf(row: Float64Array, kind: Extreme): number {
  const isBetter = beats(kind);
  return row.reduce((best, value, at) => (isBetter(value, row[best]) ? at : best), 0);
}

/** The largest or smallest of all elements; equal ones share its gradient. */
export function extreme(a: Tensor, kind: Extreme): Tensor {
  if (a.count === 0)
    throw runtimeError(
      `${kind}(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim with the 'dim' argument.`,
    );
  const result = fold(a, {}, (row) => row[bestOf(row, kind)], a.dtype);
  return record(
    result,
    `${kind === 'max' ? 'Max' : 'Min'}Backward1`,
    [a],
    (grad) => {
      const best = valuesOf(result)[0];
      const count = valuesOf(a).filter((value) => value === best).length;
      return [mapValues(a, (value) => (value === best ? valuesOf(grad)[0] / count : 0))];
    },
    [a],
  );
}

/** The extreme of every row along an axis, and where it stands. */
export function extremeAlong(
  a: Tensor,
  kind: Extreme,
  axis: number,
  keepdim = false,
): { values: Tensor; indices: Tensor } {
  const options: Axes = { axes: [axis], keepdim };
  const at = axisOf(axis, a.rank);
  if (a.rank > 0 && a.shape[at] === 0)
    throw indexError(`${kind}(): Expected reduction dim ${at} to have non-zero size.`);
  const indices = fold(a, options, (row) => bestOf(row, kind), int64);
  const values = fold(a, options, (row) => row[bestOf(row, kind)], a.dtype);
  const name = `${kind === 'max' ? 'Max' : 'Min'}Backward0`;
  record(values, name, [a], (grad) => [
    scatterAlong(a, at, reshapeRaw(indices, plan(a, options).kept), spread(grad, a, options)),
  ]);
  return { values, indices };
}

/** Zeros but for the places along `axis` that `indices` names, which take the gradient's value. */
function scatterAlong(a: Tensor, axis: number, indices: Tensor, grad: Tensor): Tensor {
  const [chosen, grads] = [stretchedValues(indices, a.shape), valuesOf(grad)];
  const inner = countOf(a.shape.slice(axis + 1));
  const own = (at: number) => Math.floor(at / inner) % (a.shape[axis] ?? 1);
  return tensorOf(
    Float64Array.from(grads, (value, at) => (own(at) === chosen[at] ? value : 0)),
    a.shape,
    grad.dtype,
  );
}

/** Where the extreme stands: in the flat tensor, or along an axis. */
export function argExtreme(a: Tensor, kind: Extreme, axis?: number, keepdim = false): Tensor {
  if (a.count === 0)
    throw indexError(`arg${kind}(): Expected reduction dim to be specified for input.numel() == 0.`);
  if (axis === undefined) return fold(a, { keepdim }, (row) => bestOf(row, kind), int64);
  return extremeAlong(a, kind, axis, keepdim).indices;
}

/** Whether any, or every, element is not 0. */
export function truth(a: Tensor, kind: 'any' | 'all', options: Axes, dtype: DType): Tensor {
  return fold(a, options, (row) => Number(kind === 'any' ? row.some(Boolean) : row.every(Boolean)), dtype);
}
