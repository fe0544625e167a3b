/** What training would change when single operators are marked: counts, and how far down the gradient has to travel. */
import type { AtlasBox, AtlasNetwork } from './atlas-network.ts';

/** How training treats an operator or a group of them. */
export type TrainingMark = 'frozen' | 'trainable' | 'mixed';

export interface TrainingCount {
  trainable: number;
  frozen: number;
  /** Operators with weights that training changes. */
  operators: number;
  /** The lowest operator that is trained: backward passes end there. Undefined where everything is frozen. */
  lowest: AtlasBox | undefined;
}

/** The mark of some operators together; undefined where none of them has weights. */
export function markParts(
  operators: readonly AtlasBox[],
  trainable: ReadonlySet<string>,
): TrainingMark | undefined {
  const marks = new Set(operators.filter(({ trains }) => trains).map(({ id }) => trainable.has(id)));
  if (marks.size === 0) return undefined;
  if (marks.size === 2) return 'mixed';
  return marks.has(true) ? 'trainable' : 'frozen';
}

/** Counts weights, one that several operators share once; it is trained if one of them is. */
export function countTraining({ boxes }: AtlasNetwork, trainable: ReadonlySet<string>): TrainingCount {
  const withWeights = boxes.filter(({ trains }) => trains);
  const marked = withWeights.filter(({ id }) => trainable.has(id));
  const trained = new Map(marked.flatMap(({ trains = [] }) => trains));
  const all = new Map(withWeights.flatMap(({ trains = [] }) => trains));
  const sum = (weights: ReadonlyMap<string, number>): number =>
    [...weights.values()].reduce((total, count) => total + count, 0);
  return {
    trainable: sum(trained),
    frozen: sum(all) - sum(trained),
    operators: marked.length,
    lowest: marked[0],
  };
}

/** The marks of a feature extractor: only what is in the last box of the first level that has weights is trained. */
export function onlyHead({ boxes }: AtlasNetwork): ReadonlySet<string> {
  const top = new Map<string, string>();
  // A box stands before what it opens to
  for (const { id, parent } of boxes) top.set(id, parent === undefined ? id : (top.get(parent) ?? parent));
  const withWeights = boxes.filter(({ trains }) => trains);
  const last = withWeights.at(-1);
  const head = last && top.get(last.id);
  return new Set(withWeights.filter(({ id }) => top.get(id) === head).map(({ id }) => id));
}
