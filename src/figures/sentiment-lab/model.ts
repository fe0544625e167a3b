/** The sentiment figure's state as plain data, and what follows from it. */
import { accuracyOf, type Accuracy } from '../../labs/few-shot/accuracy.ts';
import type { SentenceAnswer, WordInfluence } from '../../labs/sentiment/ask-sentence.ts';
import {
  calibrationOf,
  confusionAt,
  type Answered,
  type Bin,
  type Confusion,
} from '../../labs/sentiment/judge.ts';
import { sumMatrix, type Cell, type Matrix } from '../../labs/sentiment/matrix.ts';
import { countMoving, type TextNetwork } from '../../labs/sentiment/order.ts';
import type { OwnTable } from '../../labs/sentiment/own-table.ts';
import {
  firstSettings,
  subjects,
  ways,
  type SentimentSettings,
  type Subject,
  type Way,
} from '../../labs/sentiment/settings.ts';
import { emptyLog, median, type LoggedRun as Logged, type RunLog as Log } from '../../labs/run-log.ts';
import type { FigureStatus } from '../kit/figure-element.ts';
import type { Progress } from '../kit/progress.ts';
import type { SentimentFrame } from './frame.ts';

export { median, subjects, ways };
export type { Accuracy, Answered, Bin, Cell, Confusion, Matrix, OwnTable, SentenceAnswer, SentimentSettings };
export type { Subject, Way, WordInfluence };

/** What went wrong, and what the reader can do. */
export interface Problem {
  message: string;
  advice: string;
  /** What was not lost. */
  kept?: string | undefined;
}

/** What the log keeps of a run. */
export interface RunResult {
  readonly end: 'finished' | 'stopped-early' | 'diverged';
  readonly steps: number;
  /** Loss of each step's batch. */
  readonly losses: readonly number[];
  /** Accuracy on held-out sentences, by steps taken. */
  readonly accuracies: readonly { readonly step: number; readonly accuracy: Accuracy }[];
  readonly stepMs: number;
  readonly totalMs: number;
  readonly trainableParameters: number;
  readonly cachedBytes: number;
  /** Where it ran, in words. */
  readonly backend: string;
}

export type LoggedRun = Logged<SentimentSettings, RunResult>;
export type RunLog = Log<SentimentSettings, RunResult>;

/** A run under way, or the last one. */
export interface RunNow {
  /** What it runs with; the reader may choose anew meanwhile. */
  settings: SentimentSettings;
  step: number;
  steps: number;
  losses: readonly number[];
  accuracies: RunResult['accuracies'];
  stepMs: readonly number[];
  cachedBytes: number;
  trainableParameters: number;
  isPaused: boolean;
  /** Set when it has ended. */
  letter?: string | undefined;
}

export interface SentimentState {
  status: FigureStatus;
  network: TextNetwork;
  settings: SentimentSettings;
  matrix: Matrix;
  /** What the matrix was made with. */
  matrixSettings: SentimentSettings;
  /** True until a cell of the matrix was measured in the page. */
  isPrecomputed: boolean;
  /** The training of the matrix under way. */
  filling?: { row: Subject; step: number; steps: number } | undefined;
  run?: RunNow | undefined;
  log: RunLog;
  /** What the last run's network says of the held-out sentences; undefined before a run has ended. */
  answers?: readonly Answered[] | undefined;
  /** Called positive from this probability on. */
  threshold: number;
  /** Whether a trained network waits for questions. */
  canAsk: boolean;
  sentence: string;
  reading?: SentenceAnswer | undefined;
  /** Why there is no reading, in words. */
  sentenceNotice?: string | undefined;
  /** The reader's own table, and what is wrong with the last one that was offered. */
  own?: OwnTable | undefined;
  ownProblem?: Problem | undefined;
  backend: 'auto' | 'wasm' | 'webgpu';
  /** Where the network runs, in words; once it is loaded. */
  where?: string | undefined;
  downloadBytes: number;
  progress?: Progress | undefined;
  problem?: Problem | undefined;
  notice?: string | undefined;
}

