/** Comparisons, truth values, and results that are taken from one tensor or another. */
import { asTensor, both, typeOf, type Term } from './arithmetic.ts';
import { record } from './autograd.ts';
import { bool, type DType } from './dtype.ts';
import { mapValues, sumTo, zipValues } from './elementwise.ts';
import { PythonError, runtimeError } from './python-error.ts';
import { filled, Tensor, valuesOf } from './tensor.ts';

/** A comparison: a tensor of truth values. */
export function compare(a: Term, b: Term, fn: (x: number, y: number) => boolean): Tensor {
  return zipValues(asTensor(a), asTensor(b), (x, y) => Number(fn(x, y)), bool);
}

/** a & b, a | b, a ^ b: of bits or of truth values. */
export function bitwise(a: Term, b: Term, symbol: '&' | '|' | '^'): Tensor {
  const dtype = typeOf(a, b);
  const word = { '&': 'and', '|': 'or', '^': 'xor' }[symbol];
  if (dtype.kind === 'float')
    throw new PythonError(
      'NotImplementedError',
      `"bitwise_${word}_cpu" not implemented for '${dtype.scalarName}'`,
    );
  const bits = {
    '&': (x: bigint, y: bigint) => x & y,
    '|': (x: bigint, y: bigint) => x | y,
    '^': (x: bigint, y: bigint) => x ^ y,
  };
  return zipValues(asTensor(a), asTensor(b), (x, y) => Number(bits[symbol](BigInt(x), BigInt(y))), dtype);
}

/** ~a: the opposite truth values, or the opposite bits. */
export function invert(a: Tensor): Tensor {
  if (a.dtype.kind === 'float')
    throw new PythonError(
      'NotImplementedError',
      `"bitwise_not_cpu" not implemented for '${a.dtype.scalarName}'`,
    );
  return mapValues(a, a.dtype === bool ? (value) => 1 - value : (value) => -value - 1);
}

/** `fn` where the mask says so, else the other; gradients go to whichever was taken. */
export function where(mask: Tensor, a: Term, b: Term): Tensor {
  if (mask.dtype !== bool)
    throw runtimeError(
      `where expected condition to be a boolean tensor, but got a tensor with dtype ${mask.dtype.scalarName}`,
    );
  const [x, y, dtype] = [asTensor(a), asTensor(b), typeOf(a, b)];
  // The values that are not taken must not spoil the sum, so no multiplication by 0: an infinity times 0 is no number
  const pick = (isFirst: boolean, from: Tensor) =>
    zipValues(mask, from, (chosen, value) => ((chosen !== 0) === isFirst ? value : 0), from.dtype);
  const chosen = zipValues(
    mask,
    zipValues(x, filled(y.shape, 0, dtype), (p) => p, dtype),
    (m, p) => (m ? p : 0),
    dtype,
  );
  const other = zipValues(
    mask,
    zipValues(y, filled(x.shape, 0, dtype), (p) => p, dtype),
    (m, p) => (m ? 0 : p),
    dtype,
  );
  const result = zipValues(chosen, other, (p, q) => p + q, dtype);
  return record(
    result,
    'WhereBackward0',
    [x, y],
    both(
      x,
      y,
      (grad) => pick(true, grad),
      (grad) => pick(false, grad),
    ),
  );
}

/** The value in every place where the mask says so. */
export function maskedFill(a: Tensor, mask: Tensor, value: Term): Tensor {
  if (mask.dtype !== bool)
    throw runtimeError(
      `masked_fill_ only supports boolean masks, but got mask with dtype ${mask.dtype.cName}`,
    );
  const fill = Number(value instanceof Tensor ? valuesOf(value)[0] : value);
  const result = zipValues(a, mask, (own, isMasked) => (isMasked ? fill : own), a.dtype);
  return record(result, 'MaskedFillBackward0', [a], (grad) => [
    sumTo(
      zipValues(grad, mask, (own, isMasked) => (isMasked ? 0 : own), grad.dtype),
      a.shape,
    ),
  ]);
}

/** Between two bounds; outside them the gradient is 0. */
export function clamp(
  a: Tensor,
  low: number | undefined,
  high: number | undefined,
  dtype: DType = a.dtype,
): Tensor {
  const [from, to] = [low ?? -Infinity, high ?? Infinity];
  const result = mapValues(
    a,
    (value) => (Number.isNaN(value) ? value : Math.min(to, Math.max(from, value))),
    dtype,
  );
  return record(
    result,
    'ClampBackward1',
    [a],
    (grad) => [zipValues(grad, a, (own, value) => (value >= from && value <= to ? own : 0), grad.dtype)],
    [a],
  );
}

/** The same numbers in another type. */
export function toType(a: Tensor, dtype: DType): Tensor {
  if (dtype === a.dtype) return a;
  return record(
    mapValues(a, (value) => value, dtype),
    'ToCopyBackward0',
    [a],
    (grad) => [mapValues(grad, (value) => value, a.dtype)],
  );
}
