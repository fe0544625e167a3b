/** Of two tensors the larger or smaller value in every place. */
import { typeOf } from './arithmetic.ts';
import { record } from './autograd.ts';
import { sumTo, zipValues } from './elementwise.ts';
import type { Extreme } from './reductions.ts';
import type { Tensor } from './tensor.ts';

/** The larger (or smaller) of each pair; the gradient goes to the one taken, and is shared where both are equal. */
export function maximumOf(a: Tensor, b: Tensor, kind: Extreme): Tensor {
  const isBetter = kind === 'max' ? (x: number, y: number) => x > y : (x: number, y: number) => x < y;
  const result = zipValues(a, b, (x, y) => (isBetter(x, y) ? x : y), typeOf(a, b));
  const share = (own: Tensor, other: Tensor, grad: Tensor) => {
    const part = zipValues(own, other, (x, y) => (x === y ? 0.5 : Number(isBetter(x, y))), grad.dtype);
    return sumTo(
      zipValues(grad, part, (g, p) => g * p, grad.dtype),
      own.shape,
    );
  };
  return record(
    result,
    kind === 'max' ? 'MaximumBackward0' : 'MinimumBackward0',
    [a, b],
    (grad) => [share(a, b, grad), share(b, a, grad)],
    [a, b],
  );
}
