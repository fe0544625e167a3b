import { lossInputs } from '../autodiff/losses.ts';
import type { AnyTensors } from '../runtime/any-session.ts';
import type { Batch } from './batches.ts';
import { scoreAnswers } from './evaluation.ts';
import { gatherRows } from './prepared-set.ts';
import type { PreparedSet } from './prepared-set.ts';
import type { Evaluation } from './types.ts';

/** A batch as the step reads it: its rows, labels and weights (rows that only fill it have weight 0), and numbers by input name. */
export function batchInputs(
  set: PreparedSet,
  batch: Batch,
  scalars: Readonly<Record<string, number>>,
): AnyTensors {
  const { values, places } = set;
  const { examples, size } = batch;
  const shape = places === 1 ? [examples.length] : [examples.length, places];
  const weights = new Float32Array(examples.length * places).fill(1, 0, size * places);
  const numbers = Object.entries(scalars).map(
    ([name, value]) =>
      [name, { dtype: 'float32' as const, shape: [], data: Float32Array.of(value) }] as const,
  );
  return {
    ...gatherRows(values, rowsOf(set, batch)),
    [lossInputs.targets]: { dtype: 'int32', shape, data: labelsOf(set, examples) },
    [lossInputs.weights]: { dtype: 'float32', shape, data: weights },
    ...Object.fromEntries(numbers),
  };
}

/** The rows of a set that a batch takes: views lie behind each other, each as long as the set. */
export function rowsOf({ count }: PreparedSet, { examples, views }: Batch): number[] {
  return examples.map((example, row) => views[row] * count + example);
}

/** How a step's answers (logits of the whole batch) fit the labels of those examples that count. */
export function scoreBatch(logits: Float32Array, set: PreparedSet, { examples, size }: Batch): Evaluation {
  const answers = logits.subarray(0, (logits.length / examples.length) * size);
  return scoreAnswers(answers, labelsOf(set, examples.slice(0, size)));
}

function labelsOf({ labels, places }: PreparedSet, examples: readonly number[]): Int32Array {
  const chosen = new Int32Array(examples.length * places);
  examples.forEach((example, at) =>
    chosen.set(labels.subarray(example * places, (example + 1) * places), at * places),
  );
  return chosen;
}
