/**
 * What a page and the worker of one reader's network say to each other.
 *
 * Life cycle. The worker starts when the reader hands over files. `open` comes first and names them; `weights` may follow at any
 * time; `run` brings the runtime, once, and tensors; `values` reads tensors of the last run. Requests are answered one after
 * the other, each exactly once, `run` after any number of `progress` messages. To call something off, the page ends the worker
 * and starts another: a run inside WebAssembly hears nothing. Nothing is kept but what the files and the last run hold.
 */
import type { ThawErrorData } from '../../engine/errors.ts';
import type { AnyTensors } from '../../engine/runtime/any-session.ts';
import type { BuildRequest } from '../../engine/runtime/protocol.ts';
import type { AtlasNetwork } from '../atlas-network.ts';
import type { ShapeWalk } from '../shape-walk/shape-walk.ts';
import type { TensorSummary } from '../tensor-summary.ts';
import type { GraphInput } from './graph-inputs.ts';

/** A file by the name that it had on the reader's disk. */
export interface NamedFile {
  name: string;
  file: Blob;
}

/** What each request brings, by its kind. */
export interface Requests {
  open: { files: readonly NamedFile[] };
  /** Reads the walk through a network; nothing stays open. */
  walk: { files: readonly NamedFile[] };
  /** Names of stored tensors. */
  weights: { names: readonly string[] };
  run: { inputs: AnyTensors; runtime: BuildRequest; siteRoot: string };
  /** Names of values that the last run computed. */
  values: { names: readonly string[] };
  /** All values of the last run. */
  check: { names: readonly string[] };
  /** Parts of the network, to be timed each for itself on what they got in the last run. */
  time: { parts: readonly TimedPart[] };
}

/** What each request is answered with. */
export interface Answers {
  open: OpenedFile;
  walk: ShapeWalk;
  weights: TensorSummary[];
  run: FileRun;
  values: TensorSummary[];
  check: CheckedValue[];
  time: PartTime[];
}

export type RequestKind = keyof Requests;

/** A network of the reader's, described. */
export interface OpenedFile {
  network: AtlasNetwork;
  inputs: GraphInput[];
  /** Who made it: exporter and version, operators' version. */
  producer: string;
  opset: number | undefined;
  /** What is odd about it, as whole sentences; at most a few. */
  problems: string[];
  /** Operators without a shape rule. */
  unknownOperators: string[];
  /** Files with weights that it names and that were not handed over. */
  missingFiles: string[];
}

/** One run of a reader's network. */
export interface FileRun {
  outputs: TensorSummary[];
  /** Median of the timed runs, after one that fills caches. */
  elapsedMs: number;
  timedRuns: number;
  /** Building the session, once. */
  sessionMs: number;
  threads: number;
}

/** What is wrong with one value of a run. */
export interface CheckedValue {
  name: string;
  notNumbers: number;
  infinite: number;
}

/** A part of the network by the values that it reads and hands on. */
export interface TimedPart {
  id: string;
  from: readonly string[];
  to: readonly string[];
}

/** How long a part takes by itself; undefined where it cannot run by itself. */
export interface PartTime {
  id: string;
  elapsedMs: number | undefined;
}

export type ToFileWorker = { [K in RequestKind]: { kind: K; id: number } & Requests[K] }[RequestKind];

export type FromFileWorker =
  | { kind: 'progress'; id: number; receivedBytes: number; totalBytes: number }
  | { kind: 'done'; id: number; answer: Answers[RequestKind] }
  | { kind: 'failed'; id: number; error: ThawErrorData };
