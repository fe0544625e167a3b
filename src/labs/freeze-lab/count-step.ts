/**
 * What one step of training costs under a choice, counted in the very graph that would run: the autodiff engine builds it, and the
 * nodes are counted. The frozen layers below the lowest trainable one are cut off, as they run once for each picture.
 */
import { splitPrefix } from '../../engine/autodiff/split-prefix.ts';
import { buildTrainingStep } from '../../engine/autodiff/training-step.ts';
import type { Phase } from '../../engine/autodiff/graph-builder.ts';
import type { OptimizerKind } from '../../engine/autodiff/optimizers.ts';
import { measureCost } from '../../engine/onnx/cost.ts';
import { dequantizeWeights } from '../../engine/onnx/dequantize-weights.ts';
import type { Model } from '../../engine/onnx/types.ts';
import { groupsOf, type Choice } from './choice.ts';
import type { LabNetwork } from './network.ts';

/** What the graph of a step depends on. */
export interface StepOptions {
  readonly batchSize: number;
  readonly statistics: 'stored' | 'batch';
  readonly optimizer: OptimizerKind;
}

export interface StepCount {
  readonly trainableParameters: number;
  /** Nodes of the step by what they are for. */
  readonly nodes: Readonly<Record<Phase, number>>;
  /** Backward nodes that belong to a block's layers; a block without any costs nothing on the way back. */
  readonly backwardIn: Readonly<Record<string, number>>;
  /** Multiply-accumulates of one step over a batch. */
  readonly stepMacs: number;
  /** Those of one picture through the layers that are cut off; 0 where nothing is. */
  readonly cachedMacs: number;
  /** Bytes of all tensors alive at the worst moment of a step, weights left out. */
  readonly peakBytes: number;
}

/**
 * Counts a step; undefined when nothing moves.
 * @param model the network's graph with its new head; the values of its weights do not matter.
 */
export function countStep(
  model: Model,
  network: LabNetwork,
  choice: Choice,
  { batchSize, statistics, optimizer }: StepOptions,
): StepCount | undefined {
  const groups = groupsOf(network, choice, { head: 1, backbone: 1 });
  if (groups.length === 0) return undefined;
  const trained = new Set(groups.flatMap(({ weights }) => weights));
  const source = dequantizeWeights(model, (name) => trained.has(name));
  const axis = source.graph.inputs.at(0)?.dims?.at(0);
  const step = buildTrainingStep(source, {
    groups,
    sizes: typeof axis === 'string' ? { [axis]: batchSize } : {},
    loss: 'cross-entropy',
    optimizer,
    usesBatchStatistics: () => statistics === 'batch',
  });
  const split = splitPrefix(step, source);
  const cost = measureCost(split?.rest ?? step.model);
  const nodes = { forward: 0, loss: 0, backward: 0, optimizer: 0 };
  const blockOf = new Map(network.blocks.flatMap(({ id, nodes: names }) => names.map((name) => [name, id])));
  const backwardIn: Record<string, number> = {};
  for (const node of step.model.graph.nodes) {
    const { phase, origin } = step.notes.get(node) ?? { phase: 'forward' as const, origin: '' };
    nodes[phase]++;
    const block = phase === 'backward' ? blockOf.get(origin) : undefined;
    if (block !== undefined) backwardIn[block] = (backwardIn[block] ?? 0) + 1;
  }
  return {
    trainableParameters: step.bundles.reduce((sum, { size }) => sum + size, 0),
    nodes,
    backwardIn,
    stepMacs: cost.total.macs,
    cachedMacs: split ? measureCost(split.prefix).total.macs / batchSize : 0,
    peakBytes: cost.memory.peakBytes,
  };
}
