/** The bench's state and everything that follows from it: plain data and pure functions. */
import type { BenchRun } from '../../labs/tensor-bench/bench.ts';
import type { FigureStatus } from '../kit/figure-element.ts';
import { oneOf, type FieldTable } from '../kit/url-state.ts';

export type { BenchRun } from '../../labs/tensor-bench/bench.ts';
export type { GraphNode, GraphPicture, TensorPicture } from '../../labs/tensor-bench/pictures.ts';

export interface Cell {
  id: number;
  code: string;
  /** What it did when it last ran. */
  run: BenchRun | undefined;
  /** Whether the code has changed since. */
  isStale: boolean;
}

/** A lesson: cells to start from. */
export interface Lesson {
  id: LessonId;
  cells: readonly (readonly string[])[];
}

export const lessonIds = [
  'article',
  'batch',
  'broadcasting',
  'embedding',
  'autograd',
  'training',
  'memory',
] as const;
export type LessonId = (typeof lessonIds)[number];

export interface BenchState {
  status: FigureStatus;
  lesson: LessonId;
  cells: readonly Cell[];
  /** The cell that runs now. */
  running: number | undefined;
  /** Cells as they were before each change, newest last. */
  past: readonly (readonly Cell[])[];
  /** Element of a drawing under the pointer or the keyboard: cell, tensor, place in the flat tensor. */
  pick: { cell: number; tensor: number; at: number } | undefined;
}

/** What stands in the address: the lesson, and the reader's own cells where they differ from it. */
export interface Shared {
  lesson: LessonId;
  cells: string;
}

/** Longer programs stay in the page: no host takes an address of any length. */
const longestAddress = 4000;

export const sharedFields: FieldTable<Shared> = {
  lesson: oneOf(lessonIds),
  cells: { read: (text) => (readCodes(text) ? text : undefined), write: (text) => text },
};

/** Cells that have not run. */
export function freshCells(codes: readonly string[]): Cell[] {
  return codes.map((code, id) => ({ id, code, run: undefined, isStale: false }));
}

/** The codes of a lesson's cells. */
export function codesOf({ cells }: Lesson): string[] {
  return cells.map((lines) => lines.join('\n'));
}

/** The reader's cells for the address; empty if they are the lesson's own or too long. */
export function writeCodes(codes: readonly string[], lesson: Lesson): string {
  if (JSON.stringify(codes) === JSON.stringify(codesOf(lesson))) return '';
  const bytes = new TextEncoder().encode(JSON.stringify(codes));
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  return text.length > longestAddress
    ? ''
    : text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Cells from the address, or undefined for anything else. */
export function readCodes(text: string): string[] | undefined {
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (sign) =>
      sign.charCodeAt(0),
    );
    const codes: unknown = JSON.parse(new TextDecoder().decode(bytes));
    const isList =
      Array.isArray(codes) && codes.length <= 40 && codes.every((code) => typeof code === 'string');
    return isList ? codes : undefined;
  } catch {
    return undefined;
  }
}

/** The state with one cell changed. */
export function changeCell(cells: readonly Cell[], id: number, change: Partial<Cell>): Cell[] {
  return cells.map((cell) => (cell.id === id ? { ...cell, ...change } : cell));
}

/** A new, empty cell behind the given one. */
export function addBehind(cells: readonly Cell[], id: number): { cells: Cell[]; added: number } {
  const added = Math.max(-1, ...cells.map((cell) => cell.id)) + 1;
  const at = cells.findIndex((cell) => cell.id === id) + 1;
  return {
    cells: [
      ...cells.slice(0, at),
      { id: added, code: '', run: undefined, isStale: false },
      ...cells.slice(at),
    ],
    added,
  };
}

/** The indices of an element, one an axis, from its place in the flat tensor. */
export function indicesOf(shape: readonly number[], at: number): number[] {
  let rest = at;
  return shape
    .map((size, axis) => ({ size, inner: shape.slice(axis + 1).reduce((product, one) => product * one, 1) }))
    .map(({ inner }) => {
      const index = Math.floor(rest / inner);
      rest -= index * inner;
      return index;
    });
}

/** Where an arrow key leads in a drawn tensor: along the last axis, or the one before it. */
export function stepFrom(
  shape: readonly number[],
  at: number,
  key: string,
  count: number,
): number | undefined {
  const row = shape.at(-1) ?? 1;
  const steps: Partial<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -row,
    ArrowDown: row,
    Home: -at,
    End: count - 1 - at,
  };
  const step = steps[key];
  return step === undefined ? undefined : Math.max(0, Math.min(count - 1, at + step));
}
