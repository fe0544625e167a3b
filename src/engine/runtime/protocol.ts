/**
 * What page and worker say to each other.
 *
 * Life cycle. The client starts the worker at the first load, posts `start` and then requests, each with an id of its own; the
 * worker answers every request exactly once with `done` or `failed`, after any number of `progress` and `stage`
 * messages. Downloads run side by side; making sessions and running them pass through one queue, in order of arrival.
 * `cancel` names an earlier request: one that waits is dropped and a download stops, both answered with `failed`
 * ('cancelled'); a run already in the kernels finishes and is answered, but the client has stopped listening.
 *
 * A training is opened, driven as often as it is called off (`cancel` names the drive), steered, asked, written and closed by its number;
 * each of its steps waits in the queue like a run. While it is driven it sends `trained`.
 *
 * Kept by the worker, by model handle: the graph's bytes, its sessions and what a decoder remembers of its last text, until `release` or the worker's end. Kept
 * across workers and visits: only the downloaded files (src/engine/download). When the worker dies (life-line.ts
 * tells also a death without an event), every open request fails with 'worker-crashed', all handles are void, and the client
 * sends what was open once more to a new worker.
 */
import type { RemoteFile } from '../download/download.ts';
import type { ThawErrorData } from '../errors.ts';
import type { Label } from '../registry/labels.ts';
import type { AnyManifest } from '../registry/manifest.ts';
import type {
  SteerAction,
  TrainingAnswer,
  TrainingEnd,
  TrainingNews,
  TrainingOrder,
  TrainingQuestion,
} from '../trainer/types.ts';
import type {
  Backend,
  BackendReport,
  Build,
  DownloadPart,
  GpuEvidence,
  InputTensors,
  LoadStage,
  NamedTensors,
  Precision,
} from './types.ts';

/** The compiled runtime that a load needs. */
export interface BuildRequest {
  build: Exclude<Build, 'node'>;
  wasm: RemoteFile;
  /** Absolute address of the build's module script. */
  glueUrl: string;
}

export interface LoadRequest {
  kind: 'load';
  id: number;
  manifest: AnyManifest;
  files: { weights: RemoteFile; labels?: RemoteFile; vocabulary?: RemoteFile };
  runtime: BuildRequest;
  backend: Backend;
  precision: Precision;
  /** Intermediate values that the session offers from the start. */
  values: readonly string[];
  /** Draws the weights anew; undefined keeps the stored ones. */
  weightSeed?: number | undefined;
  /** Whether the session leaves out what none of `values` needs. */
  stopsAtValues?: boolean | undefined;
  /** Whether a decoder remembers what it has read. */
  remembers?: boolean | undefined;
  /** Whether the session waits for the first run. */
  onlyTrains?: boolean | undefined;
}

export interface RunRequest {
  kind: 'run';
  id: number;
  handle: number;
  inputs: InputTensors;
  /** Empty: the graph's own outputs. */
  outputs: readonly string[];
  /** Pieces at the beginning whose values are not asked for, if the session remembers them. */
  known: number;
}

export interface StartMessage {
  kind: 'start';
  siteRoot: string;
  /** Threads for WASM kernels; 'measure' finds out whether they help now. One without cross-origin isolation. */
  threads: number | 'measure';
}

export type ToWorker =
  /** Sent once, before all others. */
  StartMessage | EngineMessage;

/** About a training; its code is loaded with the first of these. */
export type TrainingRequest =
  | { kind: 'open-training'; id: number; handle: number; order: TrainingOrder }
  | { kind: 'drive-training'; id: number; training: number }
  | { kind: 'steer-training'; id: number; training: number; action: SteerAction }
  | { kind: 'ask-training'; id: number; training: number; question: TrainingQuestion }
  | { kind: 'write-training'; id: number; training: number }
  | { kind: 'close-training'; id: number; training: number };

export type EngineMessage =
  | LoadRequest
  | RunRequest
  | TrainingRequest
  | { kind: 'release'; id: number; handle: number }
  | { kind: 'cancel'; id: number };

/** Answer to a load. */
export interface Loaded {
  handle: number;
  labels: Label[];
  vocabulary?: Uint8Array<ArrayBuffer>;
  report: Omit<BackendReport, 'note'>;
  storageRefused: boolean;
}

/** Answer to a run. */
export interface Ran {
  outputs: NamedTensors;
  elapsedMs: number;
  precision: Precision;
  gpu?: GpuEvidence;
}

/** Answer to an opened training. */
export interface OpenedTraining {
  training: number;
  /** Steps taken before, where a kept training goes on. */
  step: number;
  steps: number;
}

/** Answer to a written training: an ONNX file. */
export interface WrittenTraining {
  file: Uint8Array<ArrayBuffer>;
}

export type Answer = Loaded | Ran | OpenedTraining | TrainingEnd | TrainingAnswer | WrittenTraining | null;

/** One file of a load moved on. */
export interface FileProgress {
  part: DownloadPart['name'];
  receivedBytes: number;
}

/** News of a load under way. */
export type LoadEvent =
  { kind: 'progress'; id: number; progress: FileProgress } | { kind: 'stage'; id: number; stage: LoadStage };

export type FromWorker =
  | { kind: 'ready' }
  | LoadEvent
  | { kind: 'trained'; id: number; news: TrainingNews }
  | { kind: 'done'; id: number; answer: Answer }
  /** `fatal`: the worker cannot go on and must be replaced. */
  | { kind: 'failed'; id: number; error: ThawErrorData; fatal: boolean };