/** The figure before anything has run. */
export function firstState(
  { network, settings, matrix }: SentimentFrame,
  downloadBytes: number,
): SentimentState {
  return {
    status: 'idle',
    network,
    settings: firstSettings,
    matrix,
    matrixSettings: settings,
    isPrecomputed: true,
    log: emptyLog,
    threshold: 0.5,
    canAsk: false,
    sentence: '',
    backend: 'auto',
    downloadBytes,
  };
}

/** How many weights move, of all. */
export function sumOf({ network, settings }: Pick<SentimentState, 'network' | 'settings'>): {
  moving: number;
  weights: number;
} {
  const moving = countMoving(network, settings.way);
  return { moving, weights: countMoving(network, 'all') };
}

/** The domains that can be chosen. */
export function choosable({ own }: Pick<SentimentState, 'own'>): Subject[] {
  return subjects.filter((subject) => subject !== 'own' || own !== undefined);
}

/** A row of the matrix: its cells in the order of the columns, undefined where nothing was measured. */
export interface MatrixRow {
  row: Subject;
  cells: { column: Subject; accuracy: Accuracy | undefined }[];
}

/** The matrix as it is drawn; a domain that has no cell yet and is not the reader's own has an empty row. */
export function matrixRows({ matrix, own }: Pick<SentimentState, 'matrix' | 'own'>): MatrixRow[] {
  const isThere = (subject: Subject) => subject !== 'own' || own !== undefined || matrix.own !== undefined;
  const all = subjects.filter(isThere);
  return all.map((row) => ({
    row,
    cells: all.map((column) => ({ column, accuracy: accuracyIn(matrix[row]?.[column]) })),
  }));
}

function accuracyIn(cell: Cell | undefined): Accuracy | undefined {
  return cell && accuracyOf(cell.correct, cell.asked);
}

/**
 * What the matrix says in two numbers: right on the diagonal, and off it. Off it the same sentences are asked in every row, so that
 * interval counts each of them once.
 */
export function findingOf(matrix: Matrix): { within: Accuracy; across: Accuracy; isGuessing: boolean } {
  const { within, across } = sumMatrix(matrix);
  const distinct = Math.min(within.asked, across.asked);
  const share = across.asked === 0 ? 0 : across.correct / across.asked;
  const [own, others] = [accuracyOf(within.correct, within.asked), accuracyOf(share * distinct, distinct)];
  return { within: own, across: others, isGuessing: own.low <= 0.5 && others.low <= 0.5 };
}

/** What the last run's answers are worth at the threshold. */
export function judged({
  answers,
  threshold,
}: Pick<SentimentState, 'answers' | 'threshold'>):
  { confusion: Confusion; bins: readonly Bin[]; error: number } | undefined {
  if (!answers || answers.length === 0) return undefined;
  return { confusion: confusionAt(answers, threshold), ...calibrationOf(answers) };
}

/** A run's curves for the charts. */
export interface Curve {
  letter: string;
  isNow: boolean;
  losses: readonly number[];
  accuracies: RunResult['accuracies'];
}

/** All curves, the newest last, so that it lies on top. */
export function curvesOf({ run, log }: Pick<SentimentState, 'run' | 'log'>): Curve[] {
  const logged = log.runs.map(({ letter, result }) => ({
    letter,
    isNow: letter === run?.letter,
    losses: result.losses,
    accuracies: result.accuracies,
  }));
  if (!run || run.letter !== undefined) return logged.toSorted((a, b) => Number(a.isNow) - Number(b.isNow));
  return [...logged, { letter: '', isNow: true, losses: run.losses, accuracies: run.accuracies }];
}

/** Words with how strong they are beside the strongest, −1 … 1. */
export function weighedWords({
  words,
}: Pick<SentenceAnswer, 'words'>): (WordInfluence & { strength: number })[] {
  const most = Math.max(...words.map(({ influence }) => Math.abs(influence)), Number.MIN_VALUE);
  return words.map((word) => ({ ...word, strength: word.influence / most }));
}
