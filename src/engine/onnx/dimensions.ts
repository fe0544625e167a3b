/**
 * Arithmetic on dimensions of which some are names (the batch N) that only become numbers at run time. Results are numbers
 * where they can be, else expressions such as "2*N + 1" or "floor((H + 1)/2)" (shape/expression.ts), else '?'.
 */
import {
  addSums,
  constant,
  divideExactly,
  extreme,
  floorDivide,
  isAtMost,
  multiplySums,
  sumOf,
  textOf,
} from './shape/expression.ts';
import { evaluateSum } from './shape/evaluate.ts';
import type { Dim } from './types.ts';

/** Dimensions of a value; '?' never equals anything, not even itself. */
export type Dims = readonly Dim[];

/** Whether two dimensions are certainly the same. */
export function sameDim(a: Dim, b: Dim): boolean {
  return a === b && a !== '?';
}

/** Whether two dimensions are certainly different: they differ by a number other than 0. */
export function differ(a: Dim, b: Dim): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a !== b;
  const difference = subtractDims(a, b);
  return typeof difference === 'number' && difference !== 0;
}

/** numpy broadcasting of two shapes; undefined where they cannot go together. */
export function broadcast(a: Dims, b: Dims): Dim[] | undefined {
  const rank = Math.max(a.length, b.length);
  const dims: Dim[] = [];
  for (let i = 0; i < rank; i++) {
    const x = a[i - rank + a.length] ?? 1;
    const y = b[i - rank + b.length] ?? 1;
    if (x === 1 || sameDim(x, y)) dims.push(y);
    else if (y === 1) dims.push(x);
    else if (typeof x === 'number' && typeof y === 'number') return undefined;
    // a name against a size above 1: only that size can be right, the runtime checks it
    else dims.push(typeof x === 'number' ? x : typeof y === 'number' ? y : '?');
  }
  return dims;
}

/** The product of dimensions: a number, a name ("N"), or an expression ("256*N"); '?' when one is unknown. */
export function multiplyDims(dims: Dims): Dim {
  if (dims.every((dim) => typeof dim === 'number')) return dims.reduce((product, dim) => product * dim, 1);
  if (dims.includes(0)) return 0;
  let product = constant(1);
  for (const dim of dims) {
    const sum = sumOf(dim);
    if (sum === undefined) return '?';
    product = multiplySums(product, sum);
  }
  return textOf(product);
}

/** The quotient of two products when it is certain ([N, 256] / [256] = N), otherwise '?'. */
export function divideDims(dividend: Dims, divisor: Dims): Dim {
  const top = [...dividend];
  // the same dimension above and below goes away first: sums need no long division then
  const bottom = divisor.filter((dim) => {
    const at = top.findIndex((other) => sameDim(dim, other));
    if (at >= 0) top.splice(at, 1);
    return at < 0;
  });
  const sums = [sumOf(multiplyDims(top)), sumOf(multiplyDims(bottom))];
  return sums[0] && sums[1] ? textOf(divideExactly(sums[0], sums[1])) : '?';
}

/** The sum of dimensions: a number or an expression; '?' when one is unknown. */
export function addDims(dims: Dims): Dim {
  if (dims.every((dim) => typeof dim === 'number')) return dims.reduce((sum, dim) => sum + dim, 0);
  let total = constant(0);
  for (const dim of dims) {
    const sum = sumOf(dim);
    if (sum === undefined) return '?';
    total = addSums(total, sum);
  }
  return textOf(total);
}

/** a − b */
export function subtractDims(a: Dim, b: Dim): Dim {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return combine(a, b, (x, y) => addSums(x, y, -1));
}

/** floor(a / b); '?' for a division by 0. */
export function floorDivideDims(a: Dim, b: Dim): Dim {
  if (typeof a === 'number' && typeof b === 'number') return b === 0 ? '?' : Math.floor(a / b);
  return combine(a, b, floorDivide);
}

/** ceil(a / b) of whole numbers. */
export function ceilDivideDims(a: Dim, b: number): Dim {
  return floorDivideDims(addDims([a, b - 1]), b);
}

/** The smaller of two dimensions. */
export function minDim(a: Dim, b: Dim): Dim {
  if (typeof a === 'number' && typeof b === 'number') return Math.min(a, b);
  return combine(a, b, (x, y) => extreme('min', x, y));
}

/** The larger of two dimensions. */
export function maxDim(a: Dim, b: Dim): Dim {
  if (typeof a === 'number' && typeof b === 'number') return Math.max(a, b);
  return combine(a, b, (x, y) => extreme('max', x, y));
}

/** Whether a ≤ b whatever the names stand for; false when that is not certain. */
export function surelyAtMost(a: Dim, b: Dim): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a <= b;
  const [x, y] = [sumOf(a), sumOf(b)];
  return x !== undefined && y !== undefined && isAtMost(x, y);
}

/** The same dimension when it is certain, else '?'. */
export function commonDim(a: Dim, b: Dim): Dim {
  return sameDim(a, b) ? a : '?';
}

/** The size of a dimension when every name has one; undefined for '?' and names that `sizeOf` does not know. */
export function evaluateDim(dim: Dim, sizeOf: (name: string) => number | undefined): number | undefined {
  if (typeof dim === 'number') return dim;
  const sum = sumOf(dim);
  return sum && evaluateSum(sum, sizeOf);
}

/** The names that a dimension depends on. */
export function namesOf(dim: Dim): string[] {
  const names = new Set<string>();
  evaluateDim(dim, (name) => {
    names.add(name);
    return 1;
  });
  return [...names];
}

/**
 * The number of elements of a shape with every named dimension counted as `batch` (default 1: "per example") or as the
 * function says; undefined when a dimension is unknown.
 */
export function countElements(
  dims: Dims,
  batch: number | ((name: string) => number | undefined) = 1,
): number | undefined {
  const sizeOf = typeof batch === 'number' ? () => batch : batch;
  let count = 1;
  for (const dim of dims) {
    const size = evaluateDim(dim, sizeOf);
    if (size === undefined) return undefined;
    count *= size;
  }
  return count;
}

type Operation = (
  a: NonNullable<ReturnType<typeof sumOf>>,
  b: NonNullable<ReturnType<typeof sumOf>>,
) => ReturnType<typeof sumOf>;

function combine(a: Dim, b: Dim, operation: Operation): Dim {
  const [x, y] = [sumOf(a), sumOf(b)];
  return x === undefined || y === undefined ? '?' : textOf(operation(x, y));
}
