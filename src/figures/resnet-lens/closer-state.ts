/** What the lens's closer look keeps: every class, where the evidence lies, and a second network or picture beside. */
import { isEightBit } from '../../labs/network-description.ts';
import type { HeatMap } from '../../labs/heat-map.ts';
import { csvText } from '../kit/csv.ts';
import type { ClassScore } from '../kit/probability-bars.ts';
import { readableName, type LensResult, type RunState } from './run-state.ts';

export { strongestCell } from '../../labs/heat-map.ts';
export { isEightBit };

export const closerViews = ['classes', 'why', 'compare'] as const;
export type CloserView = (typeof closerViews)[number];

export const methods = ['occlusion', 'activation'] as const;
export type Method = (typeof methods)[number];

/** The seed of the network before any training that stands beside the trained one. */
export const rivalSeed = 1;

/** Where the evidence for a class lies in a picture. */
export interface Evidence {
  /** Key of the picture. */
  picture: string;
  method: Method;
  classIndex: number;
  map: HeatMap;
  /** Probability of the class on the whole picture; absent for the activation map. */
  base?: number;
}

export interface CloserState {
  view: CloserView;
  /** What the reader looks for among the classes. */
  query: string;
  method: Method;
  /** The class asked about, in output order; undefined is the likeliest. */
  classIndex?: number | undefined;
  evidence?: Evidence | undefined;
  /** `random`, or the index of a picture in the gallery. */
  rival: 'random' | number;
  /** What the rival made of it, with the key of the picture that it was compared with. */
  comparison?: { rival: 'random' | number; against: string; result: LensResult } | undefined;
  /** A look under way. */
  progress?: { done: number; total: number } | undefined;
  problem?: string | undefined;
}

/** Before the reader has asked for anything. */
export const firstCloser: CloserState = { view: 'classes', query: '', method: 'occlusion', rival: 'random' };

export interface RankedClass extends ClassScore {
  index: number;
  probability: number;
}

/** All classes that hold every word of the query, likeliest first; empty while the network has not run. */
export function rankClasses({ result }: Pick<RunState, 'result'>, query = ''): RankedClass[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return Array.from(result.probabilities ?? [], (probability, index) => ({
    index,
    name: result.classNames[index] ?? String(index),
    probability,
  }))
    .filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)))
    .sort((a, b) => b.probability - a.probability);
}

/** The class that is asked about: the chosen one, else the likeliest. */
export function askedClass(state: Pick<RunState, 'result'>, { classIndex }: CloserState): number {
  return classIndex ?? rankClasses(state)[0]?.index ?? 0;
}

/** What stands beside: as chosen, but no random weights where the network computes in 8 bits as it stands. */
export function rivalOf({ closer: { rival }, network, picture }: RivalState): CloserState['rival'] {
  return rival === 'random' && isEightBit(network) ? (picture === 0 ? 1 : 0) : rival;
}

interface RivalState extends Pick<RunState, 'network' | 'picture'> {
  closer: Pick<CloserState, 'rival'>;
}

/** The rival's name for people. */
export function rivalName(
  { gallery }: Pick<RunState, 'gallery'>,
  rival: CloserState['rival'],
  random: string,
): string {
  return rival === 'random' ? random : readableName(gallery.pictures[rival]?.concept ?? '');
}

/** The classes as a CSV file: one line a class, likeliest first. */
export function classesCsv(state: Pick<RunState, 'result'>): string {
  const rows = rankClasses(state).map(({ index, name, probability }) => [index, name, probability]);
  return csvText([['index', 'class', 'probability'], ...rows]);
}
