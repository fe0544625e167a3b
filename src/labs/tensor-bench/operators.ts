/** What `+`, `==`, `in` and their kin do with values, and Python's words where they cannot. */
import {
  asTensor,
  add,
  divide,
  floorDivide,
  multiply,
  negate,
  power,
  remainder,
  subtract,
  type Term,
} from '../../engine/tensors/arithmetic.ts';
import { bitwise, invert } from '../../engine/tensors/choosing.ts';
import { mapValues } from '../../engine/tensors/elementwise.ts';
import { float64 } from '../../engine/tensors/dtype.ts';
import { matmul } from '../../engine/tensors/matmul.ts';
import { PythonError, typeError, valueError } from '../../engine/tensors/python-error.ts';
import { Tensor } from '../../engine/tensors/tensor.ts';
import { sayTuple } from '../../engine/tensors/print-tensor.ts';
import { format, str } from './text.ts';
import { ArrayValue, List, Scalar, Tuple, isNumber, typeName, type Value } from './values.ts';
import { checkLength } from './limits.ts';
import { numberArithmetic } from './number-arithmetic.ts';
import { unsupported } from './unsupported.ts';

type Arithmetic = (a: Term, b: Term) => Tensor;

const tensorOperators: Readonly<Record<string, Arithmetic>> = {
  '+': add,
  '-': subtract,
  '*': multiply,
  '/': divide,
  '//': floorDivide,
  '%': remainder,
  '**': power,
  '@': (a, b) => matmul(asTensor(a), asTensor(b)),
  '&': (a, b) => bitwise(a, b, '&'),
  '|': (a, b) => bitwise(a, b, '|'),
  '^': (a, b) => bitwise(a, b, '^'),
};

/** `a operator b`. */
export function binary(operator: string, a: Value, b: Value): Value {
  if (a instanceof Scalar || b instanceof Scalar) return scalarArithmetic(operator, a, b);
  if (a instanceof ArrayValue || b instanceof ArrayValue) return arrayArithmetic(operator, a, b);
  if (a instanceof Tensor || b instanceof Tensor) return tensorArithmetic(operator, a, b);
  if (isNumber(a) && isNumber(b)) return numberArithmetic(operator, a, b);
  if (typeof a === 'string') return textArithmetic(operator, a, b);
  if (operator === '*') {
    const [items, count] = typeof a === 'bigint' ? [b, a] : [a, b];
    if (typeof items === 'string' && typeof count === 'bigint') return textArithmetic('*', items, count);
    if ((items instanceof List || items instanceof Tuple) && typeof count === 'bigint')
      return repeated(items, Number(count));
  }
  if (operator === '+' && a instanceof List) {
    if (b instanceof List) return new List([...a.items, ...b.items]);
    throw typeError(`can only concatenate list (not "${typeName(b)}") to list`);
  }
  if (operator === '+' && a instanceof Tuple) {
    if (b instanceof Tuple)
      return new Tuple(
        [...a.items, ...b.items],
        a.type === 'torch.Size' && b.type === 'torch.Size' ? a.type : 'tuple',
      );
    throw typeError(`can only concatenate tuple (not "${typeName(b)}") to tuple`);
  }
  throw unsupported(operator, a, b);
}

function repeated(items: List | Tuple, count: number): Value {
  checkLength(items.items.length * Math.max(0, count));
  const copies = Array.from({ length: Math.max(0, count) }, () => items.items).flat();
  return items instanceof List ? new List(copies) : new Tuple(copies);
}

function textArithmetic(operator: string, a: string, b: Value): Value {
  if (operator === '+') {
    if (typeof b === 'string') return a + b;
    throw typeError(`can only concatenate str (not "${typeName(b)}") to str`);
  }
  if (operator === '*' && typeof b === 'bigint') {
    checkLength(a.length * Math.max(0, Number(b)));
    return a.repeat(Math.max(0, Number(b)));
  }
  if (operator === '%') return percentFormat(a, b instanceof Tuple ? [...b.items] : [b]);
  if (operator === '*') throw typeError(`can't multiply sequence by non-int of type '${typeName(b)}'`);
  throw unsupported(operator, a, b);
}

