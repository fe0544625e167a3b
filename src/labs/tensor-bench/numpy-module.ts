/** The `numpy` module: making arrays, and the few functions that a first notebook meets. */
import { dtypes, float64, int64, bool, type DType } from '../../engine/tensors/dtype.ts';
import { concatenate, stack } from '../../engine/tensors/joining.ts';
import { matmul } from '../../engine/tensors/matmul.ts';
import { mapValues } from '../../engine/tensors/elementwise.ts';
import { PythonError, typeError, valueError } from '../../engine/tensors/python-error.ts';
import { Tensor, checkCount, filled, tensorOf, valuesOf } from '../../engine/tensors/tensor.ts';
import { arrayAttribute, arrayNames, shapeFrom } from './array-methods.ts';
import { toNumber } from './arguments.ts';
import { tensorFrom } from './make-tensor.ts';
import { isArray } from './types.ts';
import {
  ArrayValue,
  Callable,
  DTypeValue,
  List,
  Module,
  Tuple,
  TypeValue,
  type Args,
  type Value,
} from './values.ts';

function dtypeOf({ named }: Args): DType | undefined {
  const value = named.get('dtype');
  return value instanceof DTypeValue ? value.dtype : undefined;
}

/** An array of data: floats are float64 here, not float32. */
function arrayFrom(data: Value, dtype?: DType): Tensor {
  try {
    const tensor = tensorFrom(data, dtype ?? (hasFloat(data) ? float64 : undefined));
    return tensor;
  } catch (error) {
    if (error instanceof PythonError && error.message.startsWith('expected sequence')) {
      const length = data instanceof List || data instanceof Tuple ? data.items.length : 0;
      throw valueError(
        `setting an array element with a sequence. The requested array has an inhomogeneous shape after 1 dimensions. The detected shape was (${length},) + inhomogeneous part.`,
      );
    }
    throw error;
  }
}

function hasFloat(data: Value): boolean {
  if (data instanceof List || data instanceof Tuple)
    return data.items.length === 0 || data.items.some(hasFloat);
  return typeof data === 'number';
}

const arrayOf = (value: Value | undefined): Tensor =>
  value instanceof ArrayValue ? value.tensor : arrayFrom(value ?? null);

/** Functions that are methods of arrays as well: np.sum(a) is a.sum(). */
function fromMethod(name: string): Callable {
  return new Callable(name, ({ list, named }) => {
    const method = arrayAttribute(new ArrayValue(arrayOf(list[0])), name);
    if (!(method instanceof Callable)) throw typeError(`numpy has no ${name}`);
    return method.call({ list: list.slice(1), named });
  });
}

const elementwise: Readonly<Record<string, (value: number) => number>> = {
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
  tanh: Math.tanh,
  sin: Math.sin,
  cos: Math.cos,
  abs: Math.abs,
};

/** The module. */
export function makeNumpy(): Module {
  const make = (name: string, work: (args: Args) => Tensor): [string, Value] => [
    name,
    new Callable(name, (args) => new ArrayValue(work(args))),
  ];
  const parts = ({ list }: Args) =>
    list[0] instanceof List || list[0] instanceof Tuple ? list[0].items.map(arrayOf) : [];
  const axis = ({ list, named }: Args) => toNumber(named.get('axis') ?? list[1]) ?? 0;
  const sizes = ({ list }: Args) => shapeFrom(list.slice(0, 1));
  return new Module(
    'numpy',
    new Map<string, Value>([
      make('array', (args) => arrayFrom(args.list[0] ?? null, dtypeOf(args))),
      make('asarray', (args) => arrayFrom(args.list[0] ?? null, dtypeOf(args))),
      make('zeros', (args) => filled(sizes(args), 0, dtypeOf(args) ?? float64)),
      make('ones', (args) => filled(sizes(args), 1, dtypeOf(args) ?? float64)),
      make('full', (args) =>
        filled(
          sizes(args),
          toNumber(args.list[1]) ?? 0,
          dtypeOf(args) ?? (typeof args.list[1] === 'bigint' ? int64 : float64),
        ),
      ),
      make('arange', (args) => {
        const [a = 0, b, step = 1] = args.list.map((value) => toNumber(value) ?? 0);
        const [from, to] = b === undefined ? [0, a] : [a, b];
        const count = Math.max(0, Math.ceil((to - from) / step));
        checkCount(count);
        const isFloat = args.list.some((value) => typeof value === 'number');
        return tensorOf(
          Array.from({ length: count }, (_, at) => from + at * step),
          [count],
          dtypeOf(args) ?? (isFloat ? float64 : int64),
        );
      }),
      make('stack', (args) => stack(parts(args), axis(args))),
      make('concatenate', (args) => concatenate(parts(args), axis(args))),
      make('expand_dims', (args) => {
        const own = arrayOf(args.list[0]);
        const at = axis(args) < 0 ? axis(args) + own.rank + 1 : axis(args);
        return new Tensor(
          own.memory,
          own.dtype,
          own.shape.toSpliced(at, 0, 1),
          own.strides.toSpliced(at, 0, 1),
          own.offset,
        );
      }),
      make('matmul', ({ list }) => matmul(arrayOf(list[0]), arrayOf(list[1]))),
      ...Object.entries(elementwise).map(([name, fn]) =>
        make(name, ({ list }) =>
          mapValues(
            arrayOf(list[0]),
            fn,
            arrayOf(list[0]).dtype.kind === 'float' ? arrayOf(list[0]).dtype : float64,
          ),
        ),
      ),
      ...arrayNames()
        .filter((name) =>
          [
            'sum',
            'mean',
            'max',
            'min',
            'std',
            'var',
            'prod',
            'argmax',
            'argmin',
            'reshape',
            'transpose',
            'squeeze',
          ].includes(name),
        )
        .map((name): [string, Value] => [name, fromMethod(name)]),
      [
        'array_equal',
        new Callable(
          'array_equal',
          ({ list }) => String(valuesOf(arrayOf(list[0]))) === String(valuesOf(arrayOf(list[1]))),
        ),
      ],
      ['ndarray', new TypeValue('numpy.ndarray', isArray)],
      ...['int64', 'int32', 'float32', 'float64', 'uint8'].map((name): [string, Value] => [
        name,
        new DTypeValue(dtypes[name], true),
      ]),
      ['bool_', new DTypeValue(bool, true)],
      ['pi', Math.PI],
      ['inf', Infinity],
      ['nan', NaN],
      ['newaxis', null],
    ]),
  );
}
