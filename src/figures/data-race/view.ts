/** Draws the race: choices, what can be pressed, chart, costs, table, status line. Drawing twice changes nothing. */
import { select } from 'd3';
import { t } from '../../site/strings.ts';
import { drawActions, type StageAction } from '../kit/action-row.ts';
import { drawDataTable, type Column } from '../kit/data-table.ts';
import { formatBytes, formatCount, formatMilliseconds, formatPercent, formatShort } from '../kit/format.ts';
import { setText, whenChanged } from '../kit/join.ts';
import { drawNews } from '../kit/stage.ts';
import { drawStatusLine } from '../kit/status-line.ts';
import {
  pendingEntries,
  shownPoints,
  shownRuns,
  type RaceEntry,
  type RacePoint,
  type RaceState,
} from './model.ts';
import { drawRaceChart } from './view-chart.ts';

/** Draws the whole figure into its element. */
export function drawRace(root: HTMLElement, state: RaceState): void {
  drawChoices(root, state);
  const part = (name: string) => root.querySelector<HTMLElement>(`[data-part="${name}"]`);
  const [stage, chart, line] = [part('stage'), part('chart'), part('line')];
  if (stage) drawStage(stage, state);
  const signature = JSON.stringify([state.choice, state.at, shownRuns(state)]);
  if (chart)
    whenChanged(chart, signature, () => {
      const lines = shownPoints(state);
      drawRaceChart(chart, { lines, guessing: 1 / state.network.classes, at: state.at });
      const points = lines.flatMap((one) => one.points);
      const chosen = points.filter(({ size }) => size === state.at);
      drawTable(part('costs'), costColumns, chosen, t('race.costsNone'));
      drawTable(part('numbers'), allColumns, points, t('race.sayNothing'));
    });
  if (line) drawLine(line, state);
}

/** The sentence stands in place of a table that would be a head alone. */
function drawTable(
  table: HTMLElement | null,
  columns: readonly Column<RacePoint>[],
  rows: RacePoint[],
  nothing: string,
): void {
  if (!table) return;
  drawDataTable(table, columns, rows);
  const [place, isEmpty] = [table.parentElement, rows.length === 0];
  place?.toggleAttribute('hidden', isEmpty);
  const note = place?.nextElementSibling ?? null;
  note?.toggleAttribute('hidden', !isEmpty);
  setText(note, isEmpty ? nothing : '');
}

const method: Column<RacePoint> = {
  heading: t('race.column.method'),
  text: (point) => t(`race.method.${point.method}`),
};
const costs: Column<RacePoint>[] = [
  { heading: t('race.column.accuracy'), isNumber: true, text: sayAccuracy },
  {
    heading: t('race.column.time'),
    isNumber: true,
    text: ({ trainingMs }) => (trainingMs === undefined ? '–' : formatMilliseconds(trainingMs)),
  },
  { heading: t('race.column.macs'), isNumber: true, text: ({ macs }) => formatShort(macs) },
  {
    heading: t('race.column.weights'),
    isNumber: true,
    text: ({ trainableParameters }) => formatCount(trainableParameters),
  },
];
const costColumns = [method, ...costs];
const allColumns: Column<RacePoint>[] = [
  method,
  { heading: t('race.column.size'), isNumber: true, text: ({ size }) => String(size) },
  { heading: t('race.column.seeds'), isNumber: true, text: ({ seeds }) => String(seeds) },
  ...costs,
];

/** Mean and standard deviation: 62 % ± 4; a word where a training diverged. */
function sayAccuracy({ mean, deviation, seeds, diverged }: RacePoint): string {
  const spread = seeds > 1 ? ` ± ${(deviation * 100).toFixed(0)}` : '';
  return (
    formatPercent(mean, 0) + spread + (diverged > 0 ? ` ${t('race.diverged', { count: diverged })}` : '')
  );
}

function drawChoices(root: HTMLElement, { choice, at }: RaceState): void {
  const chosen = new Set<string>([...choice.methods, ...choice.sizes.map(String)]);
  for (const box of root.querySelectorAll<HTMLInputElement>('input[data-choice]'))
    setChecked(box, chosen.has(box.value));
  for (const radio of root.querySelectorAll<HTMLInputElement>('input[data-at]'))
    setChecked(radio, radio.value === String(at));
  for (const option of root.querySelectorAll<HTMLOptionElement>('[data-part="seeds"] option'))
    setOn(option, 'selected', option.textContent === String(choice.seeds));
}

