/** The log of runs as a file for a spreadsheet: one row for each run. */
import { csvText } from '../kit/csv.ts';
import type { LabNetwork, LoggedRun } from './model.ts';
import { toShared } from './share.ts';

const headings = [
  ...['run', 'name', 'thawed', 'moves', 'start', 'subject', 'examples', 'seed', 'rate head', 'rate backbone'],
  ...[
    'optimizer',
    'batchnorm',
    'unfreezing',
    'steps',
    'trainable weights',
    'backward nodes',
    'ms a step',
    'ms',
  ],
  ...['cached bytes', 'last loss', 'right', 'asked', 'accuracy', 'low', 'high', 'end', 'ran on', 'network'],
];

/** The text of the file. Headings are words of a data file, the same in every language. */
export function logCsv(network: LabNetwork, runs: readonly LoggedRun[]): string {
  const rows = runs.map(({ letter, name, settings, result }) => {
    const shared = toShared(network, settings);
    const last = result.accuracies.at(-1)?.accuracy;
    return [
      ...[letter, name, shared.thaw.replaceAll('_', ' '), shared.moves, shared.start, shared.subject],
      ...[
        shared.shots,
        shared.seed,
        shared.head,
        shared.backbone,
        shared.optimizer,
        shared.norms,
        shared.pace,
      ],
      ...[result.steps, result.trainableParameters, result.backwardNodes],
      ...[Number(result.stepMs.toFixed(3)), Math.round(result.totalMs), result.cachedBytes],
      result.losses.at(-1) ?? '',
      ...(last ? [last.correct, last.asked, last.share, last.low, last.high] : ['', '', '', '', '']),
      ...[result.end, result.backend, shared.network],
    ];
  });
  return csvText([headings, ...rows]);
}
