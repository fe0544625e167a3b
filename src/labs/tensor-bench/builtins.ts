/** Python's built-in functions and types. */
import { PythonError, typeError, valueError } from '../../engine/tensors/python-error.ts';
import { Tensor, valuesOf } from '../../engine/tensors/tensor.ts';
import { fixed } from '../../engine/tensors/numbers.ts';
import { mapValues } from '../../engine/tensors/elementwise.ts';
import { tensorMethod } from './operations.ts';
import { makeSet } from './evaluate.ts';
import type { Interpreter } from './interpreter.ts';
import { checkLength } from './limits.ts';
import { ordered, truthOf } from './comparison.ts';
import { binary } from './operators.ts';
import { sorted } from './sorting.ts';
import { format, itemOf, repr, str } from './text.ts';
import { errorTypes, typeOfValue, types } from './types.ts';
import {
  ArrayValue,
  Callable,
  Dict,
  List,
  Range,
  Scalar,
  SetValue,
  Tuple,
  TypeValue,
  identityOf,
  isLayer,
  isNumber,
  keyOf,
  typeName,
  type Args,
  type Value,
} from './values.ts';

/** What Python knows without an import. `run` gives the interpreter that the functions work for. */
export function makeBuiltins(run: () => Interpreter): Map<string, Value> {
  const items = (value: Value | undefined) => run().items(value ?? null);
  const call = (fn: Value, ...list: Value[]) => run().call(fn, { list, named: new Map() });
  const functions: Record<string, (args: Args) => Value> = {
    print: ({ list, named }) => {
      const [between, end] = ['sep', 'end'].map((name) => named.get(name));
      const words = list
        .map((value) => str(value, run().print))
        .join(typeof between === 'string' ? between : ' ');
      run().write(words + (typeof end === 'string' ? end : '\n'));
      return null;
    },
    len: ({ list }) => lengthOf(list[0] ?? null),
    enumerate: ({ list, named }) => {
      const start = BigInt(Number(named.get('start') ?? list[1] ?? 0n));
      return new List(items(list[0]).map((item, index) => new Tuple([start + BigInt(index), item])));
    },
    zip: ({ list }) => {
      const rows = list.map(items);
      const length = rows.length ? Math.min(...rows.map((row) => row.length)) : 0;
      return new List(Array.from({ length }, (_, index) => new Tuple(rows.map((row) => row[index]))));
    },
    sum: ({ list }) => items(list[0]).reduce((total, item) => binary('+', total, item), list[1] ?? 0n),
    max: (args) => extremeOf(args, 1, items, call),
    min: (args) => extremeOf(args, -1, items, call),
    abs: ({ list }) => absolute(list[0] ?? null),
    round: ({ list }) => rounded(list[0] ?? null, list[1]),
    sorted: (args) => new List(sorted(items(args.list[0]), args, run())),
    reversed: ({ list }) => new List(items(list[0]).reverse()),
    any: ({ list }) => items(list[0]).some(truthOf),
    all: ({ list }) => items(list[0]).every(truthOf),
    map: ({ list }) => {
      const [fn = null, ...rest] = list;
      const rows = rest.map(items);
      return new List(
        rows.length ? rows[0].map((_, index) => call(fn, ...rows.map((row) => row[index]))) : [],
      );
    },
    filter: ({ list }) =>
      new List(items(list[1]).filter((item) => truthOf(list[0] === null ? item : call(list[0], item)))),
    isinstance: ({ list }) => {
      const [value = null, wanted = null] = list;
      const options = wanted instanceof Tuple ? wanted.items : [wanted];
      return options.some((type) => {
        if (!(type instanceof TypeValue))
          throw typeError('isinstance() arg 2 must be a type, a tuple of types, or a union');
        return type.owns(value);
      });
    },
    repr: ({ list }) => repr(list[0] ?? null, run().print),
    format: ({ list }) => format(list[0] ?? null, typeof list[1] === 'string' ? list[1] : '', run().print),
    divmod: ({ list }) =>
      new Tuple([
        binary('//', list[0] ?? null, list[1] ?? null),
        binary('%', list[0] ?? null, list[1] ?? null),
      ]),
    pow: ({ list }) => binary('**', list[0] ?? null, list[1] ?? null),
    id: ({ list }) => BigInt(typeof list[0] === 'object' && list[0] !== null ? identityOf(list[0]) : 0),
    hasattr: ({ list }) =>
      typeof list[1] === 'string' &&
      list[0] instanceof Tensor &&
      tensorMethod(list[0], list[1]) !== undefined,
    callable: ({ list }) =>
      list[0] instanceof Callable || list[0] instanceof TypeValue || isLayer(list[0] ?? null),
    iter: ({ list }) => new List(items(list[0])),
    next: ({ list }) => {
      const item = list[0] instanceof List ? list[0].items.shift() : undefined;
      if (item === undefined) throw new PythonError('StopIteration', '');
      return item;
    },
    chr: ({ list }) => String.fromCodePoint(Number(list[0])),
    ord: ({ list }) => BigInt(typeof list[0] === 'string' ? (list[0].codePointAt(0) ?? 0) : 0),
  };
  const builtins = new Map<string, Value>(
    Object.entries(functions).map(([name, fn]) => [name, new Callable(name, fn)]),
  );
  for (const type of [...makeTypes(items), ...errorTypes()]) builtins.set(type.name, type);
  return builtins;
}

