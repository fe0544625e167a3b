/** What the trainings of a race cost, counted and not measured: the same on every device. */
import { spreadOf } from '../few-shot/accuracy.ts';
import type { Approach } from '../network-description.ts';
import { batchSize, type RaceRun, type RaceSize } from './plan.ts';

/** What the race has to know about a network. Plain data, small enough for a first frame. */
export interface RaceNetwork {
  readonly id: string;
  /** Weights below the head, bottom first. */
  readonly backbone: readonly string[];
  /** The head's weights; the task gets a new one under the same names. */
  readonly head: readonly string[];
  readonly backboneParameters: number;
  /** Numbers that the head reads. */
  readonly features: number;
  /** Multiply-accumulates for one picture with a head of `classes` outputs. */
  readonly classes: number;
  readonly backboneForwardMacs: number;
  /** A step that trains the head alone, the backbone's forward pass left out. */
  readonly headStepMacs: number;
  readonly wholeStepMacs: number;
}

/** Weights that a method trains. */
export function countTrained(network: RaceNetwork, method: Approach): number {
  const head = (network.features + 1) * network.classes;
  return method === 'feature-extractor' ? head : network.backboneParameters + head;
}

/**
 * Multiply-accumulates of a training on so many examples a class. Where the backbone is frozen every picture goes through it once.
 * The questions at the end are not counted.
 */
export function countMacs(network: RaceNetwork, method: Approach, size: number, steps: number): number {
  const examples = size * network.classes;
  const pictures = steps * Math.min(batchSize, examples);
  return method === 'feature-extractor'
    ? examples * network.backboneForwardMacs + pictures * network.headStepMacs
    : pictures * network.wholeStepMacs;
}

/** What a method made of a number of examples, over the seeds that were run. */
export interface RacePoint {
  readonly method: Approach;
  readonly size: RaceSize;
  readonly seeds: number;
  /** Mean share of right answers, 0 to 1, and its standard deviation over the seeds; 0 for one seed. */
  readonly mean: number;
  readonly deviation: number;
  /** Mean milliseconds of a training; undefined where some were not timed. */
  readonly trainingMs: number | undefined;
  /** Multiply-accumulates of one training. */
  readonly macs: number;
  readonly trainableParameters: number;
  /** Trainings whose loss left all bounds. */
  readonly diverged: number;
}

/** The points of a method, by size, of those sizes that were run. */
export function summariseRuns(
  network: RaceNetwork,
  runs: readonly RaceRun[],
  method: Approach,
  sizes: readonly RaceSize[],
): RacePoint[] {
  return sizes.flatMap((size): RacePoint[] => {
    const own = runs.filter((run) => run.method === method && run.size === size);
    const [first] = own;
    if (own.length === 0) return [];
    const { mean, deviation } = spreadOf(own.map(({ correct, asked }) => correct / asked));
    const times = own.flatMap(({ trainingMs }) => trainingMs ?? []);
    return [
      {
        method,
        size,
        seeds: own.length,
        mean,
        deviation,
        trainingMs: times.length === own.length ? spreadOf(times).mean : undefined,
        macs: countMacs(network, method, size, first.steps),
        trainableParameters: countTrained(network, method),
        diverged: own.filter(({ isDiverged }) => isDiverged).length,
      },
    ];
  });
}
