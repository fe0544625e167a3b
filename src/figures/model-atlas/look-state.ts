/** Tensors that were read of a network, as the atlas's state. */
import type { TensorSummary } from '../../labs/tensor-summary.ts';

/** What was read of a network: its stored weights, and values of its last run. */
export interface LookState {
  /** What pressing the button fetches, in words; empty where the file is here. */
  weightsNote: string;
  /** Whether there has been a run whose values can be read. */
  hasValues: boolean;
  /** What is being read now. */
  pending: LookAction | 'run' | undefined;
  /** Why nothing could be read. */
  problem: string | undefined;
  /** By `weights` or `values` and the box's id. */
  read: ReadonlyMap<string, readonly TensorSummary[]>;
  /** Whether the panel itself takes a picture to run on. */
  takesPicture: boolean;
  /** Whether it takes a text. */
  takesText: boolean;
  /** What the last run said, where the panel started it. */
  ran: string;
  /** Milliseconds that boxes took by themselves, by their ids. */
  times: ReadonlyMap<string, number>;
}

export type LookKind = 'weights' | 'values';

/** What the panel's buttons ask for. */
export type LookAction = LookKind | 'time';

/** Before anything has been read. */
export function firstLook(change: Partial<LookState> = {}): LookState {
  return {
    weightsNote: '',
    hasValues: false,
    pending: undefined,
    problem: undefined,
    read: new Map(),
    takesPicture: false,
    takesText: false,
    ran: '',
    times: new Map(),
    ...change,
  };
}

/** The key of something that was read. */
export const lookKey = (kind: LookKind, box: string): string => `${kind} ${box}`;
