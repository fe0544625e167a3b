/** Arithmetic on dimensions of which some are names (the batch N) that only become numbers at run time. */
import type { Dim } from './types.ts';

/** Dimensions of a value; '?' never equals anything, not even itself. */
export type Dims = readonly Dim[];

/** Whether two dimensions are certainly the same. */
export function sameDim(a: Dim, b: Dim): boolean {
  return a === b && a !== '?';
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

/** The product of dimensions: a number, a name ("N"), or names with a factor ("256*N"); '?' when one is unknown. */
export function multiplyDims(dims: Dims): Dim {
  return fromFactors(factorsOf(dims));
}

/** The quotient of two products when it is certain ([N, 256] / [256] = N), otherwise '?'. */
export function divideDims(dividend: Dims, divisor: Dims): Dim {
  const top = factorsOf(dividend);
  const bottom = factorsOf(divisor);
  const names = [...top.names];
  for (const name of bottom.names) {
    const at = names.indexOf(name);
    if (at < 0 || name === '?') return '?';
    names.splice(at, 1);
  }
  const size = top.size / bottom.size;
  return Number.isInteger(size) ? fromFactors({ size, names }) : '?';
}

/** The sum of dimensions; one name added to nothing stays itself, otherwise names give '?'. */
export function addDims(dims: Dims): Dim {
  const named = dims.filter((dim) => typeof dim === 'string');
  const total = dims.reduce((sum: number, dim) => sum + (typeof dim === 'number' ? dim : 0), 0);
  if (named.length === 0) return total;
  return named.length === 1 && total === 0 ? named[0] : '?';
}

/**
 * The number of elements of a shape with every named dimension counted as `batch` (default 1: "per example");
 * undefined when a dimension is unknown.
 */
export function countElements(dims: Dims, batch = 1): number | undefined {
  const { size, names } = factorsOf(dims);
  return names.includes('?') ? undefined : size * batch ** names.length;
}

interface Factors {
  readonly size: number;
  readonly names: readonly string[];
}

function factorsOf(dims: Dims): Factors {
  let size = 1;
  const names: string[] = [];
  for (const dim of dims) {
    for (const factor of typeof dim === 'number' ? [dim] : dim.split('*')) {
      if (typeof factor === 'number' || /^\d+$/.test(factor)) size *= Number(factor);
      else names.push(factor);
    }
  }
  return { size, names: names.sort() };
}

function fromFactors({ size, names }: Factors): Dim {
  if (names.length === 0 || size === 0) return size;
  if (names.includes('?')) return '?';
  return size === 1 ? names.join('*') : [size, ...names].join('*');
}
