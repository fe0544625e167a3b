import { seedRandom } from '../../data/seeded-random.ts';

/** One step's examples. */
export interface Batch {
  /** Example indices, always `batchSize` of them: a last batch that is not full is filled with examples from the epoch's start. */
  readonly examples: readonly number[];
  /** The view of each example. */
  readonly views: readonly number[];
  /** How many of them count; the rest have weight 0. */
  readonly size: number;
}

/** What fixes the batches of a training. */
export interface BatchPlan {
  readonly count: number;
  readonly batchSize: number;
  readonly views: number;
  readonly seed: number;
}

/** Steps in an epoch. */
export function stepsPerEpoch({ count, batchSize }: Pick<BatchPlan, 'count' | 'batchSize'>): number {
  return Math.ceil(count / batchSize);
}

/** The batch of a step, counted from 0 over the whole training: every epoch is a new order of all examples, each once. */
export function batchAt({ count, batchSize, views, seed }: BatchPlan, step: number): Batch {
  const perEpoch = stepsPerEpoch({ count, batchSize });
  const [epoch, place] = [Math.floor(step / perEpoch), step % perEpoch];
  const random = seedRandom(seed, 'batches', epoch);
  const order = random.shuffled(Array.from({ length: count }, (_, at) => at));
  const viewOf = order.map(() => random.below(views));
  const rows = Array.from({ length: batchSize }, (_, at) => (place * batchSize + at) % count);
  return {
    examples: rows.map((row) => order[row]),
    views: rows.map((row) => viewOf[row]),
    size: Math.min(batchSize, count - place * batchSize),
  };
}
