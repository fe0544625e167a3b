/** The log of runs as a table: one row each, newest first, with what can be done with it. Names are text, never markup. */
import { select } from 'd3';
import { headingsOf } from './head-row.ts';
import { t } from '../../site/strings.ts';
import { formatPercent } from './format.ts';
import { keyed, setText } from './join.ts';

/** A run that has ended, as the log keeps it (src/labs/run-log.ts). */
interface LoggedRun<S, R> {
  readonly letter: string;
  readonly name: string;
  readonly isPinned: boolean;
  readonly settings: S;
  readonly result: R;
}

/** Longest name that a field takes. */
const longestName = 40;

const usual = ['pin', 'restore', 'remove'] as const;

/** Something that can be done with a run beside pinning, restoring and removing it. */
export interface LogAction {
  action: string;
  word: string;
}

/** A column between the run's name and what can be done with it. */
export interface LogColumn<S, R> {
  /** Class of its cells. */
  kind: string;
  heading: string;
  /** Text of a cell; or `draw`. */
  text?: (run: LoggedRun<S, R>) => string;
  draw?: (cell: HTMLElement, run: LoggedRun<S, R>) => void;
}

/** Draws the table; the run with the letter `now` is marked. */
export function drawRunLog<S, R>(
  table: HTMLElement,
  runs: readonly LoggedRun<S, R>[],
  columns: readonly LogColumn<S, R>[],
  now: string | undefined,
  more: readonly LogAction[] = [],
): void {
  const actions = [...usual.slice(0, -1), ...more.map(({ action }) => action), ...usual.slice(-1)];
  const root = select(table);
  const headings = [
    ...[t('runs.run'), t('runs.name')],
    ...columns.map(({ heading }) => heading),
    t('runs.actions'),
  ];
  headingsOf(root, headings).text((text) => text);
  const rows = root
    .selectAll<HTMLElement, number>('tbody')
    .data([0])
    .join('tbody')
    .selectAll<HTMLTableRowElement, LoggedRun<S, R>>('tr')
    .data(
      runs.toReversed(),
      keyed(({ letter }) => letter),
    )
    .join((enter) => {
      const row = enter.append('tr');
      row.append('th').attr('scope', 'row');
      row
        .append('td')
        .append('input')
        .attr('class', 'text-input')
        .attr('type', 'text')
        .attr('maxlength', longestName);
      for (const { kind } of columns) row.append('td').attr('class', kind);
      row
        .append('td')
        .selectAll('button')
        .data(actions)
        .join('button')
        .attr('type', 'button')
        .attr('class', 'btn btn-quiet')
        .attr('data-log', (action) => action);
      return row;
    })
    .order()
    .attr('data-key', ({ letter }) => letter)
    .attr('class', ({ letter }) => (letter === now ? 'now' : null));
  rows.each(function (run) {
    setText(this.querySelector('th'), run.letter);
    drawName(this.querySelector('input'), run);
    for (const { kind, text, draw } of columns) {
      const cell = this.querySelector<HTMLElement>(`td.${kind}`);
      if (cell && draw) draw(cell, run);
      else if (text) setText(cell, text(run));
    }
    for (const action of actions) {
      const word = more.find((one) => one.action === action)?.word ?? usualWord(action, run.isPinned);
      drawAction(this.querySelector(`button[data-log="${action}"]`), { action, word }, run);
    }
  });
}

/** An accuracy as the log writes it. */
export function intervalText({ share, low, high }: { share: number; low: number; high: number }): string {
  const percent = (value: number) => formatPercent(value, 0);
  return t('runs.interval', { share: percent(share), low: percent(low), high: percent(high) });
}

/** Draws the buttons under a log. */
export function drawWays(ways: HTMLElement, buttons: readonly { action: string; text: string }[]): void {
  select(ways)
    .selectAll<HTMLButtonElement, (typeof buttons)[number]>('button')
    .data(
      buttons,
      keyed(({ action }) => action),
    )
    .join('button')
    .order()
    .attr('type', 'button')
    .attr('class', 'btn')
    .attr('data-key', ({ action }) => action)
    .attr('data-log', ({ action }) => action)
    .text(({ text }) => text);
}

type AnyRun = Pick<LoggedRun<unknown, unknown>, 'letter' | 'name' | 'isPinned'>;

function drawName(input: HTMLInputElement | null, { letter, name }: AnyRun): void {
  if (!input) return;
  input.setAttribute('aria-label', t('runs.nameOf', { letter }));
  if (input.value !== name && input !== input.ownerDocument.activeElement) input.value = name;
}

function usualWord(action: string, isPinned: boolean): string {
  if (action === 'pin') return t(isPinned ? 'runs.unpin' : 'runs.pin');
  return t(action === 'restore' ? 'runs.restore' : 'runs.remove');
}

function drawAction(button: Element | null, { action, word }: LogAction, { letter, isPinned }: AnyRun): void {
  setText(button, word);
  button?.setAttribute('aria-label', t('runs.of', { action: word, letter }));
  if (action === 'pin') button?.setAttribute('aria-pressed', String(isPinned));
}
