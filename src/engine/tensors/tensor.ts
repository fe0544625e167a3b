/**
 * A tensor as PyTorch has it: memory, and a rule (shape, strides, offset) that turns indices into places in it. Views share
 * the memory of the tensor that they were taken from. Values of every type are kept as doubles.
 */
import type { GradNode } from './autograd.ts';
import { bool, float32, int64, type DType } from './dtype.ts';
import { BenchStop } from './python-error.ts';

/** Memory that tensors share. `version` counts writes, so that a backward pass notices a value that was changed since. */
export interface Memory {
  data: Float64Array;
  version: number;
}

/** How much one run may make. */
export const limits = {
  /** Elements of one tensor. */
  elements: 2_000_000,
  /** Elements of all tensors of one run together. */
  total: 20_000_000,
  /** Axes; PyTorch has the same limit. */
  axes: 64,
};

const spent = { elements: 0 };

/** Begins to count a run's memory from zero. */
export function resetMemory(): void {
  spent.elements = 0;
}

/** Raises a BenchStop where a tensor would be too large for a page. */
export function checkCount(count: number): void {
  if (!(count <= limits.elements))
    throw new BenchStop(
      'TooLarge',
      `This tensor would have ${countWords(count)} elements. The bench makes at most ${countWords(limits.elements)}; real PyTorch asks your memory alone.`,
    );
}

/** Fresh memory. Raises a BenchStop where a tensor, or all of one run, would be too large for a page. */
export function allocate(count: number): Memory {
  checkCount(count);
  spent.elements += count;
  if (spent.elements > limits.total)
    throw new BenchStop(
      'TooLarge',
      `This run has made ${countWords(limits.total)} elements in all, and the bench stops there. Smaller tensors show the same.`,
    );
  return { data: new Float64Array(count), version: 0 };
}

function countWords(count: number): string {
  return count < 1e15 ? count.toLocaleString('en-GB') : count.toExponential(1);
}

/** A tensor. Shape, strides and offset count elements; gradients stand at leaves. */
export class Tensor {
  readonly memory: Memory;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly offset: number;
  /** Whether it is a leaf that asks for its gradient; a result is in the graph by its `gradFn`. */
  isWatched = false;
  grad: Tensor | undefined;
  gradFn: GradNode | undefined;
  /** Which of its function's outputs it is. */
  output = 0;
  /** The tensor whose memory it views. */
  base: Tensor | undefined;
  /** Made in inference mode: may never enter a graph. */
  isInference = false;
  /** For the drawing: the function that made what was detached here. */
  cutFrom: GradNode | undefined;
  /** A weight of a layer, which prints itself as such. */
  isParameter = false;
  keepsGrad = false;

  constructor(
    memory: Memory,
    dtype: DType,
    shape: readonly number[],
    strides: readonly number[] = denseStrides(shape),
    offset = 0,
  ) {
    this.memory = memory;
    this.dtype = dtype;
    this.shape = shape;
    this.strides = strides;
    this.offset = offset;
  }

  get requiresGrad(): boolean {
    return this.isWatched || this.gradFn !== undefined;
  }

  get count(): number {
    return countOf(this.shape);
  }

  get rank(): number {
    return this.shape.length;
  }

  /** Whether the elements stand in memory row by row without gaps. */
  get isDense(): boolean {
    const dense = denseStrides(this.shape);
    return (
      this.count === 0 || this.shape.every((size, axis) => size === 1 || this.strides[axis] === dense[axis])
    );
  }
}

/** Number of elements of a shape. */
export function countOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Strides of a tensor filled row by row. */
export function denseStrides(shape: readonly number[]): number[] {
  const strides = shape.map(() => 1);
  for (let axis = shape.length - 2; axis >= 0; axis--)
    strides[axis] = strides[axis + 1] * Math.max(1, shape[axis + 1]);
  return strides;
}

/** The places in memory of all elements, row by row. */
export function placesOf({
  shape,
  strides,
  offset,
}: Pick<Tensor, 'shape' | 'strides' | 'offset'>): Int32Array {
  checkCount(countOf(shape));
  let places = new Int32Array([offset]);
  shape.forEach((size, axis) => {
    const next = new Int32Array(places.length * size);
    const stride = strides[axis];
    places.forEach((place, at) => {
      for (let index = 0; index < size; index++) next[at * size + index] = place + index * stride;
    });
    places = next;
  });
  return places;
}

/** The elements, row by row. Not to be written to: it may be the tensor's own memory. */
export function valuesOf(tensor: Tensor): Float64Array {
  const { data } = tensor.memory;
  if (tensor.isDense) return data.subarray(tensor.offset, tensor.offset + tensor.count);
  const places = placesOf(tensor);
  return Float64Array.from(places, (place) => data[place]);
}

/** A new tensor of these values, rounded to the type. */
export function tensorOf(
  values: ArrayLike<number>,
  shape: readonly number[],
  dtype: DType = float32,
): Tensor {
  const memory = allocate(countOf(shape));
  const { round } = dtype;
  for (let at = 0; at < memory.data.length; at++) memory.data[at] = round(values[at]);
  return new Tensor(memory, dtype, shape);
}

/** A new tensor with one value in every place. */
export function filled(shape: readonly number[], value: number, dtype: DType = float32): Tensor {
  const memory = allocate(countOf(shape));
  memory.data.fill(dtype.round(value));
  return new Tensor(memory, dtype, shape);
}

/** Writes values, row by row, into the tensor's memory. */
export function writeValues(tensor: Tensor, values: ArrayLike<number>): void {
  const places = placesOf(tensor);
  const { data } = tensor.memory;
  const { round } = tensor.dtype;
  for (let at = 0; at < places.length; at++) data[places[at]] = round(values[at]);
  tensor.memory.version++;
}

/** The type that a number of Python's brings. */
export function numberType(value: number | bigint | boolean): DType {
  return typeof value === 'boolean' ? bool : typeof value === 'bigint' ? int64 : float32;
}