function makeTypes(items: (value: Value | undefined) => Value[]): TypeValue[] {
  return [
    types.int((args) => toInt(args.list[0] ?? 0n)),
    types.float((args) => toFloat(args.list[0] ?? 0)),
    types.bool((args) => truthOf(args.list[0] ?? false)),
    types.str((args) => str(args.list[0] ?? '')),
    types.list((args) => new List(args.list.length ? items(args.list[0]) : [])),
    types.tuple((args) => new Tuple(args.list.length ? items(args.list[0]) : [])),
    types.set((args) => makeSet(args.list.length ? items(args.list[0]) : [])),
    types.dict((args) => toDict(args, items)),
    types.range((args) => toRange(args.list)),
    types.type((args) => typeOfValue(args.list[0] ?? null)),
  ];
}

function toDict({ list, named }: Args, items: (value: Value | undefined) => Value[]): Dict {
  const dict = new Dict();
  if (list[0] instanceof Dict) for (const [key, entry] of list[0].entries) dict.entries.set(key, entry);
  else if (list.length)
    for (const pair of items(list[0])) {
      const [key = null, value = null] = items(pair);
      dict.entries.set(keyOf(key), [key, value]);
    }
  for (const [key, value] of named) dict.entries.set(keyOf(key), [key, value]);
  return dict;
}

function toRange(list: readonly Value[]): Range {
  const wrong = list.find(
    (value) =>
      typeof value !== 'bigint' &&
      typeof value !== 'boolean' &&
      !(value instanceof Scalar) &&
      !(value instanceof Tensor && value.dtype.kind === 'int'),
  );
  if (wrong !== undefined) throw typeError(`'${typeName(wrong)}' object cannot be interpreted as an integer`);
  const [a = 0, b, step = 1] = list.map((value) =>
    Number(value instanceof Tensor ? valuesOf(value)[0] : value instanceof Scalar ? value.value : value),
  );
  if (step === 0) throw valueError('range() arg 3 must not be zero');
  const range = b === undefined ? new Range(0, a, 1) : new Range(a, b, step);
  checkLength(range.length);
  return range;
}

function lengthOf(value: Value): Value {
  if (typeof value === 'string') return BigInt(Array.from(value).length);
  if (value instanceof List || value instanceof Tuple) return BigInt(value.items.length);
  if (value instanceof Dict) return BigInt(value.entries.size);
  if (value instanceof SetValue) return BigInt(value.items.size);
  if (value instanceof Range) return BigInt(value.length);
  if (value instanceof Tensor) {
    if (value.rank === 0) throw typeError('len() of a 0-d tensor');
    return BigInt(value.shape[0]);
  }
  if (value instanceof ArrayValue) {
    if (value.tensor.rank === 0) throw typeError('len() of unsized object');
    return BigInt(value.tensor.shape[0]);
  }
  if (isLayer(value) && value.type === 'Sequential') return BigInt(value.children.size);
  throw typeError(`object of type '${typeName(value)}' has no len()`);
}

