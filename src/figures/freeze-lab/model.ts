/** The freeze lab's state as plain data, and what follows from it. */
import {
  isSame,
  movingIn,
  presetOf,
  presetsOf,
  stateOf,
  type BlockState,
  type Preset,
} from '../../labs/freeze-lab/choice.ts';
import type { BlockChange } from '../../labs/freeze-lab/compare-weights.ts';
import type { StepCount } from '../../labs/freeze-lab/count-step.ts';
import { weightyBlocks, type LabBlock, type LabNetwork } from '../../labs/freeze-lab/network.ts';
import type { LoggedRun, RunLog, RunResult } from '../../labs/freeze-lab/run-result.ts';
import { emptyLog, longestName, median } from '../../labs/run-log.ts';
import { networkIds, type NetworkId } from '../../labs/freeze-lab/network.ts';
import { firstSettings, type LabSettings } from '../../labs/freeze-lab/settings.ts';
import type { FigureStatus } from '../kit/figure-element.ts';
import type { Progress } from '../kit/progress.ts';
import type { OpenRun } from './memory.ts';

export { networkIds, presetsOf, type NetworkId };
export { longestName, median };
export type { BlockChange, BlockState, LabBlock, LabNetwork, LabSettings, LoggedRun, RunLog, StepCount };

/** What went wrong, and what the reader can do. */
export interface Problem {
  message: string;
  advice: string;
}

/** What is known about a block while a run goes on. */
export interface LayerNow {
  /** Distance from the start over the length of the weights; exactly 0 for what is frozen. */
  change: number;
  gradientNorm: number;
}

/** A run under way, or the last one. */
export interface RunNow {
  /** What it runs with; the reader may choose anew meanwhile. */
  settings: LabSettings;
  step: number;
  steps: number;
  losses: readonly number[];
  accuracies: RunResult['accuracies'];
  /** By block, only those with weights that move. */
  layers: Readonly<Record<string, LayerNow>>;
  stepMs: readonly number[];
  nodes?: Readonly<Record<'forward' | 'loss' | 'backward' | 'optimizer', number>> | undefined;
  cachedBytes: number;
  /** Of the runtime's WebAssembly memory, measured; undefined before the first step. */
  memoryBytes?: number | undefined;
  trainableParameters: number;
  /** Multiply-accumulates of a step as they were counted; 0 where they were not. */
  stepMacs: number;
  isPaused: boolean;
  phase: number;
  /** Set when it has ended. */
  changes?: readonly BlockChange[] | undefined;
  letter?: string | undefined;
}

export interface FreezeState {
  status: FigureStatus;
  network: LabNetwork;
  /** A run that a closed tab broke off. */
  interrupted?: OpenRun | undefined;
  /** The network that is on its way to be chosen. */
  coming?: NetworkId | undefined;
  settings: LabSettings;
  /** Of the step that the settings ask for; undefined while it is counted, or when nothing moves. */
  count: StepCount | undefined;
  /** The same where everything moves: what the others are compared with. */
  countOfAll: Pick<StepCount, 'nodes' | 'stepMacs'> | undefined;
  run?: RunNow | undefined;
  log: RunLog;
  backend: 'auto' | 'wasm' | 'webgpu';
  /** Where the network runs, in words; once it is loaded. */
  where?: string | undefined;
  /** The classes of the last task that was drawn. */
  classes: readonly string[];
  downloadBytes: number;
  progress?: Progress | undefined;
  problem?: Problem | undefined;
  notice?: string | undefined;
}

/** The first frame: a preset, counted, nothing trained. */
export function firstState(
  network: LabNetwork,
  preset: Preset,
  { count, countOfAll, downloadBytes }: Pick<FreezeState, 'count' | 'countOfAll' | 'downloadBytes'>,
): FreezeState {
  return {
    status: 'idle',
    network,
    settings: firstSettings(network, preset),
    count,
    countOfAll,
    log: emptyLog,
    backend: 'auto',
    classes: [],
    downloadBytes,
  };
}

/** How the gradient passes a block: not at all, through it, to weights that move, or no further. */
export type BackwardPass = 'none' | 'pass' | 'update' | 'end';

/** A block of the drawing with everything that is said about it. */
export interface BlockRow {
  block: LabBlock;
  weights: number;
  state: BlockState;
  moving: number;
  backward: BackwardPass;
  /** Backward nodes of the block's layers; undefined while they are counted. */
  backwardNodes: number | undefined;
  /** Undefined before a run, and where there are no weights. */
  now: LayerNow | undefined;
  change: BlockChange | undefined;
}

