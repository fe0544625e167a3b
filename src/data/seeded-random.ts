/** A stream of random numbers that a seed fixes. */
export interface SeededRandom {
  /** The next number, evenly spread over 0 ≤ x < 1, in steps of 2⁻³². */
  next: () => number;
  /** An integer from 0 to `count` − 1. */
  below: (count: number) => number;
  /** A number of the normal distribution with mean 0 and standard deviation 1. */
  normal: () => number;
  /** The same items in a random order (Fisher and Yates), as a new array. */
  shuffled: <T>(items: readonly T[]) => T[];
}

/**
 * A stream for a seed, and for what the numbers are for: ('batches', 3) and ('head', 3) are independent, and a part added to an
 * experiment does not move the numbers of the others. Splitmix over 32 bits (Steele, Lea and Flood 2014, with Wellons' constants).
 */
export function seedRandom(seed: number, ...purpose: readonly (string | number)[]): SeededRandom {
  let state = purpose.reduce<number>((mixed, part) => hashText(String(part), mixed), mix(seed | 0));
  const next = () => {
    state = (state + 0x9e3779b9) | 0;
    return (mix(state) >>> 0) / 2 ** 32;
  };
  const below = (count: number) => Math.floor(next() * count);
  return {
    next,
    below,
    // Box and Muller 1958; 1 − x is never 0
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    shuffled(items) {
      const order = [...items];
      for (let last = order.length - 1; last > 0; last--) {
        const other = below(last + 1);
        [order[last], order[other]] = [order[other], order[last]];
      }
      return order;
    },
  };
}

function mix(value: number): number {
  const first = Math.imul(value ^ (value >>> 16), 0x21f0aaad);
  const second = Math.imul(first ^ (first >>> 15), 0x735a2d97);
  return second ^ (second >>> 15);
}

/** FNV-1a over the text's code units, mixed with what came before. */
function hashText(text: string, start: number): number {
  let hash = start ^ 0x811c9dc5;
  for (const unit of text) hash = Math.imul(hash ^ (unit.codePointAt(0) ?? 0), 0x01000193);
  return mix(hash);
}
