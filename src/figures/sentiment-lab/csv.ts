/** The figure's files for a spreadsheet; cells that could be formulas are defused (kit/csv.ts). */
import { JUDGEMENTS } from '../../data/sentences/labelled.ts';
import { csvText } from '../kit/csv.ts';
import type { Answered, LoggedRun } from './model.ts';
import { toShared } from './share.ts';

const logHeadings = [
  ...[
    'run',
    'name',
    'begins with',
    'way',
    'from',
    'to',
    'examples of each label',
    'epochs',
    'rate',
    'seed',
    'steps',
  ],
  ...['trainable weights', 'ms a step', 'ms', 'cached bytes', 'last loss', 'right', 'asked', 'accuracy'],
  ...['low', 'high', 'end', 'ran on'],
];

/** The log: one row for each run. Headings are words of a data file, the same in every language. */
export function logCsv(runs: readonly LoggedRun[]): string {
  const rows = runs.map(({ letter, name, settings, result }) => {
    const { start, way, from, to, shots, epochs, rate, seed } = toShared(settings);
    const last = result.accuracies.at(-1)?.accuracy;
    return [
      ...[letter, name, start, way, from.replaceAll('_', ' '), to, shots, epochs, rate, seed, result.steps],
      ...[result.trainableParameters, Number(result.stepMs.toFixed(3)), Math.round(result.totalMs)],
      ...[result.cachedBytes, result.losses.at(-1) ?? ''],
      ...(last ? [last.correct, last.asked, last.share, last.low, last.high] : ['', '', '', '', '']),
      ...[result.end, result.backend],
    ];
  });
  return csvText([logHeadings, ...rows]);
}

/** What a run's network says of the held-out sentences: one row for each. */
export function answersCsv(answers: readonly Answered[], threshold: number): string {
  const rows = answers.map(({ example: { sentence, label, subject }, probability }) => [
    ...[sentence, JUDGEMENTS[label], JUDGEMENTS[probability >= threshold ? 1 : 0]],
    ...[Number(probability.toFixed(6)), subject],
  ]);
  return csvText([['text', 'label', 'said', 'probability of positive', 'domain'], ...rows]);
}
