/** What the freeze lab logs of a run. */
import type { Accuracy } from '../few-shot/accuracy.ts';
import type * as log from '../run-log.ts';
import type { BlockChange } from './compare-weights.ts';
import type { LabSettings } from './settings.ts';

export interface RunResult {
  readonly end: 'finished' | 'stopped-early' | 'diverged';
  readonly steps: number;
  /** Loss of each step's batch. */
  readonly losses: readonly number[];
  /** Accuracy on held-out pictures, by steps taken. */
  readonly accuracies: readonly { readonly step: number; readonly accuracy: Accuracy }[];
  /** Median of the steps' milliseconds. */
  readonly stepMs: number;
  readonly totalMs: number;
  readonly trainableParameters: number;
  /** Multiply-accumulates of a step, counted in its graph. */
  readonly stepMacs: number;
  readonly backwardNodes: number;
  /** Bytes of remembered outputs of frozen layers. */
  readonly cachedBytes: number;
  readonly changes: readonly BlockChange[];
  /** Where it ran, in words. */
  readonly backend: string;
}

export type LoggedRun = log.LoggedRun<LabSettings, RunResult>;
export type RunLog = log.RunLog<LabSettings, RunResult>;
