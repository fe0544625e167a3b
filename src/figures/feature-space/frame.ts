/** The feature space's first frame: maps of the same lab, made by `npm run frames`. */
import type { SpaceMap } from '../../labs/feature-space/space.ts';

/** A drawing on the map. */
export interface SpaceDrawing {
  readonly concept: string;
  /** Id of the hand; of a reader's own picture, which has no concept, its file's name. */
  readonly style: string;
}

export interface SpaceFrame {
  /** Command that made it. */
  madeBy: string;
  /** sha256 of each network's weights, by its id. */
  weights: Readonly<Record<string, string>>;
  /** The pooled features' name in each network's graph. */
  values: Readonly<Record<string, string>>;
  seed: number;
  things: readonly string[];
  drawings: readonly SpaceDrawing[];
  /** Drawings from here on are by hands that no network saw. */
  firstAsked: number;
  /** Maps by source, see `model.ts`. */
  maps: Readonly<Record<string, SpaceMap>>;
}

/** The source that is not a file: the first network's graph with weights drawn from a seed. */
export const randomSource = 'resnet-random';

/** The map with coordinates and shares in so many digits as a drawing needs. */
export function shortMap(map: SpaceMap): SpaceMap {
  const digits = (value: number) => Number(value.toPrecision(4));
  const { low, high, share } = map.accuracy;
  return {
    points: map.points.map(([x, y]) => [digits(x), digits(y)] as const),
    shares: [digits(map.shares[0]), digits(map.shares[1])],
    accuracy: { ...map.accuracy, low: digits(low), high: digits(high), share: digits(share) },
  };
}
