/** Draws the freeze lab: what is chosen, the blocks, the counts, the run and the log. Drawing twice changes nothing. */
import { select } from 'd3';
import { t } from '../../site/strings.ts';
import { drawDataTable, type Column } from '../kit/data-table.ts';
import {
  formatBytes,
  formatCount,
  formatMilliseconds,
  formatPercent,
  formatShape,
  formatShort,
  formatValue,
} from '../kit/format.ts';
import { keyed, setText, whenChanged } from '../kit/join.ts';
import { drawStatusLine } from '../kit/status-line.ts';
import {
  blockRows,
  chosenPreset,
  presetsOf,
  median,
  predictTime,
  showsRun,
  type BlockRow,
  type FreezeState,
} from './model.ts';
import { fieldsShell, resultsShell, shotsMarkup } from './shell.ts';
import { drawFields } from './view-fields.ts';
import { drawLog } from './view-log.ts';
import { blockName, drawNet, stateWord } from './view-net.ts';
import { drawResults } from './view-results.ts';
import { drawStage } from './view-stage.ts';

/** Draws everything below the figure's head into `root`, which holds the lab's shell. `isAwake`: with what needs the script. */
export function drawFreeze(root: HTMLElement, state: FreezeState, isAwake = true): void {
  const part = (name: string): HTMLElement => {
    const element = root.querySelector<HTMLElement>(`[data-part="${name}"]`);
    if (!element) throw new Error(`The freeze lab's shell has no part "${name}".`);
    return element;
  };
  const rows = blockRows(state);
  if (isAwake) drawNetworks(part('networks'), part('presets'), part('shots'), state);
  drawChoice(part('presets'), part('sum'), part('shots'), state, rows);
  check(part('networks'), state.coming ?? state.network.id);
  drawNet(part('net'), state, rows, isAwake);
  drawCounts(part('counts'), state);
  drawStage(part('stage'), state);
  drawLine(part('line'), state);
  drawTable(part('table'), state, rows);
  if (!isAwake) return;
  const fields = part('fields');
  const { reads } = state.network;
  whenChanged(fields, reads, () => (fields.innerHTML = fieldsShell(reads)));
  drawFields(fields, state);
  const results = part('results');
  const isEmpty = state.run === undefined && state.log.runs.length === 0;
  results.toggleAttribute('hidden', isEmpty && state.log.before === undefined);
  if (isEmpty && results.childElementCount === 0) return;
  if (results.childElementCount === 0) results.innerHTML = resultsShell();
  drawResults(results, state);
  drawLog(part('log'), part('log-ways'), state);
}

/** What can be chosen depends on the network; while a run goes on the network stays. */
function drawNetworks(
  networks: HTMLElement,
  presets: HTMLElement,
  shots: HTMLElement,
  { network, status, coming }: FreezeState,
): void {
  const isBusy = status === 'loading' || status === 'running' || coming !== undefined;
  for (const radio of networks.querySelectorAll('input')) radio.toggleAttribute('disabled', isBusy);
  const offered = presetsOf(network);
  for (const radio of presets.querySelectorAll('input'))
    radio.closest('label')?.toggleAttribute('hidden', !offered.some((one) => one === radio.value));
  const group = shots.querySelector('input')?.name ?? '';
  const isOld = shots.dataset['reads'] !== network.reads;
  if (isOld && network.reads !== (shots.dataset['reads'] ?? 'pictures'))
    shots.innerHTML = shotsMarkup(group, network.reads);
  shots.dataset['reads'] = network.reads;
}

function drawChoice(
  presets: HTMLElement,
  sum: HTMLElement,
  shots: HTMLElement,
  state: FreezeState,
  rows: readonly BlockRow[],
): void {
  const preset = chosenPreset(state);
  check(presets, preset ?? '');
  check(shots, String(state.settings.task.shots));
  const total = (key: 'weights' | 'moving') => rows.reduce((all, row) => all + row[key], 0);
  setText(
    sum,
    t('freeze.sum', { moving: formatCount(total('moving')), weights: formatCount(total('weights')) }) +
      (preset ? '' : ` · ${t('freeze.own')}`),
  );
}

/** Checks the radio button with this value, in the page and in the markup. */
function check(group: HTMLElement, value: string): void {
  for (const radio of group.querySelectorAll<HTMLInputElement>('input')) {
    const isChosen = radio.getAttribute('value') === value;
    radio.toggleAttribute('checked', isChosen);
    radio.checked = isChosen;
  }
}

