import { factorsOf } from './expression.ts';
import type { Sum } from './expression.ts';
import { callParts } from './parse-expression.ts';

/** The value of a sum when every name in it has a size; undefined when one has none. */
export function evaluateSum(sum: Sum, sizeOf: (name: string) => number | undefined): number | undefined {
  let total = 0;
  for (const [product, coefficient] of sum) {
    let value = coefficient;
    for (const factor of factorsOf(product)) {
      const size = evaluateFactor(factor, sizeOf);
      if (size === undefined) return undefined;
      value *= size;
    }
    total += value;
  }
  return total;
}

function evaluateFactor(factor: string, sizeOf: (name: string) => number | undefined): number | undefined {
  const call = callParts(factor);
  if (call === undefined) return sizeOf(factor);
  const values = call.args.map((argument) => evaluateSum(argument, sizeOf));
  if (!values.every((value) => value !== undefined)) return undefined;
  if (call.name === 'floor') return Math.floor(values[0] / values[1]);
  return call.name === 'min' ? Math.min(...values) : Math.max(...values);
}
