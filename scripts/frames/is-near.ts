/** Whether two frames of a language network say the same. */

/** Attention and probabilities may differ by so much from machine to machine. */
const tolerance = 2e-3;

/** Whether all numbers of two values lie close and everything else is equal. */
export function isNear(a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number') return Math.abs(a - b) <= tolerance;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  const [left, right] = [Object.values(a), Object.values(b)];
  return left.length === right.length && left.every((value, at) => isNear(value, right[at]));
}
