import type { Dims } from '../../dimensions.ts';
import type { DataType, Node } from '../../types.ts';
import type { Contents } from '../contents.ts';
import type { ValueType } from '../value-type.ts';

/** What a fold sees of its node. */
export interface FoldSite {
  readonly node: Node;
  readonly opset: number;
  /** Contents by input position; undefined for an input that is not there or not known. */
  readonly inputs: readonly (Contents | undefined)[];
  readonly types: readonly ValueType[];
  /** Types of the outputs as the shape rule gave them. */
  readonly results: readonly ValueType[];
}

/** Computes what is known of an operator's first output (or of several), or undefined. */
export type Fold = (site: FoldSite) => Contents | readonly (Contents | undefined)[] | undefined;

/** Dimensions that are all numbers, else undefined. */
export function numericDims(dims: Dims | undefined): readonly number[] | undefined {
  const sizes = dims?.filter((dim) => typeof dim === 'number' && dim >= 0);
  return sizes !== undefined && sizes.length === dims?.length ? (sizes as readonly number[]) : undefined;
}

/** The result's dimensions by the shape rule, when they are numbers. */
export function resultDims({ results }: FoldSite): readonly number[] | undefined {
  return numericDims(results.at(0)?.dims);
}

/** Whether elements of a type are whole numbers. */
export function isWhole(dtype: DataType | undefined): boolean {
  return dtype !== undefined && /^(u?int|bool)/.test(dtype);
}

/** Steps between neighbours along each axis, in elements. */
export function stridesOf(dims: readonly number[]): number[] {
  const strides = Array<number>(dims.length).fill(1);
  for (let axis = dims.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1] * dims[axis + 1];
  return strides;
}

/** For each element of a result, the position of the element of a source that `indexOf` picks by the result's coordinates. */
export function pick(
  source: Contents,
  dims: readonly number[],
  indexOf: (coordinates: readonly number[]) => number,
): Contents {
  const count = dims.reduce((product, size) => product * size, 1);
  const strides = stridesOf(dims);
  const items = Array.from({ length: count }, (_, at) => {
    const coordinates = dims.map((size, axis) => Math.floor(at / strides[axis]) % size);
    return source.items[indexOf(coordinates)] ?? '?';
  });
  return { dims, items };
}

/** The position of coordinates in a tensor that is broadcast to more axes or longer ones. */
export function broadcastIndex(dims: readonly number[]): (coordinates: readonly number[]) => number {
  const strides = stridesOf(dims);
  return (coordinates) => {
    const skipped = coordinates.length - dims.length;
    let index = 0;
    for (let axis = 0; axis < dims.length; axis++)
      if (dims[axis] !== 1) index += coordinates[axis + skipped] * strides[axis];
    return index;
  };
}
