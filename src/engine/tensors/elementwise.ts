/** Arithmetic on values, element by element, without any record: what operations and their walk back are made of. */
import type { DType } from './dtype.ts';
import { broadcastShapes } from './shapes.ts';
import { Tensor, allocate, countOf, placesOf, tensorOf, valuesOf } from './tensor.ts';

/** A new tensor with the function of every element. */
export function mapValues(
  tensor: Tensor,
  fn: (value: number) => number,
  dtype: DType = tensor.dtype,
): Tensor {
  const values = valuesOf(tensor);
  const memory = allocate(values.length);
  for (let at = 0; at < values.length; at++) memory.data[at] = dtype.round(fn(values[at]));
  return new Tensor(memory, dtype, tensor.shape);
}

/** A new tensor with the function of every pair, after both shapes are stretched to a common one. */
export function zipValues(a: Tensor, b: Tensor, fn: (a: number, b: number) => number, dtype: DType): Tensor {
  const shape = broadcastShapes(a.shape, b.shape);
  const [valuesA, valuesB] = [stretchedValues(a, shape), stretchedValues(b, shape)];
  const memory = allocate(countOf(shape));
  for (let at = 0; at < memory.data.length; at++) memory.data[at] = dtype.round(fn(valuesA[at], valuesB[at]));
  return new Tensor(memory, dtype, shape);
}

/** The elements of a tensor stretched to a shape that it fits, row by row. */
export function stretchedValues(tensor: Tensor, shape: readonly number[]): Float64Array {
  if (shape.length === tensor.rank && shape.every((size, axis) => size === tensor.shape[axis]))
    return valuesOf(tensor);
  const { data } = tensor.memory;
  const places = placesOf({ shape, strides: stretchedStrides(tensor, shape), offset: tensor.offset });
  return Float64Array.from(places, (place) => data[place]);
}

/** Strides that repeat a tensor along new axes and axes of length 1. */
export function stretchedStrides(tensor: Tensor, shape: readonly number[]): number[] {
  const extra = shape.length - tensor.rank;
  return shape.map((size, axis) =>
    axis < extra || (tensor.shape[axis - extra] === 1 && size !== 1) ? 0 : tensor.strides[axis - extra],
  );
}

/** The sum of two tensors of one shape. */
export function addValues(a: Tensor, b: Tensor): Tensor {
  return zipValues(a, b, (x, y) => x + y, a.dtype);
}

/** The product of two tensors, stretched. */
export function timesValues(a: Tensor, b: Tensor): Tensor {
  return zipValues(a, b, (x, y) => x * y, a.dtype);
}

/** Sums a tensor over whatever axes were stretched from `shape`: the walk back of broadcasting. */
export function sumTo(tensor: Tensor, shape: readonly number[], dtype: DType = tensor.dtype): Tensor {
  const extra = tensor.rank - shape.length;
  if (extra === 0 && shape.every((size, axis) => size === tensor.shape[axis]) && dtype === tensor.dtype)
    return tensor;
  const target: Pick<Tensor, 'shape' | 'strides' | 'offset'> = {
    shape: tensor.shape,
    strides: stretchedStrides(
      new Tensor({ data: new Float64Array(0), version: 0 }, dtype, shape),
      tensor.shape,
    ),
    offset: 0,
  };
  const sums = new Float64Array(countOf(shape));
  const values = valuesOf(tensor);
  placesOf(target).forEach((place, at) => {
    sums[place] += values[at];
  });
  return tensorOf(sums, shape, dtype);
}
