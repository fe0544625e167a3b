/** Draws the feature space: map, things, accuracy of every source, status line. Drawing twice changes nothing. */
import { select } from 'd3';
import { t } from '../../site/strings.ts';
import { drawDataTable, type Column } from '../kit/data-table.ts';
import { formatBytes, formatPercent } from '../kit/format.ts';
import { iconMarkup } from '../kit/icons.ts';
import { setText } from '../kit/join.ts';
import { drawNews } from '../kit/stage.ts';
import { drawStatusLine } from '../kit/status-line.ts';
import { ownAnswer, placesOf, shownMap, type SpaceState } from './model.ts';
import { drawLook } from './view-look.ts';
import { drawMap, marks } from './view-map.ts';
import { drawingName, sourceName, thingName } from './words.ts';

/** Draws the whole figure into its element. */
export function drawSpace(root: HTMLElement, state: SpaceState): void {
  const part = (name: string) => root.querySelector<HTMLElement>(`[data-part="${name}"]`);
  const [map, stage, things, table, line] = ['map', 'stage', 'things', 'accuracy', 'line'].map(part);
  for (const radio of root.querySelectorAll<HTMLInputElement>('[data-part="source"] input')) {
    if (radio.value === state.source) radio.setAttribute('checked', '');
    else radio.removeAttribute('checked');
    if (radio.checked !== (radio.value === state.source)) radio.checked = radio.value === state.source;
  }
  drawTitle(part('title'), state);
  const ways = part('ways');
  ways?.toggleAttribute('hidden', state.isPrecomputed);
  for (const radio of ways?.querySelectorAll<HTMLInputElement>('input[type="radio"]') ?? [])
    radio.checked = radio.value === state.projection;
  if (map) {
    drawMap(map, state);
    drawLook(map, state);
  }
  if (stage) drawStage(stage, state);
  if (things) drawThings(things, state);
  setText(part('chosen'), chosenWords(state));
  if (table) drawDataTable(table, columnsOf(state), state.sources);
  if (line)
    drawStatusLine(line, {
      status: state.status,
      word: t(`figure.status.${state.status}`),
      facts: [
        state.backend ?? '',
        t('space.line.seed', { seed: state.drawnSeed }),
        state.status === 'idle' ? t('figure.nothingYet') : '',
      ],
      aside: state.isPrecomputed ? t('figure.precomputed') : '',
    });
}

/** More names than these nobody reads. */
const mostNamed = 6;

function chosenWords(state: SpaceState): string {
  const count = state.chosen.size;
  if (count === 0) return t('space.chosenNone');
  const names = [...state.chosen].slice(0, mostNamed).map((place) => chosenName(state, place));
  if (count > mostNamed) names.push(t('space.chosenMore', { count: count - mostNamed }));
  return t('space.chosen', { count, list: names.join('; ') });
}

/** A chosen drawing; of a picture of the reader's own also what its neighbours are. */
function chosenName(state: SpaceState, place: number): string {
  const [drawing, answer] = [state.drawings[place], ownAnswer(state, place)];
  if (answer === undefined) return drawingName(drawing);
  return t('space.ownNamed', { name: drawing.style, thing: thingName(answer) });
}

function drawTitle(title: HTMLElement | null, state: SpaceState): void {
  const source = sourceName(state.source);
  const shares = shownMap(state)?.shares;
  const isArranged = state.projection === 'umap' && state.source in state.umaps;
  const share = formatPercent(shares ? shares[0] + shares[1] : 0, 0);
  setText(title, isArranged ? t('space.title.umap', { source }) : t('space.title.map', { source, share }));
}

