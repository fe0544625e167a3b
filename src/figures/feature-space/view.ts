/** Draws the feature space: map, things, accuracy of every source, status line. Drawing twice changes nothing. */
import { select } from 'd3';
import { t } from '../../site/strings.ts';
import { drawDataTable, type Column } from '../kit/data-table.ts';
import { formatBytes, formatPercent } from '../kit/format.ts';
import { iconMarkup } from '../kit/icons.ts';
import { keyed, setText } from '../kit/join.ts';
import { drawNews } from '../kit/stage.ts';
import { drawStatusLine } from '../kit/status-line.ts';
import { isOwn, layOut, placesOf, shownMap, shownPoints, type SpaceState } from './model.ts';
import { drawingName, sourceName, thingName } from './words.ts';

/** The map's drawing surface; it scales with its place. */
export const surface = { width: 560, height: 420, margin: 24 };

/** Edge of a thumbnail. */
const thumbnailPx = 34;

/** Marks of the classes: circle, square, triangle, diamond, cross, ring; each about as large as the others. */
const marks = [
  'M-5.5 0a5.5 5.5 0 1 0 11 0a5.5 5.5 0 1 0 -11 0Z',
  'M-5 -5H5V5H-5Z',
  'M0 -6.5L6.2 4.6H-6.2Z',
  'M0 -7L7 0L0 7L-7 0Z',
  'M-6 -2H-2V-6H2V-2H6V2H2V6H-2V2H-6Z',
  'M-6 0a6 6 0 1 0 12 0a6 6 0 1 0 -12 0ZM-2.6 0a2.6 2.6 0 1 1 5.2 0a2.6 2.6 0 1 1 -5.2 0Z',
];

/** A star: what is no class. */
const ownMark = 'M0 -8L2.2 -2.6L8 -2.2L3.5 1.5L5 7L0 4L-5 7L-3.5 1.5L-8 -2.2L-2.2 -2.6Z';

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
  if (map) drawMap(map, state);
  if (stage) drawStage(stage, state);
  if (things) drawThings(things, state);
  setText(
    part('chosen'),
    state.chosen.size === 0
      ? t('space.chosenNone')
      : t('space.chosen', {
          count: state.chosen.size,
          list: [...state.chosen]
            .slice(0, 6)
            .map((place) => chosenName(state, place))
            .join('; '),
        }),
  );
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

/** A chosen drawing; of a picture of the reader's own also what its neighbours are. */
function chosenName(state: SpaceState, place: number): string {
  const drawing = state.drawings[place];
  const answer = shownMap(state)?.own?.[place - state.drawings.findIndex(isOwn)];
  if (!isOwn(drawing) || answer === undefined) return drawingName(drawing);
  return t('space.ownNamed', { name: drawing.style, thing: thingName(state.things[answer]) });
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

function drawMap(place: HTMLElement, state: SpaceState): void {
  const { width, height, margin } = surface;
  const svg = select(place)
    .selectAll<SVGSVGElement, number>('svg')
    .data([0])
    .join('svg')
    .attr('class', 'space-map')
    .attr('viewBox', `0 0 ${width} ${height}`)
    .attr('role', 'group')
    .attr('aria-label', t('space.map.label', { source: sourceName(state.source) }));
  const points = layOut(shownPoints(state), width, height, margin);
  const marksOn = points.map(([x, y], at) => ({ x, y, at, drawing: state.drawings[at] }));
  const groups = svg
    .selectAll<SVGGElement, (typeof marksOn)[number]>('g.pt')
    .data(
      marksOn,
      keyed(({ at }) => String(at)),
    )
    .join((enter) => {
      const group = enter.append('g');
      group.append('path');
      group.append('title');
      return group;
    })
    .attr('data-key', ({ at }) => at)
    .attr('class', ({ at, drawing }) =>
      [
        'pt',
        isOwn(drawing) ? 'own' : `c${state.things.indexOf(drawing.concept) + 1}`,
        at >= state.firstAsked ? 'unseen' : '',
        state.chosen.size > 0 && !state.chosen.has(at) ? 'dim' : '',
      ]
        .filter(Boolean)
        .join(' '),
    )
    .attr('transform', ({ x, y }) => `translate(${x} ${y})`)
    .attr('role', 'img')
    .attr('aria-label', ({ drawing }) => drawingName(drawing))
    .attr('tabindex', ({ at }) => (at === state.cursor ? 0 : -1));
  groups
    .select('path')
    .attr('d', ({ drawing }) => (isOwn(drawing) ? ownMark : marks[state.things.indexOf(drawing.concept)]));
  groups.select('title').text(({ drawing }) => drawingName(drawing));
  groups
    .selectAll<SVGImageElement, string>('image')
    .data(({ at }) => (state.thumbnails?.[at] === undefined ? [] : [state.thumbnails[at]]))
    .join((enter) =>
      enter
        .insert('image', 'path')
        .attr('width', thumbnailPx)
        .attr('height', thumbnailPx)
        .attr('x', -thumbnailPx / 2)
        .attr('y', -thumbnailPx / 2),
    )
    .attr('href', (address) => address);
  svg
    .selectAll<SVGPathElement, string>('path.lasso')
    .data(state.lasso.length > 1 ? [`M${state.lasso.map(([x, y]) => `${x} ${y}`).join('L')}Z`] : [])
    .join('path')
    .attr('class', 'lasso')
    .attr('d', (line) => line);
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

function drawStage(
  stage: HTMLElement,
  { status, problem, progress, downloadBytes, isPrecomputed }: SpaceState,
): void {
  const root = select(stage);
  drawNews(stage, { status, problem, progress });
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
