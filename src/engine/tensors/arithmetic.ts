/** Recorded arithmetic: each operation with the name and the derivative that PyTorch gives it. */
import { record, unrecorded, type Backward } from './autograd.ts';
import { bool, float32, resultType, type DType, type Operand } from './dtype.ts';
import { mapValues, sumTo, timesValues, zipValues } from './elementwise.ts';
import { runtimeError } from './python-error.ts';
import { Tensor, numberType, tensorOf, valuesOf } from './tensor.ts';

/** What arithmetic takes beside a tensor. */
export type Term = Tensor | number | bigint | boolean;

/** A term as a tensor: a number becomes one without axes. */
export function asTensor(term: Term, dtype?: DType): Tensor {
  if (term instanceof Tensor) return term;
  return tensorOf([Number(term)], [], dtype ?? numberType(term));
}

function operandOf(term: Term): Operand {
  if (term instanceof Tensor) return { dtype: term.dtype, rank: term.rank ? 'axes' : 'single' };
  return { dtype: numberType(term), rank: 'number' };
}

/** The type of a result over these terms. */
export function typeOf(...terms: Term[]): DType {
  return resultType(terms.map(operandOf));
}

function floatTypeOf(...terms: Term[]): DType {
  const type = typeOf(...terms);
  return type.kind === 'float' ? type : float32;
}

/** Gradients of both terms, each summed back to its term's shape. */
export function both(
  a: Tensor,
  b: Tensor,
  slopeA: (grad: Tensor) => Tensor,
  slopeB: (grad: Tensor) => Tensor,
): Backward {
  return (grad) => [
    a.requiresGrad ? sumTo(slopeA(grad), a.shape, a.dtype) : undefined,
    b.requiresGrad ? sumTo(slopeB(grad), b.shape, b.dtype) : undefined,
  ];
}

const negated = (tensor: Tensor) => mapValues(tensor, (value) => -value);
const over = (a: Tensor, b: Tensor, fn: (x: number, y: number) => number) => zipValues(a, b, fn, a.dtype);

/** a + b */
export function add(a: Term, b: Term): Tensor {
  const [x, y, dtype] = [asTensor(a), asTensor(b), typeOf(a, b)];
  const sum = zipValues(x, y, dtype === bool ? (p, q) => p || q : (p, q) => p + q, dtype);
  return record(
    sum,
    'AddBackward0',
    [x, y],
    both(
      x,
      y,
      (grad) => grad,
      (grad) => grad,
    ),
  );
}

/** a − b */
export function subtract(a: Term, b: Term): Tensor {
  const [x, y, dtype] = [asTensor(a), asTensor(b), typeOf(a, b)];
  if (x.dtype === bool && y.dtype === bool)
    throw runtimeError(
      'Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` or `logical_xor()` operator instead.',
    );
  const name = a instanceof Tensor ? 'SubBackward0' : 'RsubBackward1';
  return record(
    zipValues(x, y, (p, q) => p - q, dtype),
    name,
    [x, y],
    both(x, y, (grad) => grad, negated),
  );
}

/** a · b */
export function multiply(a: Term, b: Term): Tensor {
  const [x, y, dtype] = [asTensor(a), asTensor(b), typeOf(a, b)];
  const slopes = both(
    x,
    y,
    (grad) => timesValues(grad, y),
    (grad) => timesValues(grad, x),
  );
  return record(
    zipValues(x, y, (p, q) => p * q, dtype),
    'MulBackward0',
    [x, y],
    slopes,
    needed([x, y.requiresGrad && a instanceof Tensor], [y, x.requiresGrad && b instanceof Tensor]),
  );
}

const needed = (...pairs: [Tensor, boolean][]): Tensor[] =>
  pairs.filter(([, isNeeded]) => isNeeded).map(([tensor]) => tensor);

