/** The figure's log of runs, and what can be saved. */
import { t } from '../../site/strings.ts';
import { formatMilliseconds } from '../kit/format.ts';
import { drawRunLog, drawWays, intervalText } from '../kit/run-log-table.ts';
import type { LoggedRun, SentimentState } from './model.ts';
import { subjectWord } from './view-matrix.ts';

/** Draws the table, and the buttons under it into `ways`. */
export function drawLog(table: HTMLElement, ways: HTMLElement, state: SentimentState): void {
  const { log, run, status, canAsk, answers } = state;
  drawRunLog(
    table,
    log.runs,
    [
      {
        ...{ kind: 'way', heading: t('sentiment.log.way') },
        text: ({ settings: { way, start } }) =>
          way === 'scratch'
            ? t('sentiment.short.scratch')
            : t('sentiment.log.wayOf', { way: t(`sentiment.short.${way}`), start }),
      },
      {
        ...{ kind: 'task', heading: t('sentiment.log.task') },
        text: ({ settings: { sources, target, shots, seed } }) =>
          t('sentiment.log.taskOf', {
            sources: sources.map(subjectWord).join(', '),
            target: subjectWord(target),
            ...{ shots, seed },
          }),
      },
      {
        ...{ kind: 'time', heading: t('sentiment.log.time') },
        text: ({ result }) => formatMilliseconds(result.stepMs),
      },
      { kind: 'accuracy', heading: t('sentiment.log.accuracy'), text: accuracyText },
    ],
    run?.letter,
  );
  const letter = run?.letter;
  drawWays(ways, [
    ...(log.before ? [{ action: 'undo', text: t('runs.undo') }] : []),
    ...(log.runs.length > 0 ? [{ action: 'csv', text: t('runs.csv') }] : []),
    ...(answers && status !== 'running' ? [{ action: 'answers', text: t('sentiment.answers') }] : []),
    ...(letter !== undefined && canAsk && status !== 'running'
      ? [{ action: 'onnx', text: t('runs.onnx', { letter }) }]
      : []),
  ]);
}

function accuracyText({ result }: LoggedRun): string {
  const last = result.accuracies.at(-1)?.accuracy;
  const words = last ? intervalText(last) : '–';
  return result.end === 'diverged' ? `${t('runs.diverged')}, ${words}` : words;
}
