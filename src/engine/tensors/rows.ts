/** Functions of whole rows along an axis: softmax, running sums, order. */
import { record, recordAll } from './autograd.ts';
import { float32, int64, type DType } from './dtype.ts';
import { mapValues, timesValues, zipValues } from './elementwise.ts';
import { PythonError } from './python-error.ts';
import { axisOf } from './shapes.ts';
import { filled, tensorOf, valuesOf, type Tensor } from './tensor.ts';
import { permuteRaw } from './views.ts';

const total = (row: Float64Array) => row.reduce((sum, value) => sum + value, 0);

/** A function of whole rows along an axis, in the tensor's own shape. */
export function alongAxis(
  a: Tensor,
  axis: number,
  fn: (row: Float64Array) => ArrayLike<number>,
  dtype: DType = a.dtype,
): Tensor {
  const at = axisOf(axis, a.rank);
  if (a.rank === 0) return tensorOf(fn(valuesOf(a)), [], dtype);
  const order = [...a.shape.map((_, other) => other).filter((other) => other !== at), at];
  const turned = permuteRaw(a, order);
  const [values, size] = [valuesOf(turned), a.shape[at]];
  const results = new Float64Array(values.length);
  for (let from = 0; from < values.length; from += size)
    results.set(fn(values.subarray(from, from + size)), from);
  const flat = tensorOf(results, turned.shape, dtype);
  const back = permuteRaw(
    flat,
    order.map((_, other) => order.indexOf(other)),
  );
  return tensorOf(valuesOf(back), a.shape, dtype);
}

/** softmax: rows of positive numbers that add up to 1. The largest is taken off first, so that no power overflows. */
export function softmax(a: Tensor, axis: number): Tensor {
  const at = axisOf(axis, a.rank);
  if (a.dtype.kind !== 'float') {
    const kernel = at === Math.max(0, a.rank - 1) ? 'softmax_lastdim_kernel_impl' : 'softmax_kernel_impl';
    throw new PythonError('NotImplementedError', `"${kernel}" not implemented for '${a.dtype.scalarName}'`);
  }
  const result = alongAxis(a, at, softRow);
  record(result, 'SoftmaxBackward0', [a], (grad) => {
    const pull = timesValues(grad, result);
    const all = alongAxis(pull, at, (row) => new Float64Array(row.length).fill(total(row)));
    return [zipValues(pull, timesValues(result, all), (x, y) => x - y, a.dtype)];
  });
  result.gradFn?.saved.push({ tensor: result, version: result.memory.version });
  return result;
}

function softRow(row: Float64Array): Float64Array {
  const largest = row.reduce((best, value) => Math.max(best, value), -Infinity);
  const powers = row.map((value) => Math.exp(value - largest));
  const all = total(powers);
  return powers.map((value) => value / all);
}

/** The logarithm of softmax, without passing through it. */
export function logSoftmax(a: Tensor, axis: number): Tensor {
  const at = axisOf(axis, a.rank);
  if (a.dtype.kind !== 'float')
    throw new PythonError(
      'NotImplementedError',
      `"log_softmax_lastdim_kernel_impl" not implemented for '${a.dtype.scalarName}'`,
    );
  const result = alongAxis(a, at, (row) => {
    const largest = row.reduce((best, value) => Math.max(best, value), -Infinity);
    const log = Math.log(row.reduce((all, value) => all + Math.exp(value - largest), 0)) + largest;
    return row.map((value) => value - log);
  });
  record(result, 'LogSoftmaxBackward0', [a], (grad) => {
    const all = alongAxis(grad, at, (row) => new Float64Array(row.length).fill(total(row)));
    return [
      zipValues(
        grad,
        zipValues(mapValues(result, Math.exp), all, (x, y) => x * y, a.dtype),
        (x, y) => x - y,
        a.dtype,
      ),
    ];
  });
  result.gradFn?.saved.push({ tensor: result, version: result.memory.version });
  return result;
}

/** Running sums along an axis. */
export function cumulate(a: Tensor, axis: number): Tensor {
  const running = (row: Float64Array) => {
    let all = 0;
    return row.map((value) => (all += value));
  };
  const dtype = a.dtype.kind === 'float' ? a.dtype : int64;
  return record(alongAxis(a, axis, running, dtype), 'CumsumBackward0', [a], (grad) => [
    alongAxis(grad, axis, (row) => running(row.toReversed()).toReversed()),
  ]);
}

/** Rows in order, and where each value stood; equal values keep their order. */
export function sort(a: Tensor, axis: number, isDescending: boolean): { values: Tensor; indices: Tensor } {
  const sign = isDescending ? -1 : 1;
  const order = (row: Float64Array) => [...row.keys()].sort((x, y) => sign * (row[x] - row[y]) || x - y);
  const indices = alongAxis(a, axis, order, int64);
  const values = alongAxis(a, axis, (row) => order(row).map((at) => row[at]));
  recordAll([values], 'SortBackward0', [a], ([grad]) => {
    if (!grad) return [undefined];
    const back = filled(a.shape, 0, float32);
    const flat = alongAxis(indices, axis, (row) => order(row), int64);
    return [zipValues(back, alongAxisBy(grad, flat, axis), (_, y) => y, grad.dtype)];
  });
  return { values, indices };
}

/** Each row's values picked by the row of places. */
function alongAxisBy(a: Tensor, places: Tensor, axis: number): Tensor {
  const rows: Float64Array[] = [];
  alongAxis(places, axis, (row) => {
    rows.push(row.slice());
    return row;
  });
  let next = 0;
  return alongAxis(a, axis, (row) => {
    const order = rows[next++];
    return order.map((at) => row[at]);
  });
}
