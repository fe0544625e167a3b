/** The feature space's state: which source is shown, which drawings are chosen. Plain data and pure functions. */
import type { SpaceMap } from '../../labs/feature-space/space.ts';
import type { FigureStatus } from '../kit/figure-element.ts';
import type { Progress } from '../kit/progress.ts';
import { oneOf, wholeNumber, type FieldTable } from '../kit/url-state.ts';
import type { SpaceDrawing, SpaceFrame } from './frame.ts';

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
  /** Maps by source; absent where a source has not been run yet. */
  maps: Readonly<Record<string, SpaceMap>>;
  /** Places of chosen drawings. */
  chosen: ReadonlySet<number>;
  /** The drawing that arrow keys stand on. */
  cursor: number;
  isPrecomputed: boolean;
  /** Pictures of the drawings as addresses, once they have been fetched. */
  thumbnails?: readonly string[] | undefined;
  backend?: string | undefined;
  downloadBytes: number;
  progress?: Progress | undefined;
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
  map: SpaceMap,
  width: number,
  height: number,
  margin: number,
): [x: number, y: number][] {
  const spans = [0, 1].map((axis) => {
    const values = map.points.map((point) => point[axis]);
    return [Math.min(...values), Math.max(...values)];
  });
  const [[left, right], [low, high]] = spans;
  const scale = Math.min(
    (width - 2 * margin) / Math.max(right - left, 1e-9),
    (height - 2 * margin) / Math.max(high - low, 1e-9),
  );
  const round = (value: number) => Math.round(value * 10) / 10;
  return map.points.map(([x, y]) => [
    round(width / 2 + (x - (left + right) / 2) * scale),
    round(height / 2 - (y - (low + high) / 2) * scale),
  ]);
}
