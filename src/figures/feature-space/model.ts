/** The feature space's state: which source is shown, which drawings are chosen. Plain data and pure functions. */
import type { SpaceMap } from '../../labs/feature-space/space.ts';
import type { FigureStatus } from '../kit/figure-element.ts';
import type { Progress } from '../kit/progress.ts';
import { oneOf, wholeNumber, type FieldTable } from '../kit/url-state.ts';
import type { SpaceDrawing, SpaceFrame } from './frame.ts';

/** How the map is laid out. */
export const projections = ['pca', 'umap'] as const;

export type Projection = (typeof projections)[number];

/** A place on the map or on its drawing surface. */
export type Place = readonly [x: number, y: number];

export interface SpaceState {
  status: FigureStatus;
  /** Ids of networks, and `randomSource`. */
  sources: readonly string[];
  source: string;
  /** Chooses the things of the next run. */
  seed: number;
  /** Chose the things that are drawn. */
  drawnSeed: number;
  things: readonly string[];
  drawings: readonly SpaceDrawing[];
  firstAsked: number;
  projection: Projection;
  /** Arrangements by UMAP, by source; absent where nobody has asked for them. */
  umaps: Readonly<Record<string, readonly Place[]>>;
  /** The line that is being drawn around drawings, on the drawing surface. */
  lasso: readonly Place[];
  /** Maps by source; absent where a source has not been run yet. */
  maps: Readonly<Record<string, SpaceMap>>;
  /** Places of chosen drawings. */
  chosen: ReadonlySet<number>;
  /** The drawing that arrow keys stand on. */
  cursor: number;
  /** The drawing that is looked at more closely: the pointer or the keyboard is on it. */
  pointed?: number | undefined;
  isPrecomputed: boolean;
  /** Pictures of the drawings as addresses, once they have been fetched. */
  thumbnails?: readonly string[] | undefined;
  backend?: string | undefined;
  downloadBytes: number;
  progress?: Progress | undefined;
  /** The source that the drawings go through, while a run lasts; `at` counts from 1. */
  now?: { readonly source: string; readonly at: number } | undefined;
  problem?: { message: string; advice: string } | undefined;
}

/** The largest seed that a link may carry. */
const largestSeed = 999;

/** The map as the page shows it before anything has run. */
export function firstState(frame: SpaceFrame, downloadBytes: number): SpaceState {
  const { seed, things, drawings, firstAsked, maps } = frame;
  const sources = Object.keys(maps);
  return {
    status: 'idle',
    sources,
    source: sources[0],
    seed,
    drawnSeed: seed,
    things,
    drawings,
    firstAsked,
    maps,
    projection: 'pca',
    umaps: {},
    lasso: [],
    chosen: new Set(),
    cursor: 0,
    isPrecomputed: true,
    downloadBytes,
  };
}

/** What can be shared by a link. */
export interface Shared {
  source: string;
  seed: number;
}

/** The fields of a link to a figure with these sources. */
export function sharedFields(sources: readonly string[]): FieldTable<Shared> {
  return { source: oneOf(sources), seed: wholeNumber(1, largestSeed) };
}

/** The map of the source that is shown; undefined before its run. */
export function shownMap({ maps, source }: SpaceState): SpaceMap | undefined {
  return maps[source];
}

/** The points of the map that is shown; principal components until an arrangement by UMAP is there. */
export function shownPoints(state: SpaceState): readonly Place[] {
  const { projection, umaps, source } = state;
  const arranged = umaps[source] as readonly Place[] | undefined;
  return (projection === 'umap' ? arranged : undefined) ?? shownMap(state)?.points ?? [];
}

/** Whether a drawing is a picture of the reader's own. */
export const isOwn = ({ concept }: SpaceDrawing): boolean => concept === '';

/** The thing that the neighbours of a picture of the reader's own are; undefined for drawings. */
export function ownAnswer(state: SpaceState, place: number): string | undefined {
  if (!isOwn(state.drawings[place])) return undefined;
  const answer = shownMap(state)?.own?.[place - state.drawings.findIndex(isOwn)];
  return answer === undefined ? undefined : state.things[answer];
}

/** A line shorter than this across is a click. */
const clickPx = 6;

/** How far from its middle a mark is still met: marks are small. */
const reachPx = 12;

/** The place of the mark that a point of the surface meets: the nearest one in reach. */
export function markAt([x, y]: Place, marks: readonly Place[]): number | undefined {
  const distances = marks.map((mark) => Math.hypot(x - mark[0], y - mark[1]));
  const nearest = distances.indexOf(Math.min(...distances));
  return distances[nearest] <= reachPx ? nearest : undefined;
}

/**
 * The drawings inside a line that is closed from its end to its beginning; where it is no more than a click, the one that the
 * pointer is on.
 */
export function chosenBy(lasso: readonly Place[], marks: readonly Place[], pointed?: number): Set<number> {
  const [first] = lasso;
  if (!first) return new Set();
  const reach = Math.max(...lasso.map(([x, y]) => Math.hypot(x - first[0], y - first[1])));
  if (reach >= clickPx) return new Set(marks.flatMap((mark, at) => (isInside(mark, lasso) ? [at] : [])));
  return new Set(pointed === undefined ? [] : [pointed]);
}

/** By how often a ray to the right crosses the line (Shimrat 1962). */
function isInside([x, y]: Place, line: readonly Place[]): boolean {
  let inside = false;
  line.forEach(([x1, y1], at) => {
    const [x2, y2] = line[(at + 1) % line.length];
    if (y1 > y !== y2 > y && x < x1 + ((y - y1) / (y2 - y1)) * (x2 - x1)) inside = !inside;
  });
  return inside;
}

/** The places of a thing's drawings. */
export function placesOf({ drawings }: Pick<SpaceState, 'drawings'>, thing: string): number[] {
  return drawings.flatMap(({ concept }, place) => (concept === thing ? [place] : []));
}

/** The chosen drawings with a thing's added, or taken away where all were chosen. */
export function toggleThing(state: SpaceState, thing: string): ReadonlySet<number> {
  const own = placesOf(state, thing);
  const rest = [...state.chosen].filter((place) => !own.includes(place));
  return new Set(own.every((place) => state.chosen.has(place)) ? rest : [...rest, ...own]);
}

/** Where a map's points lie in a box of this size, the same scale on both axes. */
export function layOut(
  points: readonly Place[],
  width: number,
  height: number,
  margin: number,
): [x: number, y: number][] {
  const spans = [0, 1].map((axis) => {
    const values = points.map((point) => point[axis]);
    return [Math.min(...values), Math.max(...values)];
  });
  const [[left, right], [low, high]] = spans;
  const scale = Math.min(
    (width - 2 * margin) / Math.max(right - left, 1e-9),
    (height - 2 * margin) / Math.max(high - low, 1e-9),
  );
  const round = (value: number) => Math.round(value * 10) / 10;
  return points.map(([x, y]) => [
    round(width / 2 + (x - (left + right) / 2) * scale),
    round(height / 2 - (y - (low + high) / 2) * scale),
  ]);
}