/** In the page the property counts, at build time the attribute is all there is. */
function setChecked(input: HTMLInputElement, isOn: boolean): void {
  setOn(input, 'checked', isOn);
}

function setOn<K extends 'checked' | 'selected'>(
  element: Element & Record<K, boolean>,
  name: K,
  isOn: boolean,
): void {
  if (isOn) element.setAttribute(name, '');
  else element.removeAttribute(name);
  // Unselecting an option that is not selected would unselect the one that is
  if (element[name] !== isOn) Object.assign(element, { [name]: isOn });
}

/** What can be pressed now. */
export function actionsOf(state: RaceState): StageAction[] {
  const { status, isPrecomputed, downloadBytes, problem } = state;
  if (status === 'loading') return [{ action: 'cancel', kind: 'btn-quiet', text: t('figure.cancel') }];
  if (status === 'running') return [{ action: 'stop', kind: '', icon: 'stop', text: t('race.stop') }];
  const left = pendingEntries(state).length;
  const bytes = downloadBytes > 0 ? formatBytes(downloadBytes) : '';
  const note = [countTrainings(left), bytes].filter(Boolean).join(', ');
  if (problem)
    return [{ action: 'run', kind: 'btn-primary', icon: 'again', text: t('figure.tryAgain'), note }];
  if (isPrecomputed) return [{ action: 'run', kind: 'btn-primary', icon: 'play', text: t('race.run'), note }];
  const restart: StageAction = {
    action: 'restart',
    kind: left ? 'btn-quiet' : '',
    icon: 'again',
    text: t('race.restart'),
  };
  if (left === 0) return [restart];
  return [{ action: 'run', kind: 'btn-primary', icon: 'play', text: t('race.goOn'), note }, restart];
}

function drawStage(stage: HTMLElement, state: RaceState): void {
  const { status, progress, problem } = state;
  const root = select(stage);
  drawNews(stage, { status, problem, progress });
  drawActions(stage, actionsOf(state));
  root
    .selectAll<HTMLElement, RaceState>('.race-now')
    .data(status === 'running' ? [state] : [])
    .join((enter) => {
      const row = enter.append('div').attr('class', 'race-now');
      row.append('progress').attr('class', 'bytes').attr('aria-label', t('race.progress'));
      row.append('span');
      return row;
    })
    .each(function (it) {
      const { share, words } = sayNow(it);
      select(this).select('progress').attr('max', 1).attr('value', share.toFixed(4));
      setText(this.querySelector('span'), words);
    });
}

const countTrainings = (count: number): string =>
  count === 1 ? t('race.training') : t('race.trainings', { count });

/** How far the race is: 0 to 1, and in words which training is under way. */
function sayNow(state: RaceState): { share: number; words: string } {
  const left = pendingEntries(state).length;
  const done = shownRuns(state).length * (state.isPrecomputed ? 0 : 1);
  const { now } = state;
  const part = now && now.steps > 0 ? now.step / now.steps : 0;
  return {
    share: Math.min(1, (done + part) / Math.max(1, done + left)),
    words: now ? sayTraining(now, countTrainings(left)) : t('race.preparing'),
  };
}

/** How many steps there are is known when the first one has been prepared. */
function sayTraining({ entry, step, steps }: NonNullable<RaceState['now']>, left: string): string {
  const words = { ...describeEntry(entry), left };
  return steps === 0 ? t('race.nowPreparing', words) : t('race.now', { ...words, step, steps });
}

/** The words of an entry: method, size, seed. */
export function describeEntry({ method: how, size, seed }: RaceEntry): {
  method: string;
  size: number;
  seed: number;
} {
  return { method: t(`race.method.${how}`), size, seed };
}

function drawLine(line: HTMLElement, state: RaceState): void {
  const { status, network, isPrecomputed, backend, choice } = state;
  const seeds = choice.seeds === 1 ? t('race.line.seed') : t('race.line.seeds', { count: choice.seeds });
  drawStatusLine(line, {
    status,
    word: t(`figure.status.${status}`),
    facts: [network.id, backend ?? '', seeds, status === 'idle' ? t('figure.nothingYet') : ''],
    aside: isPrecomputed ? t('figure.precomputed') : '',
  });
}
