/** Methods and facts of NumPy arrays: the few that a first notebook meets. */
import { float64 } from '../../engine/tensors/dtype.ts';
import { PythonError } from '../../engine/tensors/python-error.ts';
import {
  argExtreme,
  extreme,
  extremeAlong,
  mean,
  product,
  sum,
  variance,
  type Axes,
} from '../../engine/tensors/reductions.ts';
import { mapValues } from '../../engine/tensors/elementwise.ts';
import type { Tensor } from '../../engine/tensors/tensor.ts';
import { tensorOf, valuesOf } from '../../engine/tensors/tensor.ts';
import { permute, reshape, squeeze } from '../../engine/tensors/views.ts';
import { toNumber } from './arguments.ts';
import { listOf } from './operations-graph.ts';
import { itemOf } from './text.ts';
import { ArrayValue, Callable, DTypeValue, List, Scalar, Tuple, type Args, type Value } from './values.ts';

const facts: Readonly<Record<string, (tensor: Tensor) => Value>> = {
  shape: (tensor) => new Tuple(tensor.shape.map(BigInt)),
  dtype: (tensor) => new DTypeValue(tensor.dtype, true),
  ndim: (tensor) => BigInt(tensor.rank),
  size: (tensor) => BigInt(tensor.count),
  nbytes: (tensor) => BigInt(tensor.count * tensor.dtype.bytes),
  itemsize: (tensor) => BigInt(tensor.dtype.bytes),
  strides: (tensor) => new Tuple(tensor.strides.map((stride) => BigInt(stride * tensor.dtype.bytes))),
  T: (tensor) =>
    new ArrayValue(
      permute(
        tensor,
        tensor.shape.map((_, axis) => tensor.rank - 1 - axis),
      ),
    ),
};

/** One number as NumPy hands it out, an array as an array. */
function given(tensor: Tensor): Value {
  return tensor.rank === 0 ? new Scalar(valuesOf(tensor)[0], tensor.dtype) : new ArrayValue(tensor);
}

function axesOf({ list, named }: Args): Axes {
  const axis = toNumber(named.get('axis') ?? list[0]);
  return axis === undefined ? {} : { axes: [axis] };
}

const real = (tensor: Tensor) =>
  tensor.dtype.kind === 'float' ? tensor : mapValues(tensor, (value) => value, float64);

const methods: Readonly<Record<string, (tensor: Tensor, args: Args) => Value>> = {
  tolist: (tensor) => listOf(tensor),
  copy: (tensor) => new ArrayValue(tensorOf(valuesOf(tensor), tensor.shape, tensor.dtype)),
  item: (tensor) => {
    if (tensor.count !== 1)
      throw new PythonError('ValueError', 'can only convert an array of size 1 to a Python scalar');
    return itemOf(tensor);
  },
  sum: (tensor, args) => given(sum(tensor, axesOf(args))),
  prod: (tensor, args) => given(product(tensor, axesOf(args))),
  mean: (tensor, args) => given(mean(real(tensor), axesOf(args))),
  var: (tensor, args) => given(variance(real(tensor), { ...axesOf(args), correction: 0 })),
  std: (tensor, args) =>
    given(mapValues(variance(real(tensor), { ...axesOf(args), correction: 0 }), Math.sqrt)),
  max: (tensor, args) => given(alongOrAll(tensor, args, 'max')),
  min: (tensor, args) => given(alongOrAll(tensor, args, 'min')),
  argmax: (tensor, args) => given(argExtreme(tensor, 'max', axesOf(args).axes?.[0])),
  argmin: (tensor, args) => given(argExtreme(tensor, 'min', axesOf(args).axes?.[0])),
  reshape: (tensor, { list }) => new ArrayValue(reshape(tensor, shapeFrom(list))),
  flatten: (tensor) => new ArrayValue(tensorOf(valuesOf(tensor), [tensor.count], tensor.dtype)),
  squeeze: (tensor) => new ArrayValue(squeeze(tensor)),
  transpose: (tensor) => facts['T'](tensor),
  astype: (tensor, { list }) => {
    const [wanted] = list;
    const dtype = wanted instanceof DTypeValue ? wanted.dtype : float64;
    return new ArrayValue(mapValues(tensor, (value) => value, dtype));
  },
};

function alongOrAll(tensor: Tensor, args: Args, kind: 'max' | 'min'): Tensor {
  const axis = axesOf(args).axes?.[0];
  return axis === undefined ? extreme(tensor, kind) : extremeAlong(tensor, kind, axis).values;
}

/** A shape from the arguments of a call: numbers, or one tuple of them. */
export function shapeFrom(list: readonly Value[]): number[] {
  const [first] = list;
  const items = first instanceof Tuple || first instanceof List ? first.items : list;
  return items.map((item) => toNumber(item) ?? 0);
}

/** An attribute or method of an array, or undefined. */
export function arrayAttribute({ tensor }: ArrayValue, name: string): Value | undefined {
  if (Object.hasOwn(facts, name)) return facts[name](tensor);
  return Object.hasOwn(methods, name) ? new Callable(name, (args) => methods[name](tensor, args)) : undefined;
}

/** What arrays know. */
export function arrayNames(): string[] {
  return [...Object.keys(facts), ...Object.keys(methods)];
}
