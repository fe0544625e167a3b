/** The state of a shape walk and everything that follows from it: plain data and pure functions. */
import { symbolsIn } from '../../labs/shape-walk/formula.ts';
import type { ShapeWalk, WalkStep, WalkTensor } from '../../labs/shape-walk/shape-walk.ts';
import type { Size } from '../../labs/atlas-network.ts';
import type { FigureStatus } from '../kit/figure-element.ts';
import { wholeNumber, type Field, type FieldTable } from '../kit/url-state.ts';

export type { AxisRule, ShapeWalk, WalkStep, WalkTensor } from '../../labs/shape-walk/shape-walk.ts';

/** A network that the figure offers. */
export interface Offer {
  id: string;
  title: string;
}

export interface WalkState {
  status: FigureStatus;
  walk: ShapeWalk;
  /** Bundled networks to choose from. */
  offers: readonly Offer[];
  /** Place in the walk's steps. */
  at: number;
  isPlaying: boolean;
  /** Whether the reader has taken a step: the first frame does not move. */
  hasMoved: boolean;
  isTableOpen: boolean;
  problem?: { message: string; advice: string } | undefined;
}

/** What stands in the address: the network and the step, counted from 1. */
export interface Shared {
  walk: string;
  step: number;
}

/** Longer walks list their steps only when the reader opens the table. */
const longTable = 400;

/** The state of the first frame. */
export function firstState(walk: ShapeWalk, offers: readonly Offer[]): WalkState {
  return {
    status: 'ready',
    walk,
    offers,
    at: 0,
    isPlaying: false,
    hasMoved: false,
    isTableOpen: false,
  };
}

/** The state at another step, kept inside the walk. */
export function goTo({ walk }: WalkState, at: number): Pick<WalkState, 'at' | 'hasMoved'> {
  return { at: Math.max(0, Math.min(walk.steps.length - 1, Math.round(at))), hasMoved: true };
}

/** The step that is shown. */
export function stepAt({ walk, at }: WalkState): WalkStep {
  return walk.steps[at];
}

/** The tensors that travel into a step: not those that the file stores. */
export function travelling({ inputs }: WalkStep): WalkTensor[] {
  return inputs.filter(({ from }) => from !== undefined);
}

/** The tensors that a step reads from the file, or that only depend on what stands there. */
export function stored({ inputs }: WalkStep): WalkTensor[] {
  return inputs.filter(({ from }) => from === undefined);
}

/** The steps that read what a step makes. */
export function readersOf({ steps }: ShapeWalk, at: number): number[] {
  return steps.flatMap(({ inputs }, place) => (inputs.some(({ from }) => from === at) ? [place] : []));
}

/** Pairs of steps between which a tensor passes others by. */
export function skipsOf({ steps }: ShapeWalk): [from: number, to: number][] {
  return steps.flatMap(({ inputs }, to) =>
    inputs
      .filter(({ from }) => from !== undefined && from >= 0 && from < to - 1)
      .map(({ from }): [number, number] => [from ?? 0, to]),
  );
}

/** The axis that counts examples, if the network leaves their number open. */
export function batchOf({ inputs }: ShapeWalk): string | undefined {
  const first = inputs[0]?.shape?.[0];
  return typeof first === 'string' && first !== '?' ? first : undefined;
}

/** A shape for one example. */
export function withoutBatch(
  walk: ShapeWalk,
  shape: readonly Size[] | undefined,
): readonly Size[] | undefined {
  return shape && shape.length > 0 && shape[0] === batchOf(walk) ? shape.slice(1) : shape;
}

/** The symbols of a step's formulas, each once: those that number sizes by their letter. */
export function symbolsOf({ axes }: WalkStep): string[] {
  const words = axes.flatMap(({ symbols }) => symbolsIn(symbols)).map((word) => word.replace(/\d+$/, ''));
  return [...new Set(words)];
}

/** The steps that the table lists. */
export function tableSteps({ walk, isTableOpen }: WalkState): WalkStep[] {
  return walk.steps.length <= longTable || isTableOpen ? walk.steps : [];
}

/** A formula as it is set: ⌊ ⌋ for floor, ⌈ ⌉ for ceil, · and −. */
export function setFormula(formula: string): string {
  const ends: string[] = [];
  return formula
    .replaceAll(/(floor|ceil)?\(|\)/g, (part, name: string | undefined) => {
      if (part === ')') return ends.pop() ?? ')';
      ends.push(name === 'floor' ? '⌋' : name === 'ceil' ? '⌉' : ')');
      return name === 'floor' ? '⌊' : name === 'ceil' ? '⌈' : '(';
    })
    .replaceAll('*', '·')
    .replaceAll('-', '−');
}

/** The same with small numerals behind letters: t₁ + t₂. */
export function setSymbols(formula: string): string {
  const numerals = '₀₁₂₃₄₅₆₇₈₉';
  return setFormula(formula).replaceAll(
    /([a-z])(\d+)/g,
    (_, letter: string, digits: string) =>
      letter + digits.replaceAll(/\d/g, (digit) => numerals[Number(digit)]),
  );
}

/** The table of shareable values. */
export function sharedFields({ walk, offers }: Pick<WalkState, 'walk' | 'offers'>): FieldTable<Shared> {
  const ids = offers.map(({ id }) => id);
  const network: Field<string> = {
    read: (text) => (ids.includes(text) ? text : undefined),
    // A reader's own file cannot be shared
    write: (id) => (ids.includes(id) ? id : ''),
  };
  const step = wholeNumber(1, 100_000);
  return { walk: network, step: ids.includes(walk.id) ? step : { ...step, write: () => '' } };
}
