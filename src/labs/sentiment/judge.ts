/** How good answers are: which errors at which threshold, and whether a probability means what it says. */
import { accuracyOf, type Accuracy } from '../few-shot/accuracy.ts';
import type { Example } from './examples.ts';

/** A sentence with what the network said of it. */
export interface Answered {
  readonly example: Example;
  /** Of the positive label, 0 to 1. */
  readonly probability: number;
}

/** Probabilities of the positive label from logits [n, 2]. */
export function probabilitiesOf(logits: Float32Array): number[] {
  return Array.from({ length: logits.length / 2 }, (_, at) => {
    const lead = logits[2 * at + 1] - logits[2 * at];
    return 1 / (1 + Math.exp(-lead));
  });
}

/** Sentences by their label and by what is said at a threshold. */
export interface Confusion {
  /** [label][said]: 0 negative, 1 positive. */
  readonly counts: readonly [readonly [number, number], readonly [number, number]];
  readonly accuracy: Accuracy;
  /** Of the positive ones, how many are found; of those called positive, how many are. Undefined where there are none. */
  readonly recall: number | undefined;
  readonly precision: number | undefined;
}

/** What comes of calling positive what has at least this probability. */
export function confusionAt(answers: readonly Answered[], threshold: number): Confusion {
  const counts: [[number, number], [number, number]] = [
    [0, 0],
    [0, 0],
  ];
  for (const { example, probability } of answers)
    counts[example.label === 1 ? 1 : 0][probability >= threshold ? 1 : 0]++;
  const [[pass, alarm], [miss, hit]] = counts;
  return {
    counts,
    accuracy: accuracyOf(pass + hit, answers.length),
    recall: hit + miss === 0 ? undefined : hit / (hit + miss),
    precision: hit + alarm === 0 ? undefined : hit / (hit + alarm),
  };
}

/** A tenth of the scale of probabilities. */
export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Mean probability of its sentences, and the share of them that are positive; 0 where there are none. */
  readonly said: number;
  readonly true: number;
}

/** The bins of a reliability diagram, and the expected calibration error: the mean distance between said and true (Naeini et al. 2015). */
export function calibrationOf(
  answers: readonly Answered[],
  parts = 10,
): { bins: readonly Bin[]; error: number } {
  const bins = Array.from({ length: parts }, (_, at): Bin => {
    const inside = answers.filter(
      ({ probability }) => Math.min(parts - 1, Math.floor(probability * parts)) === at,
    );
    const count = inside.length;
    const mean = (sum: number) => (count === 0 ? 0 : sum / count);
    return {
      from: at / parts,
      to: (at + 1) / parts,
      count,
      said: mean(inside.reduce((sum, { probability }) => sum + probability, 0)),
      true: mean(inside.reduce((sum, { example }) => sum + example.label, 0)),
    };
  });
  const error = bins.reduce((sum, bin) => sum + bin.count * Math.abs(bin.said - bin.true), 0);
  return { bins, error: answers.length === 0 ? 0 : error / answers.length };
}

/** The share that always giving the commoner label would get right; 0 of nothing. */
export function guessingShare(examples: readonly Example[]): number {
  const positive = examples.filter(({ label }) => label === 1).length;
  return examples.length === 0 ? 0 : Math.max(positive, examples.length - positive) / examples.length;
}
