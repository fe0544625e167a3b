/** What a training is told and what it reports: plain data that passes between threads. */
import type { TrainableGroup } from '../autodiff/bundles.ts';
import type { OptimizerKind } from '../autodiff/optimizers.ts';
import type { ThawErrorData } from '../errors.ts';
import type { AnyTensors } from '../runtime/any-session.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { Pooling } from './pooled-head.ts';
import type { Schedule } from './schedule.ts';

/** Examples as the network reads them. */
export interface ExampleSet {
  /** Inputs of the network by name: [views · n, …], view after view: row v·n + i is view v of example i. */
  readonly inputs: AnyTensors;
  /** Index of each example's class: [n], or [n · places] where the network answers at several places. −100 is ignored. */
  readonly labels: Int32Array;
  /** Augmented versions of each example, from which every epoch draws one at random; default 1. Evaluation reads the first. */
  readonly views?: number;
}

/** What is to be learnt. */
export interface TrainingTask {
  /** Names of the classes; the network gets a new head with one output for each. */
  readonly classes: readonly string[];
  readonly train: ExampleSet;
  /** Examples that only measure; nothing is chosen by them. */
  readonly heldOut?: ExampleSet;
  /** Examples that early stopping watches. */
  readonly validation?: ExampleSet;
}

/** Weights that share a learning rate, with that rate (before the schedule). */
export interface LearningGroup extends TrainableGroup {
  readonly learningRate: number;
}

/** A part of a training with its own trainable weights; several in a row are gradual unfreezing (Howard and Ruder 2018). */
export interface TrainingPhase {
  /** Weights that are in no group are frozen. */
  readonly groups: readonly LearningGroup[];
  /** Passes over the examples. */
  readonly epochs: number;
  /** Default constant; runs over the steps of the phase. */
  readonly schedule?: Schedule;
  /** Where BatchNorm takes mean and variance from: what the file stores (default), or each batch, which moves what is stored. */
  readonly statistics?: 'stored' | 'batch';
}

/** How a training goes. */
export interface TrainingSettings {
  readonly phases: readonly TrainingPhase[];
  readonly optimizer: OptimizerKind;
  /** Default 0; norms and biases never decay. */
  readonly weightDecay?: number;
  /** Of sgd and nesterov; default 0.9. */
  readonly momentum?: number;
  /** Gradients longer together than this are shortened to it; default: no limit. */
  readonly largestNorm?: number;
  /** Share of the target that all classes divide, 0 to 1; default 0. */
  readonly labelSmoothing?: number;
  /** Examples a step; fewer when there are fewer. Default 16. */
  readonly batchSize?: number;
  /** Fixes the order of examples, their views, and fresh weights. Default 1. */
  readonly seed?: number;
  /** 'pretrained' (default), or 'random': every weight is drawn anew. */
  readonly start?: 'pretrained' | 'random';
  /** Whether the head is replaced by a fresh one for the task's classes; default true. */
  readonly replacesHead?: boolean;
  /** Of a network that reads texts: where the head is put. Default: the network ends in a linear layer already. */
  readonly pools?: Pooling;
  /** Whether frozen layers at the bottom run once for each view and are remembered; default true. */
  readonly caches?: boolean;
  /** Evaluates after every so many epochs; 0: only at the end. Default 1. */
  readonly evaluateEvery?: number;
  /** Stops after so many evaluations of `validation` without a lower loss, and goes back to the best weights; default: never. */
  readonly patience?: number;
  /** Layers to measure at each step: sets of weights by a name. Default: each group is one. */
  readonly layers?: readonly TrainableGroup[];
}

/** Answers to a set of examples. */
export interface Evaluation {
  /** Mean cross-entropy. */
  readonly loss: number;
  readonly correct: number;
  /** Places that were asked; ignored ones do not count. */
  readonly count: number;
  /** The likeliest class at every place, ignored ones included. */
  readonly predictions: Int32Array;
}

/** One layer at one step. Lengths are Euclidean, over all of the layer's weights that are trained now. */
export interface LayerMetrics {
  readonly id: string;
  /** Length of the gradient, before clipping. */
  readonly gradientNorm: number;
  /** Length of the weights after the step. */
  readonly weightNorm: number;
  /** Distance from the weights that the training began with, over their length; over 1 when that was 0. */
  readonly change: number;
  /** Length of the step over the length of the weights before. */
  readonly updateRatio: number;
}