function percentFormat(text: string, values: Value[]): string {
  return text.replace(
    /%(?:([-+0 #]*\d*(?:\.\d+)?)([sdrfeg])|%)/g,
    (whole, spec: string | undefined, type: string) => {
      if (whole === '%%') return '%';
      if (values.length === 0) throw typeError('not enough arguments for format string');
      const value = values.shift() ?? null;
      if (type === 's' || type === 'r') return str(value);
      return format(
        type === 'd' && typeof value === 'number' ? BigInt(Math.trunc(value)) : value,
        `${spec ?? ''}${type}`,
      );
    },
  );
}

function tensorArithmetic(operator: string, a: Value, b: Value): Value {
  const isTerm = (value: Value): value is Term => value instanceof Tensor || isNumber(value);
  const work = tensorOperators[operator];
  if (typeof a === 'string' && operator === '+')
    throw typeError(`can only concatenate str (not "${typeName(b)}") to str`);
  if (!work || !isTerm(a) || !isTerm(b)) throw unsupported(operator, a, b);
  if (operator === '@' && !(a instanceof Tensor && b instanceof Tensor)) throw unsupported(operator, a, b);
  return work(a, b);
}

function arrayArithmetic(operator: string, a: Value, b: Value): Value {
  const term = (value: Value): Term =>
    value instanceof ArrayValue ? value.tensor : value instanceof Tensor || isNumber(value) ? value : fail();
  const fail = (): never => {
    throw unsupported(operator, a, b);
  };
  const work = tensorOperators[operator] ?? fail();
  return inNumpy(a, b, () => {
    const result = work(widen(term(a), term(b)), widen(term(b), term(a)));
    return new ArrayValue(result);
  });
}

/** NumPy computes whole numbers with a fraction in float64, where PyTorch takes float32. */
function widen(own: Term, other: Term): Term {
  const isFloat = (term: Term) =>
    typeof term === 'number' || (term instanceof Tensor && term.dtype.kind === 'float');
  if (own instanceof Tensor && own.dtype.kind !== 'float' && isFloat(other))
    return mapValues(own, (value) => value, float64);
  return own;
}

function inNumpy(a: Value, b: Value, work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    const shapes = [a, b].map((value) =>
      value instanceof ArrayValue ? sayTuple(value.tensor.shape).replaceAll(', ', ',') : '()',
    );
    if (error instanceof PythonError && error.message.startsWith('The size of tensor'))
      throw valueError(`operands could not be broadcast together with shapes ${shapes.join(' ')} `);
    throw error;
  }
}

function scalarArithmetic(operator: string, a: Value, b: Value): Value {
  const plain = (value: Value): Value =>
    value instanceof Scalar ? (value.dtype.kind === 'float' ? value.value : BigInt(value.value)) : value;
  const result = binary(operator, plain(a), plain(b));
  const own = a instanceof Scalar ? a : b;
  if (!(own instanceof Scalar) || !isNumber(result)) return result;
  const dtype = typeof result === 'number' && own.dtype.kind !== 'float' ? float64 : own.dtype;
  return new Scalar(dtype.round(Number(result)), dtype);
}

/** `-a`, `+a`, `~a`. */
export function unaryMinus(operator: '-' | '+' | '~', value: Value): Value {
  if (value instanceof Tensor)
    return operator === '-' ? negate(value) : operator === '~' ? invert(value) : value;
  if (value instanceof ArrayValue)
    return new ArrayValue(
      operator === '-' ? negate(value.tensor) : operator === '~' ? invert(value.tensor) : value.tensor,
    );
  if (value instanceof Scalar) return new Scalar(operator === '-' ? -value.value : value.value, value.dtype);
  if (isNumber(value)) {
    if (operator === '~' && typeof value !== 'number') return -BigInt(value) - 1n;
    if (typeof value === 'number' && operator !== '~') return operator === '-' ? -value : value;
    if (operator !== '~') return operator === '-' ? -BigInt(value) : BigInt(value);
  }
  throw typeError(`bad operand type for unary ${operator}: '${typeName(value)}'`);
}
