/** Rules about shapes, with PyTorch's own words where they are broken. */
import { indexError, runtimeError } from './python-error.ts';
import { countOf } from './tensor.ts';

/** A shape as messages print it: [2, 3]. */
export function sayShape(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}

/** An axis counted from the front. Raises an IndexError if there is none; `extra` is 1 where a new axis may stand behind the last. */
export function axisOf(axis: number, rank: number, extra = 0): number {
  const count = Math.max(1, rank + extra);
  if (axis < -count || axis >= count)
    throw indexError(
      `Dimension out of range (expected to be in range of [${-count}, ${count - 1}], but got ${axis})`,
    );
  return axis < 0 ? axis + count : axis;
}

/** The shape that two shapes are stretched to (https://numpy.org/doc/stable/user/basics.broadcasting.html). */
export function broadcastShapes(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  const shape = new Array<number>(rank);
  for (let axis = rank - 1; axis >= 0; axis--) {
    const sizeA = a[axis - rank + a.length] ?? 1;
    const sizeB = b[axis - rank + b.length] ?? 1;
    if (sizeA !== sizeB && sizeA !== 1 && sizeB !== 1)
      throw runtimeError(
        `The size of tensor a (${sizeA}) must match the size of tensor b (${sizeB}) at non-singleton dimension ${axis}`,
      );
    shape[axis] = sizeA === 1 ? sizeB : sizeA;
  }
  return shape;
}

/** The wanted shape with its −1 replaced by what is left. */
export function inferShape(wanted: readonly number[], count: number): number[] {
  const open = wanted.indexOf(-1);
  wanted.forEach((size, index) => {
    if (size < -1)
      throw runtimeError(`invalid shape dimension ${size} at index ${index} of shape ${sayShape(wanted)}`);
    if (size === -1 && index !== open) throw runtimeError('only one dimension can be inferred');
  });
  const known = countOf(wanted.filter((size) => size !== -1));
  if (open >= 0 && known === 0)
    throw runtimeError(
      `cannot reshape tensor of 0 elements into shape ${sayShape(wanted)} because the unspecified dimension size -1 can be any value and is ambiguous`,
    );
  const fits = open < 0 ? known === count : count % known === 0;
  if (!fits) throw runtimeError(`shape '${sayShape(wanted)}' is invalid for input of size ${count}`);
  return wanted.map((size) => (size === -1 ? count / known : size));
}

/** Strides that give the same elements in another shape, or undefined if no strides can. */
export function viewStrides(
  shape: readonly number[],
  strides: readonly number[],
  wanted: readonly number[],
): number[] | undefined {
  const result = wanted.map(() => 1);
  let axis = wanted.length - 1;
  let base = strides.at(-1) ?? 1;
  let [seen, viewed] = [1, 1];
  for (let old = shape.length - 1; old >= 0; old--) {
    seen *= shape[old];
    // Axes that follow on from each other in memory form one run
    if (old > 0 && (shape[old - 1] === 1 || strides[old - 1] === seen * base)) continue;
    while (axis >= 0 && (viewed < seen || wanted[axis] === 1)) {
      result[axis] = viewed * base;
      viewed *= wanted[axis];
      axis--;
    }
    if (viewed !== seen) return undefined;
    if (old > 0) [base, seen, viewed] = [strides[old - 1], 1, 1];
  }
  return axis < 0 || shape.length === 0 ? result : undefined;
}