function columnsOf(state: SpaceState): Column<string>[] {
  const of = (source: string) => state.maps[source] as SpaceState['maps'][string] | undefined;
  return [
    { heading: t('space.column.source'), text: sourceName },
    {
      heading: t('space.column.right'),
      isNumber: true,
      text: (source) => {
        const map = of(source);
        return map ? t('space.of', { correct: map.accuracy.correct, asked: map.accuracy.asked }) : '–';
      },
    },
    {
      heading: t('space.column.accuracy'),
      isNumber: true,
      text: (source) => formatPercent(of(source)?.accuracy.share ?? 0, 0),
    },
    {
      heading: t('space.column.interval'),
      isNumber: true,
      text: (source) => {
        const map = of(source);
        if (!map) return '–';
        return `${formatPercent(map.accuracy.low, 0)} – ${formatPercent(map.accuracy.high, 0)}`;
      },
    },
  ];
}

function drawThings(list: HTMLElement, state: SpaceState): void {
  const items = select(list)
    .selectAll<HTMLLIElement, string>('li')
    .data(state.things as string[])
    .join((enter) => {
      const item = enter.append('li');
      const button = item.append('button').attr('type', 'button').attr('class', 'btn');
      button.append('svg').attr('viewBox', '-8 -8 16 16').attr('aria-hidden', 'true').append('path');
      button.append('span');
      return item;
    });
  items
    .select('button')
    .attr('data-thing', (thing) => thing)
    .attr('aria-pressed', (thing) =>
      String(placesOf(state, thing).every((place) => state.chosen.has(place))),
    );
  items.select('svg').attr('class', (_, at) => `pt c${at + 1} unseen`);
  items.select('path').attr('d', (_, at) => marks[at]);
  items.select('span').text(thingName);
}

function drawStage(stage: HTMLElement, state: SpaceState): void {
  const { status, problem, progress, downloadBytes, isPrecomputed } = state;
  const root = select(stage);
  // later networks are downloaded while the run is under way
  drawNews(stage, { status: progress ? 'loading' : status, problem, progress });
  drawNow(stage, state);
  const row = root.selectAll<HTMLElement, number>('.actions').data([0]).join('p').attr('class', 'actions');
  const isBusy = status === 'loading' || status === 'running';
  const action = isBusy
    ? { name: 'cancel', kind: 'btn btn-quiet', text: t('figure.cancel'), note: '' }
    : isPrecomputed
      ? {
          name: 'run',
          kind: 'btn btn-primary',
          text: t(problem ? 'figure.tryAgain' : 'space.run'),
          note: downloadBytes > 0 ? formatBytes(downloadBytes) : '',
        }
      : { name: 'other', kind: 'btn', text: t('space.other'), note: '' };
  row
    .selectAll<HTMLButtonElement, typeof action>('button')
    .data([action])
    .join((enter) => {
      const button = enter.append('button').attr('type', 'button');
      button.append('span').attr('class', 'icon-slot').attr('aria-hidden', 'true').html(iconMarkup('play'));
      button.append('span').attr('class', 'text');
      button.append('small');
      return button;
    })
    .attr('class', ({ kind }) => kind)
    .attr('data-action', ({ name }) => name)
    .call((button) => button.select('.icon-slot').attr('hidden', ({ name }) => (name === 'run' ? null : '')))
    .call((button) => button.select('.text').text(({ text }) => text))
    .call((button) => button.select('small').text(({ note }) => note));
}

/** Which network has its turn. */
function drawNow(stage: HTMLElement, { status, progress, now, sources }: SpaceState): void {
  select(stage)
    .selectAll<HTMLElement, NonNullable<typeof now>>('.space-now')
    .data(status === 'running' && !progress && now ? [now] : [])
    .join((enter) => {
      const row = enter.append('div').attr('class', 'space-now');
      row.append('progress').attr('class', 'bytes').attr('aria-label', t('space.progress'));
      row.append('span');
      return row;
    })
    .each(function ({ source, at }) {
      const bar = this.querySelector('progress');
      bar?.setAttribute('max', String(sources.length));
      bar?.setAttribute('value', String(at - 1));
      const words = { source: sourceName(source), at, count: sources.length };
      setText(this.querySelector('span'), t('space.now', words));
    });
}
