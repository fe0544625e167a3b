import { unpackNumbers } from './classes.ts';
import { lowerCase } from './tables.ts';

/** The only letter that becomes two: İ, which is i and U+0307. */
export const DOTTED_CAPITAL_I = 0x130;

const lowerCased = unpackLowerCase();

/** The lower-case letter of a code point, else the code point itself; İ, the only letter that becomes two, stays. */
export function toLowerCase(code: number): number {
  return lowerCased.get(code) ?? code;
}

function unpackLowerCase(): ReadonlyMap<number, number> {
  const pairs = new Map<number, number>();
  const numbers = unpackNumbers(lowerCase);
  let first = 0;
  for (let i = 0; i < numbers.length; i += 4) {
    const [gap, count, step, zigzag] = numbers.slice(i, i + 4);
    first += gap;
    const distance = zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
    for (let k = 0; k < count; k += 1) pairs.set(first + k * step, first + k * step + distance);
  }
  return pairs;
}
