import { numberValues } from '../tensor-values.ts';
import type { Dim, Tensor } from '../types.ts';

/**
 * The elements of a small tensor that steers shapes (a shape, axes, scales, a condition), as far as they are known before
 * anything runs: numbers, names of sizes, '?' for unknown ones. Truth values are 0 and 1.
 */
export interface Contents {
  readonly dims: readonly number[];
  /** In row-major order. */
  readonly items: readonly Dim[];
}

/** Shapes, axes and the like have few elements; larger tensors are weights and of no interest here. */
export const mostItems = 1024;

const readable = new Set([
  'int64',
  'int32',
  'bool',
  'uint8',
  'int8',
  'uint64',
  'uint32',
  'int16',
  'uint16',
  'float32',
  'float64',
]);

/** Float tensors that steer shapes are scales, one per axis; a bias is not one of them. */
const mostFloats = 64;

/** Whether a stored tensor's elements can be looked at without reading weights. */
export function mayHoldContents({ dtype, dims, external, place }: Tensor): boolean {
  return (
    external === undefined &&
    place === undefined &&
    dims.length <= 4 &&
    countItems(dims) <= (dtype.startsWith('float') ? mostFloats : mostItems) &&
    readable.has(dtype)
  );
}

/** The elements of a stored tensor; undefined for large ones, text and what is not in memory. */
export function contentsOf(tensor: Tensor): Contents | undefined {
  if (!mayHoldContents(tensor)) return undefined;
  const items = numberValues(tensor);
  return items.length === countItems(tensor.dims) ? { dims: tensor.dims, items } : undefined;
}

/** Contents of one axis. */
export function listContents(items: readonly Dim[]): Contents {
  return { dims: [items.length], items };
}

/** Contents without axes. */
export function scalarContents(item: Dim): Contents {
  return { dims: [], items: [item] };
}

/** The number of elements of a shape without names. */
export function countItems(dims: readonly number[]): number {
  return dims.reduce((product, size) => product * size, 1);
}