/** `int(value)`. */
function toInt(value: Value): bigint {
  if (value instanceof Tensor) return toInt(oneOf(value));
  if (value instanceof Scalar) return toInt(value.value);
  if (value instanceof ArrayValue) return toInt(oneOf(value.tensor));
  if (typeof value === 'number') {
    if (Number.isNaN(value)) throw valueError('cannot convert float NaN to integer');
    if (!Number.isFinite(value))
      throw new PythonError('OverflowError', 'cannot convert float infinity to integer');
    return BigInt(Math.trunc(value));
  }
  if (isNumber(value)) return BigInt(value);
  if (typeof value === 'string') {
    if (!/^\s*[-+]?\d[\d_]*\s*$/.test(value))
      throw valueError(`invalid literal for int() with base 10: ${repr(value)}`);
    return BigInt(value.trim().replaceAll('_', '').replace(/^\+/, ''));
  }
  throw typeError(
    `int() argument must be a string, a bytes-like object or a real number, not '${typeName(value)}'`,
  );
}

/** `float(value)`. */
function toFloat(value: Value): number {
  if (value instanceof Tensor) return toFloat(oneOf(value));
  if (value instanceof ArrayValue) return toFloat(oneOf(value.tensor));
  if (value instanceof Scalar) return value.value;
  if (isNumber(value)) return Number(value);
  if (typeof value === 'string') {
    const word = /^\s*([-+]?)(inf(?:inity)?|nan)\s*$/i.exec(value);
    if (word) return word[2].toLowerCase() === 'nan' ? NaN : word[1] === '-' ? -Infinity : Infinity;
    if (value.trim() === '' || Number.isNaN(Number(value)))
      throw valueError(`could not convert string to float: ${repr(value)}`);
    return Number(value);
  }
  throw typeError(`float() argument must be a string or a real number, not '${typeName(value)}'`);
}

function oneOf(tensor: Tensor): Value {
  if (tensor.count !== 1) throw valueError('only one element tensors can be converted to Python scalars');
  return itemOf(tensor);
}

function absolute(value: Value): Value {
  if (value instanceof Tensor) return mapValues(value, Math.abs);
  if (typeof value === 'bigint') return value < 0n ? -value : value;
  if (typeof value === 'number') return Math.abs(value);
  if (typeof value === 'boolean') return BigInt(value);
  throw typeError(`bad operand type for abs(): '${typeName(value)}'`);
}

function rounded(value: Value, digits: Value | undefined): Value {
  if (value instanceof Tensor) return itemOf(value);
  const number = value instanceof Scalar ? value.value : value;
  if (typeof number === 'bigint' || typeof number === 'boolean') return BigInt(number);
  if (typeof number !== 'number') throw typeError(`type ${typeName(value)} doesn't define __round__ method`);
  return digits === undefined || digits === null
    ? BigInt(fixed(number, 0))
    : Number(fixed(number, Math.max(0, Number(digits))));
}

function extremeOf(
  { list, named }: Args,
  sign: 1 | -1,
  items: (value: Value | undefined) => Value[],
  call: (fn: Value, item: Value) => Value,
): Value {
  const name = sign === 1 ? 'max' : 'min';
  const all = list.length === 1 ? items(list[0]) : list;
  const key = named.get('key');
  if (all.length === 0) {
    if (named.has('default')) return named.get('default') ?? null;
    throw valueError(`${name}() arg is an empty sequence`);
  }
  const worth = (item: Value) => (key && key !== null ? call(key, item) : item);
  return all.reduce((best, item) => {
    const order = ordered(worth(item), worth(best));
    if (order === undefined)
      throw typeError(
        `'${sign === 1 ? '>' : '<'}' not supported between instances of '${typeName(item)}' and '${typeName(best)}'`,
      );
    return order * sign > 0 ? item : best;
  });
}