/** One step, or what came of the last. */
export interface StepReport {
  /** Steps taken, of `steps`. */
  readonly step: number;
  readonly steps: number;
  /** Epochs begun, over all phases. */
  readonly epoch: number;
  readonly phase: number;
  /** Of the batch, before the step. */
  readonly loss: number;
  /** Share of the batch that was right before the step. */
  readonly accuracy: number;
  readonly gradientNorm: number;
  /** By group. */
  readonly learningRates: Readonly<Record<string, number>>;
  /** Milliseconds before the step for running the frozen layers over examples that no step had asked for. */
  readonly cacheMs: number;
  /** Milliseconds that the step took, metrics included, evaluation not. */
  readonly elapsedMs: number;
  /** Bytes of the runtime's WebAssembly memory after the step; it never shrinks. Absent where nobody can tell. */
  readonly memoryBytes?: number;
  readonly layers: readonly LayerMetrics[];
  readonly heldOut?: Evaluation;
  readonly validation?: Evaluation;
  /** Set in the last report. */
  readonly end?: TrainingEnd;
}

/** How a training ended. After 'diverged' the last weights with a sound loss are kept. */
export interface TrainingEnd {
  readonly kind: 'finished' | 'stopped-early' | 'diverged';
  /** The step whose weights are kept. */
  readonly keptStep: number;
  /** Why it diverged and what to change. */
  readonly problem?: ThawErrorData;
}

/** What the graphs of the current phase are, for figures that show them. */
export interface PhaseFacts {
  readonly phase: number;
  /** Nodes of the whole step by what they are for. */
  readonly nodes: Readonly<Record<'forward' | 'loss' | 'backward' | 'optimizer', number>>;
  readonly trainableParameters: number;
  /** Whether frozen layers ran once and are remembered. */
  readonly isCached: boolean;
  /** Bytes of remembered values once every example has been asked for, all sets together. */
  readonly cachedBytes: number;
  readonly batchSize: number;
  /** Milliseconds for building the graphs and opening their sessions. */
  readonly buildMs: number;
}

/** What to train, as the page asks for it. */
export interface TrainingOrder {
  readonly task: TrainingTask;
  readonly settings: TrainingSettings;
  /** Name under which the training is kept in this browser, such as "training freeze-lab"; default: it is not kept. */
  readonly keep?: string;
  /** Whether it begins anew even where the same training is kept already; default false. */
  readonly isAnew?: boolean;
  /** Where an earlier training of the same task and settings stood: this one goes on from there, on whatever backend. */
  readonly from?: Checkpoint;
}

/** Examples to answer, sized as those of the training. */
export interface TrainingQuestion {
  /** Inputs of the network by name: [n, …]. */
  readonly inputs: AnyTensors;
  /** What moved the answers: the rows of this value, float [n, T, width], by gradient × input along a direction over the classes. */
  readonly influence?: { readonly value: string; readonly direction: readonly number[] };
}

export interface TrainingAnswer {
  /** float32 [n, classes] */
  readonly logits: Float32Array;
  /** float32 [n, T], where it was asked for. */
  readonly influence?: Float32Array;
}

/**
 * News of a training under way: graphs were built, a step was taken, or it broke off by a failure and stands at its last whole
 * step. The last tells of what is lost with the worker.
 */
export type TrainingNews =
  | { readonly kind: 'phase'; readonly facts: PhaseFacts }
  | { readonly kind: 'step'; readonly report: StepReport }
  | { readonly kind: 'stopped'; readonly kept: Checkpoint };

/** A training in the worker, as the page holds it. */
export interface RunningTraining {
  /** Steps that a kept training had taken before; 0 for a new one. */
  readonly step: number;
  readonly steps: number;
  /**
   * Takes steps until the end. Rejects with 'cancelled' when the signal aborts; called again, the training goes on after its last
   * whole step.
   */
  drive: (options?: {
    signal?: AbortSignal | undefined;
    onNews?: (news: TrainingNews) => void;
  }) => Promise<TrainingEnd>;
  /** Pauses before the next step, lets one pass, or goes on. */
  steer: (action: SteerAction) => Promise<null>;
  /** Answers with the weights as they are; not while it is driven. */
  ask: (question: TrainingQuestion) => Promise<TrainingAnswer>;
  /** The bytes of an ONNX file with the weights as they are. */
  writeModel: () => Promise<Uint8Array<ArrayBuffer>>;
  /** Stops it and frees its sessions. */
  close: () => Promise<null>;
}

export type SteerAction = 'pause' | 'step' | 'resume';