function drawCounts(list: HTMLElement, state: FreezeState): void {
  const { count, countOfAll, run, settings } = state;
  const all = countOfAll?.nodes.backward;
  const isNothing = count === undefined && settings.choice.thawed.size === 0;
  const counting = t('freeze.count.counting');
  const predicted = predictTime(state);
  const times = showsRun(state) ? (run?.stepMs ?? []) : [];
  const facts = isNothing
    ? [{ name: t('freeze.count.nodes'), value: '0', more: t('freeze.count.nothing') }]
    : [
        {
          name: t('freeze.count.nodes'),
          value: count ? formatCount(count.nodes.backward) : counting,
          more: all === undefined ? '' : t('freeze.count.nodesMore', { all: formatCount(all) }),
        },
        {
          name: t('freeze.count.macs'),
          value: count ? formatShort(count.stepMacs) : counting,
          more: [
            count && countOfAll
              ? t('freeze.count.macsMore', { share: formatPercent(count.stepMacs / countOfAll.stepMacs, 2) })
              : '',
            count && count.cachedMacs > 0
              ? t('freeze.count.cached', { macs: formatShort(count.cachedMacs) })
              : '',
          ]
            .filter(Boolean)
            .join(', '),
        },
        {
          name: t('freeze.count.memory'),
          value: count ? formatBytes(count.peakBytes) : counting,
          more:
            showsRun(state) && run?.memoryBytes
              ? t('freeze.count.memoryMeasured', { bytes: formatBytes(run.memoryBytes) })
              : t('freeze.count.memoryMore'),
        },
        {
          name: t('freeze.count.time'),
          value:
            times.length > 0
              ? formatMilliseconds(median(times))
              : predicted
                ? `≈ ${formatMilliseconds(predicted.stepMs)}`
                : '–',
          more:
            times.length > 0
              ? t('freeze.count.timeMore', { count: times.length })
              : predicted
                ? t('freeze.count.timePredicted', { letter: predicted.letter })
                : t('freeze.count.timeNone'),
        },
      ];
  const items = select(list)
    .selectAll<HTMLElement, (typeof facts)[number]>('div')
    .data(
      facts,
      keyed((fact) => fact.name),
    )
    .join((enter) => {
      const item = enter.append('div');
      item.append('dt');
      item.append('dd').append('b');
      item.select('dd').append('span');
      return item;
    })
    .attr('data-key', (fact) => fact.name);
  items.select('dt').text((fact) => fact.name);
  items.select('b').text((fact) => fact.value);
  items.select('dd > span').text((fact) => ` ${fact.more}`);
}

function drawLine(line: HTMLElement, state: FreezeState): void {
  const { status, run, where, settings } = state;
  const times = run?.stepMs ?? [];
  drawStatusLine(line, {
    status,
    word: run?.isPaused ? t('runs.paused') : t(`figure.status.${status}`),
    facts: [
      where ?? (status === 'idle' ? t('freeze.line.none') : ''),
      times.length > 0 ? t('freeze.line.step', { time: formatMilliseconds(median(times)) }) : '',
      run && run.cachedBytes > 0 ? t('freeze.line.cached', { bytes: formatBytes(run.cachedBytes) }) : '',
      t('freeze.line.seed', { seed: (run?.settings ?? settings).task.seed }),
    ],
  });
}

function drawTable(table: HTMLElement, state: FreezeState, rows: readonly BlockRow[]): void {
  const isRun = showsRun(state);
  const columns: Column<BlockRow>[] = [
    { heading: t('freeze.table.block'), text: ({ block }) => blockName(block) },
    { heading: t('freeze.table.tensor'), isNumber: true, text: ({ block }) => formatShape(block.shape) },
    { heading: t('freeze.table.weights'), isNumber: true, text: ({ weights }) => formatCount(weights) },
    { heading: t('freeze.table.moving'), isNumber: true, text: ({ moving }) => formatCount(moving) },
    { heading: t('lens.table.state'), text: ({ state: one }) => stateWord(one) },
    {
      heading: t('freeze.table.nodes'),
      isNumber: true,
      text: ({ backwardNodes }) => (backwardNodes === undefined ? '–' : formatCount(backwardNodes)),
    },
  ];
  const more: Column<BlockRow>[] = [
    {
      heading: t('freeze.table.change'),
      isNumber: true,
      text: ({ now, change }) => (now ? formatValue(change?.change ?? now.change) : '–'),
    },
    {
      heading: t('freeze.table.gradient'),
      isNumber: true,
      text: ({ now }) => (now ? formatValue(now.gradientNorm) : '–'),
    },
    {
      heading: t('freeze.table.statistics'),
      isNumber: true,
      text: ({ change }) => (change ? formatValue(change.statisticsChange) : '–'),
    },
  ];
  // a table that gains columns is drawn anew, since rows are made whole
  const shape = `${isRun ? 'run' : 'still'} ${state.network.id}`;
  if (table.dataset['shape'] !== undefined && table.dataset['shape'] !== shape) table.replaceChildren();
  table.dataset['shape'] = shape;
  drawDataTable(table, isRun ? [...columns, ...more] : columns, rows);
}
