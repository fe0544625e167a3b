import { OnnxError } from './onnx-error.ts';
import type { Block } from './blocks.ts';
import { countParameters } from './parameters.ts';

/** The three approaches of the course. */
export type Approach = 'feature-extractor' | 'fine-tuning' | 'from-scratch';

export interface BlockPlan {
  readonly id: string;
  /** Blocks without weights (the picture, pooling) are neither frozen nor trainable. */
  readonly state: 'frozen' | 'trainable' | 'parameterless';
  /** Whether a training step sends a gradient through the block: all blocks from the lowest trainable one up. */
  readonly receivesGradient: boolean;
  readonly parameters: number;
}

/** Which weights a training run changes. Running statistics of BatchNorm and scales of int8 weights are in neither list. */
export interface TrainingPlan {
  readonly approach: Approach;
  /** Whether weights start from the trained network or from random numbers. A new head is random in any case. */
  readonly start: 'pretrained' | 'random';
  readonly blocks: readonly BlockPlan[];
  readonly trainableNames: readonly string[];
  readonly frozenNames: readonly string[];
  readonly trainableParameters: number;
  readonly frozenParameters: number;
}

/**
 * Freezes and thaws blocks as an approach says: the feature extractor trains the head alone; fine-tuning trains `lowestTrainable`
 * (a block id; default the lowest block with weights, that is everything) and all blocks above it; from scratch trains everything.
 * @throws OnnxError when `lowestTrainable` is no block of the network.
 */
export function planTraining(
  blocks: readonly Block[],
  approach: Approach,
  lowestTrainable?: string,
): TrainingPlan {
  const first = firstTrainable(blocks, approach, lowestTrainable);
  const plans = blocks.map(({ id, hasWeights, parameters }, at): BlockPlan => {
    const thawed = at >= first;
    const state = !hasWeights ? 'parameterless' : thawed ? 'trainable' : 'frozen';
    return { id, state, receivesGradient: thawed, parameters };
  });
  const trainable = blocks.slice(first).flatMap((block) => block.parameterList);
  const names = new Set(trainable.map(({ name }) => name));
  // a weight shared between a frozen and a trainable block is trained
  const frozen = blocks
    .slice(0, first)
    .flatMap((block) => block.parameterList.filter(({ name }) => !names.has(name)));
  return {
    approach,
    start: approach === 'from-scratch' ? 'random' : 'pretrained',
    blocks: plans,
    trainableNames: [...names],
    frozenNames: frozen.map(({ name }) => name),
    trainableParameters: countParameters(trainable),
    frozenParameters: countParameters(frozen),
  };
}

function firstTrainable(blocks: readonly Block[], approach: Approach, lowest: string | undefined): number {
  const withWeights = blocks.findIndex((block) => block.hasWeights);
  if (approach === 'from-scratch') return withWeights;
  if (approach === 'feature-extractor') return blocks.findLastIndex((block) => block.hasWeights);
  if (lowest === undefined) return withWeights;
  const at = blocks.findIndex((block) => block.id === lowest);
  if (at < 0)
    throw new OnnxError(
      `There is no block "${lowest}"; the blocks are ${blocks.map(({ id }) => id).join(', ')}.`,
    );
  // a block without weights cannot be the lowest trainable one: training starts above it
  const next = blocks.findIndex((block, index) => index >= at && block.hasWeights);
  return next < 0 ? blocks.length : next;
}
