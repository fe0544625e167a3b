/** Draws the sentiment figure: what is chosen, the matrix, the run and what came of it. Drawing twice changes nothing. */
import { t } from '../../site/strings.ts';
import { drawDataTable } from '../kit/data-table.ts';
import { formatBytes, formatCount, formatMilliseconds, formatPercent } from '../kit/format.ts';
import { setText } from '../kit/join.ts';
import { intervalText } from '../kit/run-log-table.ts';
import { drawStatusLine } from '../kit/status-line.ts';
import { choosable, matrixRows, median, sumOf, type SentimentState } from './model.ts';
import { fieldsShell, ownShell, resultsShell } from './shell.ts';
import { drawFields, drawOwn } from './view-fields.ts';
import { drawLog } from './view-log.ts';
import { drawMatrix, subjectWord } from './view-matrix.ts';
import { drawReading } from './view-reading.ts';
import { drawResults } from './view-results.ts';
import { drawStage } from './view-stage.ts';

/** Draws everything below the figure's head into `root`, which holds the shell. `isAwake`: with what needs the script. */
export function drawSentiment(root: HTMLElement, state: SentimentState, isAwake = true): void {
  const part = (name: string): HTMLElement => {
    const element = root.querySelector<HTMLElement>(`[data-part="${name}"]`);
    if (!element) throw new Error(`The sentiment figure's shell has no part "${name}".`);
    return element;
  };
  drawChoice(part, state);
  drawMatrix(part('matrix'), part('matrix-of'), state);
  drawStage(part('stage'), state);
  drawLine(part('line'), state);
  drawNumbers(part('numbers'), state);
  if (!isAwake) return;
  drawFields(filled(part('fields'), fieldsShell), state);
  drawOwn(filled(part('own'), ownShell), state);
  const results = part('results');
  const isEmpty = state.run === undefined && state.log.runs.length === 0;
  results.toggleAttribute('hidden', isEmpty && state.log.before === undefined);
  if (isEmpty && results.childElementCount === 0) return;
  filled(results, resultsShell);
  drawResults(results, state);
  drawReading(part('reading'), state);
  drawLog(part('log'), part('log-ways'), state);
}

function filled(element: HTMLElement, shell: () => string): HTMLElement {
  if (element.childElementCount === 0) element.innerHTML = shell();
  return element;
}

function drawChoice(part: (name: string) => HTMLElement, state: SentimentState): void {
  const { settings } = state;
  check(part('ways'), [settings.way]);
  check(part('sources'), settings.sources);
  check(part('shots'), [String(settings.shots)]);
  const there = new Set<string>(choosable(state));
  for (const label of part('sources').querySelectorAll<HTMLElement>('[data-subject]'))
    label.toggleAttribute('hidden', !there.has(label.dataset['subject'] ?? ''));
  const { moving, weights } = sumOf(state);
  setText(part('sum'), t('sentiment.sum', { moving: formatCount(moving), weights: formatCount(weights) }));
}

/** Checks the boxes or radio buttons with these values, in the page and in the markup. */
function check(group: HTMLElement, values: readonly string[]): void {
  for (const input of group.querySelectorAll<HTMLInputElement>('input')) {
    const isChosen = values.includes(input.getAttribute('value') ?? '');
    input.toggleAttribute('checked', isChosen);
    input.checked = isChosen;
  }
}

function drawLine(line: HTMLElement, state: SentimentState): void {
  const { status, run, where, settings, isPrecomputed } = state;
  const times = run?.stepMs ?? [];
  drawStatusLine(line, {
    status,
    word: run?.isPaused ? t('runs.paused') : t(`figure.status.${status}`),
    facts: [
      where ?? (status === 'idle' ? t('sentiment.line.none') : ''),
      times.length > 0 ? t('sentiment.line.step', { time: formatMilliseconds(median(times)) }) : '',
      run && run.cachedBytes > 0 ? t('sentiment.line.cached', { bytes: formatBytes(run.cachedBytes) }) : '',
      t('sentiment.line.seed', { seed: (run?.settings ?? settings).seed }),
    ],
    aside: isPrecomputed ? t('sentiment.precomputed') : t('sentiment.measuredHere'),
  });
}

function drawNumbers(table: HTMLElement, state: SentimentState): void {
  const rows = matrixRows(state).flatMap(({ row, cells }) =>
    cells.flatMap(({ column, accuracy }) => (accuracy ? [{ row, column, accuracy }] : [])),
  );
  drawDataTable(
    table,
    [
      { heading: t('sentiment.numbers.row'), text: ({ row }) => subjectWord(row) },
      { heading: t('sentiment.numbers.column'), text: ({ column }) => subjectWord(column) },
      {
        heading: t('sentiment.numbers.right'),
        isNumber: true,
        text: ({ accuracy }) => String(accuracy.correct),
      },
      {
        heading: t('sentiment.numbers.asked'),
        isNumber: true,
        text: ({ accuracy }) => String(accuracy.asked),
      },
      {
        heading: t('sentiment.numbers.share'),
        isNumber: true,
        text: ({ accuracy }) => formatPercent(accuracy.share, 0),
      },
      {
        heading: t('sentiment.numbers.interval'),
        isNumber: true,
        text: ({ accuracy }) => intervalText(accuracy),
      },
    ],
    rows,
  );
}