/** a / b, in floating point. */
export function divide(a: Term, b: Term): Tensor {
  // PyTorch divides a number by a tensor as the tensor's reciprocal times the number
  if (!(a instanceof Tensor) && b instanceof Tensor && b.requiresGrad) return multiply(reciprocal(b), a);
  const [x, y, dtype] = [asTensor(a), asTensor(b), floatTypeOf(a, b)];
  const slopes = both(
    x,
    y,
    (grad) => over(grad, y, (p, q) => p / q),
    (grad) => over(timesValues(grad, x), y, (p, q) => -p / (q * q)),
  );
  return record(
    zipValues(x, y, (p, q) => p / q, dtype),
    'DivBackward0',
    [x, y],
    slopes,
    needed([x, y.requiresGrad], [y, x.requiresGrad || y.requiresGrad]).filter(
      (one) => one === a || one === b,
    ),
  );
}

/** 1 / a */
export function reciprocal(a: Tensor): Tensor {
  return unary(
    a,
    'ReciprocalBackward0',
    (value) => 1 / value,
    (_, result) => -result * result,
    'result',
  );
}

/** a // b, rounded down. Raises what PyTorch raises for a zero among whole numbers. */
export function floorDivide(a: Term, b: Term): Tensor {
  const [x, y, dtype] = [asTensor(a), asTensor(b), typeOf(a, b)];
  if (dtype.kind !== 'float' && valuesOf(y).includes(0)) throw runtimeError('ZeroDivisionError');
  return zipValues(x, y, (p, q) => (q === 0 ? p / q : Math.floor(p / q)), dtype);
}

/** a % b, with the sign of b. */
export function remainder(a: Term, b: Term): Tensor {
  const [x, y, dtype] = [asTensor(a), asTensor(b), typeOf(a, b)];
  if (dtype.kind !== 'float' && valuesOf(y).includes(0)) throw runtimeError('ZeroDivisionError');
  const modulo = (p: number, q: number) => {
    const rest = p % q;
    return rest !== 0 && rest < 0 !== q < 0 ? rest + q : rest;
  };
  const slopes = both(
    x,
    y,
    (grad) => grad,
    (grad) => mapValues(grad, () => 0),
  );
  return record(zipValues(x, y, modulo, dtype), 'RemainderBackward0', [x, y], slopes);
}

/** a ** b */
export function power(a: Term, b: Term): Tensor {
  const [x, y, dtype] = [asTensor(a), asTensor(b), typeOf(a, b)];
  if (dtype.kind !== 'float' && !(b instanceof Tensor) && Number(b) < 0)
    throw runtimeError('Integers to negative integer powers are not allowed.');
  const name = b instanceof Tensor ? 'PowBackward1' : 'PowBackward0';
  const result = zipValues(x, y, (p, q) => p ** q, dtype);
  const slopes = both(
    x,
    y,
    (grad) =>
      timesValues(
        grad,
        zipValues(x, y, (p, q) => (q === 0 ? 0 : q * p ** (q - 1)), dtype),
      ),
    (grad) =>
      timesValues(
        grad,
        zipValues(x, y, (p, q) => (p === 0 ? 0 : p ** q * Math.log(p)), dtype),
      ),
  );
  return record(result, name, [x, y], slopes, needed([x, true], [y, b instanceof Tensor]));
}

/** −a */
export function negate(a: Tensor): Tensor {
  if (a.dtype === bool)
    throw runtimeError(
      'Negation, the `-` operator, on a bool tensor is not supported. If you are trying to invert a mask, use the `~` or `logical_not()` operator instead.',
    );
  return record(negated(a), 'NegBackward0', [a], (grad) => [negated(grad)]);
}

/** A function of each element. `slope` gives its derivative from the element and the result; `keeps` says which of the two the walk back reads. */
export function unary(
  a: Tensor,
  name: string,
  fn: (value: number) => number,
  slope: (value: number, result: number) => number,
  keeps: 'input' | 'result' | 'nothing' = 'input',
): Tensor {
  const dtype = a.dtype.kind === 'float' ? a.dtype : float32;
  const result = mapValues(a, fn, dtype);
  const back: Backward = (grad) => [
    timesValues(
      grad,
      unrecorded(() => zipValues(a, result, slope, dtype)),
    ),
  ];
  const saved = keeps === 'input' ? [a] : [];
  record(result, name, [a], back, saved);
  if (keeps === 'result' && result.gradFn)
    result.gradFn.saved.push({ tensor: result, version: result.memory.version });
  return result;
}
