/** The race's state: what is chosen, what has been run, what is running. Plain data and pure functions. */
import { summariseRuns, type RaceNetwork, type RacePoint } from '../../labs/data-race/costs.ts';
import {
  entryKey,
  firstChoice,
  listEntries,
  mostSeeds,
  raceMethods,
  raceSizes,
  type RaceChoice,
  type RaceEntry,
  type RaceRun,
  type RaceSize,
} from '../../labs/data-race/plan.ts';
import type { Approach } from '../../labs/network-description.ts';
import type { FigureStatus } from '../kit/figure-element.ts';
import type { Progress } from '../kit/progress.ts';
import { oneOf, wholeNumber, type Field, type FieldTable } from '../kit/url-state.ts';
import { frameRuns, type RaceFrame } from './frame.ts';

export { raceSizes };
export type { Approach, RaceEntry, RacePoint };

/** What went wrong, in the engine's words. */
export interface RaceProblem {
  message: string;
  advice: string;
}

export interface RaceState {
  status: FigureStatus;
  network: RaceNetwork;
  choice: RaceChoice;
  /** The number of examples whose costs stand beside the chart. */
  at: RaceSize;
  /** Trainings that have ended: those of the first frame, or those of this page. */
  runs: readonly RaceRun[];
  /** True until a training has ended in the page. */
  isPrecomputed: boolean;
  /** The training under way. */
  now?: { entry: RaceEntry; step: number; steps: number } | undefined;
  /** Where kernels ran, in words. */
  backend?: string | undefined;
  /** Bytes that the first start fetches. */
  downloadBytes: number;
  progress?: Progress | undefined;
  problem?: RaceProblem | undefined;
}

/** The race as the page shows it before anything has run. */
export function firstState(frame: RaceFrame, downloadBytes: number): RaceState {
  return {
    status: 'idle',
    network: frame.network,
    choice: firstChoice,
    at: 2,
    runs: frameRuns(frame),
    isPrecomputed: true,
    downloadBytes,
  };
}

/** What can be shared by a link. Lists are words with points between them. */
export interface Shared {
  methods: string;
  sizes: string;
  seeds: number;
  at: string;
}

export const sharedFields: FieldTable<Shared> = {
  methods: someOf(raceMethods),
  sizes: someOf(raceSizes.map(String)),
  seeds: wholeNumber(1, mostSeeds),
  at: oneOf(raceSizes.map(String)),
};

/** The shareable part of a state. */
export function sharedOf({
  choice: { methods, sizes, seeds },
  at,
}: Pick<RaceState, 'choice' | 'at'>): Shared {
  return { methods: methods.join('.'), sizes: sizes.join('.'), seeds, at: String(at) };
}

/** A state with what a link says. */
export function withShared(state: RaceState, link: Partial<Shared>): RaceState {
  const { methods, sizes, seeds, at } = { ...sharedOf(state), ...link };
  const choice = {
    methods: raceMethods.filter((method) => methods.split('.').includes(method)),
    sizes: raceSizes.filter((size) => sizes.split('.').includes(String(size))),
    seeds,
  };
  return { ...state, choice, at: raceSizes.find((size) => String(size) === at) ?? state.at };
}

/** A field for some of the given words, at least one; read in their own order. */
function someOf(words: readonly string[]): Field<string> {
  return {
    read: (text) => {
      const asked = text.split('.');
      const isKnown = asked.every((word) => words.includes(word));
      return isKnown ? words.filter((word) => asked.includes(word)).join('.') : undefined;
    },
    write: String,
  };
}

/** The choice with one method or size more or less; the last of a kind stays. */
export function toggleChoice(choice: RaceChoice, value: string, isOn: boolean): RaceChoice {
  const toggled = <T extends string | number>(all: readonly T[], chosen: readonly T[]): readonly T[] => {
    const next = all.filter((one) => (String(one) === value ? isOn : chosen.includes(one)));
    return next.length > 0 ? next : chosen;
  };
  return {
    ...choice,
    methods: toggled<Approach>(raceMethods, choice.methods),
    sizes: toggled<RaceSize>(raceSizes, choice.sizes),
  };
}

/** The trainings of the choice that have not been run in this page, in the order in which they would be. */
export function pendingEntries({ choice, runs, isPrecomputed }: RaceState): RaceEntry[] {
  const done = new Set(isPrecomputed ? [] : runs.map(entryKey));
  return listEntries(choice).filter((entry) => !done.has(entryKey(entry)));
}

/** The trainings of the choice that have ended. */
export function shownRuns({ choice, runs }: RaceState): RaceRun[] {
  const wanted = new Set(listEntries(choice).map(entryKey));
  return runs.filter((run) => wanted.has(entryKey(run)));
}

/** The chart's lines and the table's rows: the points of each chosen method, by size. */
export function shownPoints(state: RaceState): { method: Approach; points: RacePoint[] }[] {
  const runs = shownRuns(state);
  const { methods, sizes } = state.choice;
  return methods.map((method) => ({ method, points: summariseRuns(state.network, runs, method, sizes) }));
}

/** The state with another training ended; the first one of the page puts the precomputed ones away. */
export function withRun(state: RaceState, run: RaceRun): Partial<RaceState> {
  const kept = state.isPrecomputed ? [] : state.runs.filter((old) => entryKey(old) !== entryKey(run));
  return { runs: [...kept, run], isPrecomputed: false };
}

/** The finding that the caption states: at the number of examples that is shown, the best way to transfer against none. */
export function findingOf(state: RaceState): {
  size: RaceSize;
  method: Approach;
  best: number;
  scratch: number;
} {
  const points = shownPoints(state).flatMap((line) => line.points.filter(({ size }) => size === state.at));
  const ofScratch = points.find(({ method }) => method === 'from-scratch');
  const [best] = points.filter(({ method }) => method !== 'from-scratch').toSorted((a, b) => b.mean - a.mean);
  return { size: state.at, method: best.method, best: best.mean, scratch: ofScratch?.mean ?? 0 };
}
