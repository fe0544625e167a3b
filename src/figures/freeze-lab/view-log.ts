/** The log of runs: one row each, newest first, with what can be done with it. Names are text, never markup. */
import { select } from 'd3';
import { t } from '../../site/strings.ts';
import { formatMilliseconds, formatPercent } from '../kit/format.ts';
import { keyed, setText, whenChanged } from '../kit/join.ts';
import { longestName, stripOf, type BlockState, type FreezeState, type LoggedRun } from './model.ts';

const actions = ['pin', 'restore', 'remove'] as const;

/** Draws the table, and the buttons under it into `ways`. */
export function drawLog(table: HTMLElement, ways: HTMLElement, state: FreezeState): void {
  const { network, log, run } = state;
  const root = select(table);
  const headings = [
    ...[t('freeze.log.run'), t('freeze.log.name'), t('freeze.log.moves'), t('freeze.log.task')],
    ...[t('freeze.log.rates'), t('freeze.log.time'), t('freeze.log.accuracy'), t('freeze.log.actions')],
  ];
  root
    .selectAll<HTMLElement, number>('thead')
    .data([0])
    .join((enter) => {
      const head = enter.append('thead');
      head.append('tr');
      return head;
    })
    .select('tr')
    .selectAll<HTMLElement, string>('th')
    .data(headings)
    .join('th')
    .attr('scope', 'col')
    .text((text) => text);
  const rows = root
    .selectAll<HTMLElement, number>('tbody')
    .data([0])
    .join('tbody')
    .selectAll<HTMLTableRowElement, LoggedRun>('tr')
    .data(
      log.runs.toReversed(),
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
      for (const name of ['strip-cell', 'task', 'rates', 'time', 'accuracy'])
        row.append('td').attr('class', name);
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
    .attr('class', ({ letter }) => (letter === run?.letter ? 'now' : null));
  rows.select('th').text(({ letter }) => letter);
  rows.each(function ({ letter, name, isPinned, settings }) {
    const input = this.querySelector('input');
    if (input) {
      input.setAttribute('aria-label', t('freeze.log.nameOf', { letter }));
      if (input.value !== name && input !== input.ownerDocument.activeElement) input.value = name;
    }
    const strip = this.querySelector<HTMLElement>('.strip-cell');
    const marks = stripOf(network, settings);
    const start = settings.choice.start;
    if (strip)
      whenChanged(strip, `${marks.join()} ${start}`, () => (strip.innerHTML = stripMarkup(marks, start)));
    for (const action of actions) {
      const button = this.querySelector(`button[data-log="${action}"]`);
      const word = t(action === 'pin' && isPinned ? 'freeze.log.unpin' : `freeze.log.${action}`);
      setText(button, word);
      button?.setAttribute('aria-label', t('freeze.log.of', { action: word, letter }));
      if (action === 'pin') button?.setAttribute('aria-pressed', String(isPinned));
    }
  });
  rows.select('.task').text(({ settings: { task } }) =>
    t('freeze.log.taskOf', {
      subject: t(`freeze.subject.${task.subject}`),
      shots: task.shots,
      seed: task.seed,
    }),
  );
  rows.select('.rates').text(({ settings: { rates } }) => `${rates.head} / ${rates.backbone}`);
  rows.select('.time').text(({ result }) => formatMilliseconds(result.stepMs));
  rows.select('.accuracy').text(accuracyOf);
  drawWays(ways, state);
}

function accuracyOf({ result }: LoggedRun): string {
  const last = result.accuracies.at(-1)?.accuracy;
  const share = (value: number) => formatPercent(value, 0);
  const words = last
    ? t('freeze.log.interval', { share: share(last.share), low: share(last.low), high: share(last.high) })
    : '–';
  return result.end === 'diverged' ? `${t('freeze.log.diverged')}, ${words}` : words;
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

function drawWays(ways: HTMLElement, { log, run, status }: FreezeState): void {
  const buttons = [
    ...(log.before ? [{ action: 'undo', text: t('freeze.log.undo') }] : []),
    ...(log.runs.length > 0 ? [{ action: 'csv', text: t('freeze.log.csv') }] : []),
    ...(run?.letter !== undefined && status !== 'running'
      ? [{ action: 'onnx', text: t('freeze.log.onnx', { letter: run.letter }) }]
      : []),
  ];
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
