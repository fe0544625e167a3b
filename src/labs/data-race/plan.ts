/** The data race: three ways of training on ever more examples, the same task for all. What is run, as plain data. */
import type { Approach } from '../network-description.ts';

/** In the order of the chart's lines and of the runs. */
export const raceMethods = ['fine-tuning', 'feature-extractor', 'from-scratch'] as const satisfies Approach[];

/** Examples a class. */
export const raceSizes = [1, 2, 5, 10, 20] as const;

export type RaceSize = (typeof raceSizes)[number];

/** Pictures a step, at most. */
export const batchSize = 16;

/** The most seeds that a race may have. */
export const mostSeeds = 5;

/** What a reader may choose. */
export interface RaceChoice {
  readonly methods: readonly Approach[];
  readonly sizes: readonly RaceSize[];
  /** How many seeds: 1, 2, 3 … */
  readonly seeds: number;
}

/** The race that the figure begins with. */
export const firstChoice: RaceChoice = { methods: raceMethods, sizes: raceSizes, seeds: 3 };

/** One training of a race. */
export interface RaceEntry {
  readonly method: Approach;
  readonly size: RaceSize;
  readonly seed: number;
}

/** What came of a training. */
export interface RaceRun extends RaceEntry {
  /** Questions answered right, of so many. */
  readonly correct: number;
  readonly asked: number;
  readonly steps: number;
  /**
   * Milliseconds in steps and in the frozen layers' one pass; not building graphs, not evaluation. Absent in a first frame: they
   * say as much about the device as about the method.
   */
  readonly trainingMs?: number;
  /** Whether the loss left all bounds; the answers are those of the last sound weights. */
  readonly isDiverged: boolean;
}

/** A name for an entry that results can be found by. */
export function entryKey({ method, size, seed }: RaceEntry): string {
  return `${method} ${size} ${seed}`;
}

/**
 * The trainings of a choice, seed by seed: after the first seed every point of the chart stands, and more seeds widen the bands.
 * Cheap ones come first.
 */
export function listEntries({ methods, sizes, seeds }: RaceChoice): RaceEntry[] {
  const cheapFirst = raceMethods.filter((method) => methods.includes(method));
  return Array.from({ length: seeds }, (_, at) => at + 1).flatMap((seed) =>
    raceSizes
      .filter((size) => sizes.includes(size))
      .flatMap((size) => cheapFirst.map((method) => ({ method, size, seed }))),
  );
}
