/**
 * A walk through a network, as plain data: one step for each operator that a tensor of the input passes, with the rule that
 * gives the next shape, in symbols and with its numbers. Made from the ONNX file by `describeWalk` (describe-walk.ts).
 *
 * Formulas are texts in one small language, which `evaluateFormula` (formula.ts) reads: numbers, names, + − * /, parentheses,
 * floor, ceil, max, min. Sizes that are only known at run time, such as the batch, keep their names in them.
 */
import type { Size } from '../atlas-network.ts';

/** The rules that have words of their own; `runtime` stands for every other operator. */
export const ruleNames = [
  'convolution',
  'transposed',
  'pooling',
  'global',
  'same',
  'channels',
  'features',
  'softmax',
  'cast',
  'broadcast',
  'matmul',
  'gemm',
  'concat',
  'split',
  'slice',
  'gather',
  'pick',
  'reshape',
  'flatten',
  'transpose',
  'squeeze',
  'unsqueeze',
  'reduce',
  'expand',
  'tile',
  'pad',
  'resize',
  'runtime',
] as const;

export type RuleName = (typeof ruleNames)[number];

/** How some axes of an output get their size. */
export interface AxisRule {
  /** Axes of the output, counted from 0, that the same numbers hold for. */
  axes: number[];
  /** The rule in symbols: `floor((n + 2*p - k)/s) + 1`. */
  symbols: string;
  /** The same with numbers: `floor((64 + 2*1 - 3)/2) + 1`. */
  numbers: string;
  /** What the engine's shape inference says; '?' where only a run can tell. */
  size: Size;
}

/** A tensor that goes into a step or comes out of it. */
export interface WalkTensor {
  name: string;
  /** Absent when unknown. */
  shape?: Size[];
  /** Of an input: the step that made it; -1 for an input of the network; absent for what the file stores. */
  from?: number;
}

export interface WalkStep {
  /** Unique in the walk: the node's name, or its operator and output. */
  id: string;
  op: string;
  rule: RuleName;
  /** Tensors that the node reads, stored weights among them. */
  inputs: WalkTensor[];
  outputs: WalkTensor[];
  /** Of the first output; empty where its shape is unknown or the rule has no words here. */
  axes: AxisRule[];
  /** Trainable weights of the node; two nodes may read the same. */
  parameters: number;
  /** Multiply-accumulate operations for one example. */
  macs: number;
  /** Place in the list of groups. */
  group: number;
}

/** A block of the network that the walk passes. */
export interface WalkGroup {
  label: string;
  /** Its first step. */
  first: number;
}

export interface ShapeWalk {
  id: string;
  title: string;
  /** Inputs of the network. */
  inputs: WalkTensor[];
  outputs: WalkTensor[];
  /** Of the whole network, a shared weight once. */
  parameters: number;
  macs: number;
  steps: WalkStep[];
  groups: WalkGroup[];
}
