/** The map of the feature space: pictures below, marks above them, so that no picture hides what another one is. */
import { select } from 'd3';
import { t } from '../../site/strings.ts';
import { keyed } from '../kit/join.ts';
import type { SpaceDrawing } from './frame.ts';
import { isOwn, layOut, shownPoints, type SpaceState } from './model.ts';
import { drawingName, sourceName } from './words.ts';

/** The map's drawing surface; it scales with its place. */
export const surface = { width: 560, height: 420, margin: 24 };

/** Edge of a thumbnail. */
const thumbnailPx = 34;

/** Marks of the classes: circle, square, triangle, diamond, cross, ring; each about as large as the others. */
export const marks = [
  'M-5.5 0a5.5 5.5 0 1 0 11 0a5.5 5.5 0 1 0 -11 0Z',
  'M-5 -5H5V5H-5Z',
  'M0 -6.5L6.2 4.6H-6.2Z',
  'M0 -7L7 0L0 7L-7 0Z',
  'M-6 -2H-2V-6H2V-2H6V2H2V6H-2V2H-6Z',
  'M-6 0a6 6 0 1 0 12 0a6 6 0 1 0 -12 0ZM-2.6 0a2.6 2.6 0 1 1 5.2 0a2.6 2.6 0 1 1 -5.2 0Z',
];

/** A star: what is no class. */
const ownMark = 'M0 -8L2.2 -2.6L8 -2.2L3.5 1.5L5 7L0 4L-5 7L-3.5 1.5L-8 -2.2L-2.2 -2.6Z';

interface Shown {
  /** The drawing's place. */
  readonly at: number;
  readonly x: number;
  readonly y: number;
  readonly drawing: SpaceDrawing;
}

/** Where the drawings of the map that is shown lie on the surface. */
export function placesOnSurface(state: SpaceState): [x: number, y: number][] {
  return layOut(shownPoints(state), surface.width, surface.height, surface.margin);
}

/** Draws pictures, marks and the line around chosen ones into the map's place. */
export function drawMap(place: HTMLElement, state: SpaceState): void {
  const { thumbnails, lasso } = state;
  const svg = select(place)
    .selectAll<SVGSVGElement, number>('svg')
    .data([0])
    .join('svg')
    .attr('class', thumbnails ? 'space-map with-pictures' : 'space-map')
    .attr('viewBox', `0 0 ${surface.width} ${surface.height}`)
    .attr('role', 'group')
    .attr('aria-label', t('space.map.label', { source: sourceName(state.source) }));
  const layers = svg
    .selectAll<SVGGElement, string>('g.layer')
    .data(['pictures', 'marks'])
    .join('g')
    .attr('class', (name) => `layer ${name}`);
  const shown = placesOnSurface(state).map(([x, y], at): Shown => ({
    x,
    y,
    at,
    drawing: state.drawings[at],
  }));
  drawPictures(layers.nodes()[0], state, thumbnails ? shown : []);
  drawMarks(layers.nodes()[1], state, shown);
  svg
    .selectAll<SVGPathElement, string>('path.lasso')
    .data(lasso.length > 1 ? [`M${lasso.map(([x, y]) => `${x} ${y}`).join('L')}Z`] : [])
    .join('path')
    .attr('class', 'lasso')
    .attr('d', (line) => line);
}

/** Chosen pictures lie above the others, the one that is pointed at above all. */
function drawPictures(layer: SVGGElement, state: SpaceState, shown: readonly Shown[]): void {
  const { chosen, pointed, thumbnails } = state;
  const heightOf = ({ at }: Shown) => (at === pointed ? 2 : chosen.has(at) ? 1 : 0);
  select(layer)
    .selectAll<SVGImageElement, Shown>('image')
    .data(
      shown.toSorted((a, b) => heightOf(a) - heightOf(b)),
      keyed(({ at }) => String(at)),
    )
    .join((enter) =>
      enter
        .append('image')
        .attr('width', thumbnailPx)
        .attr('height', thumbnailPx)
        .attr('x', -thumbnailPx / 2)
        .attr('y', -thumbnailPx / 2),
    )
    .order()
    .attr('data-key', ({ at }) => at)
    .attr('class', ({ at }) => (isDim(state, at) ? 'dim' : null))
    .attr('transform', ({ x, y }) => `translate(${x} ${y})`)
    .attr('href', ({ at }) => thumbnails?.[at] ?? null);
}

function drawMarks(layer: SVGGElement, state: SpaceState, shown: readonly Shown[]): void {
  const groups = select(layer)
    .selectAll<SVGGElement, Shown>('g.pt')
    .data(
      shown as Shown[],
      keyed(({ at }) => String(at)),
    )
    .join((enter) => {
      const group = enter.append('g');
      group.append('path');
      return group;
    })
    .attr('data-key', ({ at }) => at)
    .attr('class', ({ at, drawing }) =>
      [
        'pt',
        isOwn(drawing) ? 'own' : `c${state.things.indexOf(drawing.concept) + 1}`,
        at >= state.firstAsked ? 'unseen' : '',
        isDim(state, at) ? 'dim' : '',
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
  // what the closer look says need not be said by the browser as well
  groups
    .selectAll('title')
    .data(({ at, drawing }) => (at === state.pointed ? [] : [drawingName(drawing)]))
    .join('title')
    .text((name) => name);
}

const isDim = ({ chosen }: SpaceState, at: number): boolean => chosen.size > 0 && !chosen.has(at);
