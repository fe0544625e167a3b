/** The lab's log of runs: what moved in each, for which task, and what came of it. */
import { t } from '../../site/strings.ts';
import { formatMilliseconds } from '../kit/format.ts';
import { whenChanged } from '../kit/join.ts';
import { drawRunLog, drawWays, intervalText } from '../kit/run-log-table.ts';
import { stripOf, type BlockState, type FreezeState, type LoggedRun } from './model.ts';

/** Draws the table, and the buttons under it into `ways`. */
export function drawLog(table: HTMLElement, ways: HTMLElement, state: FreezeState): void {
  const { network, log, run, status } = state;
  // rows are made whole, and another network's have other buttons
  whenChanged(table, network.id, () => table.replaceChildren());
  drawRunLog(
    table,
    log.runs,
    [
      {
        ...{ kind: 'strip-cell', heading: t('freeze.log.moves') },
        draw(cell, { settings }) {
          const marks = stripOf(network, settings);
          const { start } = settings.choice;
          whenChanged(cell, `${marks.join()} ${start}`, () => (cell.innerHTML = stripMarkup(marks, start)));
        },
      },
      {
        ...{ kind: 'task', heading: t('freeze.log.task') },
        text: ({ settings: { task } }) =>
          t('freeze.log.taskOf', {
            subject: t(`freeze.subject.${task.subject}`),
            shots: task.shots,
            seed: task.seed,
          }),
      },
      {
        ...{ kind: 'rates', heading: t('freeze.log.rates') },
        text: ({ settings: { rates } }) => `${rates.head} / ${rates.backbone}`,
      },
      {
        ...{ kind: 'time', heading: t('freeze.log.time') },
        text: ({ result }) => formatMilliseconds(result.stepMs),
      },
      { kind: 'accuracy', heading: t('freeze.log.accuracy'), text: accuracyText },
    ],
    run?.letter,
    [{ action: 'notebook', word: t('freeze.log.notebook') }],
  );
  drawWays(ways, [
    ...(log.before ? [{ action: 'undo', text: t('runs.undo') }] : []),
    ...(log.runs.length > 0
      ? [
          { action: 'csv', text: t('runs.csv') },
          { action: 'clear', text: t('freeze.clear') },
        ]
      : []),
    ...(run?.letter !== undefined && status !== 'running'
      ? [{ action: 'onnx', text: t('runs.onnx', { letter: run.letter }) }]
      : []),
  ]);
}

function accuracyText({ result }: LoggedRun): string {
  const last = result.accuracies.at(-1)?.accuracy;
  const words = last ? intervalText(last) : '–';
  return result.end === 'diverged' ? `${t('runs.diverged')}, ${words}` : words;
}

/** Open squares are frozen, full discs trainable, half discs partly. */
function stripMarkup(marks: readonly BlockState[], start: 'pretrained' | 'random'): string {
  const frozen = marks.filter((mark) => mark === 'frozen').length;
  const words = t('freeze.strip', {
    frozen,
    count: marks.length,
    start: t(start === 'random' ? 'freeze.start.random' : 'freeze.start.pretrained'),
  });
  const shapes = marks.map((mark) =>
    mark === 'frozen'
      ? '<rect x="1" y="1.5" width="9" height="9" class="froz"/>'
      : `<circle cx="5.5" cy="6" r="4.7" class="${mark === 'mixed' ? 'part' : 'train'}"/>`,
  );
  return `<span class="strip" role="img" aria-label="${words}">${shapes
    .map((shape) => `<svg viewBox="0 0 11 12">${shape}</svg>`)
    .join('')}</span>${start === 'random' ? ` <small>${t('freeze.random')}</small>` : ''}`;
}
