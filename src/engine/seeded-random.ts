/** Chance from a seed: the same seed gives the same numbers in every browser and in Node. */

/** A stream of random numbers. */
export interface SeededRandom {
  /** The next number, 0 ≤ x < 1, with 32 random bits. */
  next: () => number;
  /** A whole number, 0 ≤ x < `count`. */
  below: (count: number) => number;
  /** A number of the normal distribution with mean 0 and deviation 1. */
  normal: () => number;
  /** The items in random order; the list itself stays as it is. */
  shuffle: <T>(items: readonly T[]) => T[];
}

/**
 * The stream of a seed. `path` names sub-streams, so that what one part of an experiment draws does not depend on how much
 * another has drawn: `createRandom(7, 'weights')` and `createRandom(7, 'batches')` know nothing of each other.
 *
 * The generator is sfc32 (small, fast, passes PractRand; period at least 2^32 for every seed), seeded through FNV-1a.
 */
export function createRandom(seed: number, path = ''): SeededRandom {
  let [a, b, c, count] = [hash(`${seed}a${path}`), hash(`${seed}b${path}`), hash(`${seed}c${path}`), 1];
  let spare: number | undefined;

  function bits(): number {
    const sum = (a + b + count) | 0;
    count = (count + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  const next = (): number => bits() / 2 ** 32;
  const below = (most: number): number => Math.floor(next() * most);
  // The first numbers still resemble the seed
  for (let i = 0; i < 12; i++) bits();

  return {
    next,
    below,
    /** Box and Muller's transform gives two at a time. */
    normal() {
      if (spare !== undefined) {
        const value = spare;
        spare = undefined;
        return value;
      }
      const radius = Math.sqrt(-2 * Math.log(1 - next()));
      const angle = 2 * Math.PI * next();
      spare = radius * Math.sin(angle);
      return radius * Math.cos(angle);
    },
    /** Fisher and Yates. */
    shuffle(items) {
      const mixed = [...items];
      for (let i = mixed.length - 1; i > 0; i--) {
        const j = below(i + 1);
        [mixed[i], mixed[j]] = [mixed[j], mixed[i]];
      }
      return mixed;
    },
  };
}

/** FNV-1a of a text, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value | 0;
}