/** The blocks from the picture to the head. */
export function blockRows(state: FreezeState): BlockRow[] {
  const { network, settings, count, run } = state;
  const { blocks } = network;
  const moving = blocks.map((block) => new Set(movingIn(network, block, settings.choice)));
  const lowest = moving.findIndex(({ size }) => size > 0);
  return blocks.map((block, at): BlockRow => {
    const moves = moving[at];
    const isReached = lowest >= 0 && at >= lowest;
    const state = stateOf(network, block, settings.choice);
    const sum = (some: readonly { size: number }[]) => some.reduce((total, { size }) => total + size, 0);
    return {
      block,
      weights: sum(block.weights),
      state,
      moving: sum(block.weights.filter(({ name }) => moves.has(name))),
      backward: !isReached ? 'none' : at === lowest ? 'end' : moves.size > 0 ? 'update' : 'pass',
      backwardNodes: count === undefined ? undefined : (count.backwardIn[block.id] ?? 0),
      now:
        run === undefined || block.weights.length === 0
          ? undefined
          : (run.layers[block.id] ?? { change: 0, gradientNorm: 0 }),
      change: run?.changes?.find(({ id }) => id === block.id),
    };
  });
}

/** Whether the drawing shows a run that was made with the choice in it. */
export function showsRun({ run, settings }: FreezeState): boolean {
  return run !== undefined && isSame(run.settings.choice, settings.choice);
}

/** Below this many multiply-accumulates a step is all overhead, and says nothing about a dearer one. */
const leastMacs = 1e8;

/** What a step would take at the speed of the last run that had enough to do; undefined without one. */
export function predictTime({ count, log }: FreezeState): { letter: string; stepMs: number } | undefined {
  const known = log.runs.findLast(({ result }) => result.stepMacs >= leastMacs && result.end === 'finished');
  if (!known || !count || count.stepMacs < leastMacs) return undefined;
  const { letter, result } = known;
  return { letter, stepMs: (count.stepMacs / result.stepMacs) * result.stepMs };
}

/** The preset that is chosen; undefined for the reader's own choice. */
export function chosenPreset({ network, settings }: FreezeState): Preset | undefined {
  return presetOf(network, settings.choice);
}

/** The marks of a run's strip: one for each block with weights, stem first. */
export function stripOf(network: LabNetwork, settings: LabSettings): BlockState[] {
  return weightyBlocks(network).map((block) => stateOf(network, block, settings.choice));
}

/** A run's curves for the charts: the one under way, and those of the log. */
export interface Curve {
  letter: string;
  isNow: boolean;
  losses: readonly number[];
  accuracies: RunResult['accuracies'];
}

/** All curves, the newest last, so that it lies on top. */
export function curvesOf({ run, log }: FreezeState): Curve[] {
  const logged = log.runs.map(({ letter, result }) => ({
    letter,
    isNow: letter === run?.letter,
    losses: result.losses,
    accuracies: result.accuracies,
  }));
  if (!run || run.letter !== undefined) return logged.toSorted((a, b) => Number(a.isNow) - Number(b.isNow));
  return [...logged, { letter: '', isNow: true, losses: run.losses, accuracies: run.accuracies }];
}

/** What the comparison of the files says about the frozen blocks and about BatchNorm's statistics. */
export interface Proof {
  frozenBlocks: number;
  frozenWeights: number;
  /** Of them, weights that moved: 0 unless something is wrong. */
  moved: number;
  /** Blocks whose running statistics moved. */
  leaking: number;
}

/** Sums up a run's comparison; undefined before it has ended. */
export function proofOf({ network, run }: FreezeState): Proof | undefined {
  if (!run?.changes) return undefined;
  const { choice } = run.settings;
  const frozen = run.changes.filter(({ id }) =>
    network.blocks.some((block) => block.id === id && stateOf(network, block, choice) === 'frozen'),
  );
  return {
    frozenBlocks: frozen.length,
    frozenWeights: frozen.reduce((sum, { weights }) => sum + weights, 0),
    moved: frozen.reduce((sum, { moved }) => sum + moved, 0),
    leaking: run.changes.filter(({ statisticsChange }) => statisticsChange > 0).length,
  };
}

/** A run before its first step. */
export function newRun(settings: LabSettings, stepMacs: number): RunNow {
  return {
    ...{ settings, step: 0, steps: 0, losses: [], accuracies: [], layers: {}, stepMs: [] },
    ...{ cachedBytes: 0, isPaused: false, phase: 0, trainableParameters: 0, stepMacs },
  };
}

/** What is logged of a run that has ended. */
export function resultOf(
  run: RunNow,
  ended: Pick<RunResult, 'end' | 'changes' | 'totalMs' | 'backend'>,
): RunResult {
  const { step, losses, accuracies, stepMs, cachedBytes, trainableParameters, stepMacs, nodes } = run;
  return {
    ...ended,
    ...{ steps: step, losses, accuracies, cachedBytes, trainableParameters, stepMacs },
    stepMs: median(stepMs),
    backwardNodes: nodes?.backward ?? 0,
  };
}

/** A run as it stood after so many steps; losses that were not heard of are no numbers. */
export function cutRun(run: RunNow, step: number): RunNow {
  return {
    ...run,
    ...{ step, stepMs: run.stepMs.slice(0, step), isPaused: false },
    losses: Array.from({ length: step }, (_, at) => run.losses[at] ?? Number.NaN),
    accuracies: run.accuracies.filter((one) => one.step <= step),
  };
}
