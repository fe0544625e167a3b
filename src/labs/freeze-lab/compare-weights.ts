/** What a training did to a network, read from the two files: the proof that what was frozen has not moved. */
import { dequantizeWeights } from '../../engine/onnx/dequantize-weights.ts';
import { float32Values } from '../../engine/onnx/tensor-values.ts';
import type { Model, Tensor } from '../../engine/onnx/types.ts';
import { weightyBlocks, type LabNetwork } from './network.ts';

/** What happened to a block. */
export interface BlockChange {
  readonly id: string;
  /** Length of the change over the length of the weights before; exactly 0 only if no bit changed. */
  readonly change: number;
  /** Weights whose bits differ, of all in the block. */
  readonly moved: number;
  readonly weights: number;
  /** The same for the running means and variances of its BatchNorms, which are no weights. */
  readonly statisticsChange: number;
}

/** Compares a network before and after a training, block by block. */
export function compareWeights(network: LabNetwork, before: Model, after: Model): readonly BlockChange[] {
  const names = new Set(network.blocks.flatMap(({ weights }) => weights.map(({ name }) => name)));
  const [old, now] = [before, after].map((model) => dequantizeWeights(model, (name) => names.has(name)));
  return weightyBlocks(network).map((block) => {
    const weights = differ(
      block.weights.map(({ name }) => name),
      old,
      now,
    );
    return {
      id: block.id,
      change: weights.change,
      moved: weights.moved,
      weights: weights.count,
      statisticsChange: differ(block.statistics, old, now).change,
    };
  });
}

function differ(
  names: readonly string[],
  before: Model,
  after: Model,
): { change: number; moved: number; count: number } {
  let [squares, length, moved, count] = [0, 0, 0, 0];
  for (const name of names) {
    const [old, now] = [before, after].map((model) => valuesOf(model.graph.initializers.get(name), name));
    count += old.length;
    for (let at = 0; at < old.length; at++) {
      // Object.is tells 0 from −0 and knows two NaN for the same
      if (!Object.is(old[at], now[at])) moved++;
      squares += (now[at] - old[at]) ** 2;
      length += old[at] ** 2;
    }
  }
  const distance = Math.sqrt(squares);
  return { change: length === 0 ? distance : distance / Math.sqrt(length), moved, count };
}

function valuesOf(tensor: Tensor | undefined, name: string): Float32Array {
  if (tensor === undefined) throw new Error(`The network has no weight "${name}" to compare.`);
  return float32Values(tensor);
}
