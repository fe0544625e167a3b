/** Comparisons, `in`, `is`, and what counts as true. */
import { type Term } from '../../engine/tensors/arithmetic.ts';
import { compare } from '../../engine/tensors/choosing.ts';
import { runtimeError, typeError, valueError } from '../../engine/tensors/python-error.ts';
import { Tensor, valuesOf } from '../../engine/tensors/tensor.ts';
import {
  ArrayValue,
  Dict,
  DTypeValue,
  ErrorValue,
  List,
  Range,
  Scalar,
  SetValue,
  Tuple,
  isNumber,
  iterate,
  keyOf,
  typeName,
  type Value,
} from './values.ts';

const comparisons: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** `a operator b` for comparisons, `in` and `is`. */
export function comparison(operator: string, a: Value, b: Value): Value {
  if (operator === 'is' || operator === 'is not') return same(a, b) === (operator === 'is');
  if (operator === 'in' || operator === 'not in') return contains(b, a) === (operator === 'in');
  const fn = comparisons[operator];
  const tensor = (value: Value): Term | undefined =>
    value instanceof ArrayValue
      ? value.tensor
      : value instanceof Tensor || isNumber(value)
        ? value
        : value instanceof Scalar
          ? value.value
          : undefined;
  if ([a, b].some((value) => value instanceof Tensor || value instanceof ArrayValue)) {
    const [x, y] = [tensor(a), tensor(b)];
    if (x !== undefined && y !== undefined) {
      const result = compare(x, y, fn);
      return a instanceof ArrayValue || b instanceof ArrayValue ? new ArrayValue(result) : result;
    }
  }
  if (operator === '==' || operator === '!=') return equal(a, b) === (operator === '==');
  const order = ordered(a, b);
  if (order === undefined)
    throw typeError(`'${operator}' not supported between instances of '${typeName(a)}' and '${typeName(b)}'`);
  return fn(order, 0);
}

function same(a: Value, b: Value): boolean {
  return a === b || (a instanceof DTypeValue && b instanceof DTypeValue && a.dtype === b.dtype);
}

/** Whether two values are equal. */
export function equal(a: Value, b: Value): boolean {
  const plain = (value: Value): Value => (value instanceof Scalar ? value.value : value);
  const [x, y] = [plain(a), plain(b)];
  if (isNumber(x) && isNumber(y))
    return typeof x === 'number' || typeof y === 'number' ? Number(x) === Number(y) : BigInt(x) === BigInt(y);
  if ((x instanceof List && y instanceof List) || (x instanceof Tuple && y instanceof Tuple))
    return (
      x.items.length === y.items.length &&
      x.items.every((item, index) => truthOf(comparison('==', item, y.items[index])))
    );
  if (x instanceof Dict && y instanceof Dict)
    return (
      x.entries.size === y.entries.size &&
      [...x.entries].every(([key, [, item]]) => equal(item, y.entries.get(key)?.[1] ?? null))
    );
  if (x instanceof SetValue && y instanceof SetValue)
    return x.items.size === y.items.size && [...x.items.keys()].every((key) => y.items.has(key));
  if (x instanceof DTypeValue && y instanceof DTypeValue) return x.dtype === y.dtype;
  if (x instanceof Range && y instanceof Range)
    return x.from === y.from && x.length === y.length && x.step === y.step;
  return x === y;
}

/** Negative, 0 or positive as a comes before, with or behind b; undefined where they have no order. */
export function ordered(a: Value, b: Value): number | undefined {
  const plain = (value: Value): Value =>
    value instanceof Tensor && value.count === 1
      ? valuesOf(value)[0]
      : value instanceof Scalar
        ? value.value
        : value;
  const [x, y] = [plain(a), plain(b)];
  if (isNumber(x) && isNumber(y))
    return x < y ? -1 : x > y ? 1 : x === y || Number(x) === Number(y) ? 0 : NaN;
  if (typeof x === 'string' && typeof y === 'string') return x < y ? -1 : Number(x > y);
  if ((x instanceof List && y instanceof List) || (x instanceof Tuple && y instanceof Tuple)) {
    for (const [index, item] of x.items.entries()) {
      if (index >= y.items.length) return 1;
      if (!equal(item, y.items[index])) return ordered(item, y.items[index]);
    }
    return x.items.length - y.items.length;
  }
  return undefined;
}

function contains(whole: Value, item: Value): boolean {
  if (typeof whole === 'string') {
    if (typeof item !== 'string')
      throw typeError(`'in <string>' requires string as left operand, not ${typeName(item)}`);
    return whole.includes(item);
  }
  if (whole instanceof Dict) return whole.entries.has(keyOf(item));
  if (whole instanceof SetValue) return whole.items.has(keyOf(item));
  if (whole instanceof Tensor && isNumber(item)) return valuesOf(whole).includes(Number(item));
  if (whole instanceof ErrorValue || whole === null || isNumber(whole))
    throw typeError(`argument of type '${typeName(whole)}' is not iterable`);
  return iterate(whole, (tensor) => [...valuesOf(tensor)]).some((one) => equal(one, item));
}

/** Whether a value counts as true. */
export function truthOf(value: Value): boolean {
  if (value === null) return false;
  if (typeof value === 'boolean') return value;
  if (typeof value === 'bigint' || typeof value === 'number') return Number(value) !== 0;
  if (typeof value === 'string') return value !== '';
  if (value instanceof Tensor) {
    if (value.count === 1) return valuesOf(value)[0] !== 0;
    throw runtimeError(
      `Boolean value of Tensor with ${value.count ? 'more than one value' : 'no values'} is ambiguous`,
    );
  }
  if (value instanceof ArrayValue) {
    if (value.tensor.count === 1) return valuesOf(value.tensor)[0] !== 0;
    throw valueError(
      'The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()',
    );
  }
  if (value instanceof Scalar) return value.value !== 0;
  if (value instanceof List || value instanceof Tuple) return value.items.length > 0;
  if (value instanceof Dict) return value.entries.size > 0;
  if (value instanceof SetValue) return value.items.size > 0;
  if (value instanceof Range) return value.length > 0;
  return true;
}
