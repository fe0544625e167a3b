/** What the race has to know about a network: which weights each method trains, and what its steps cost. */
import { findBlocks } from '../../engine/onnx/blocks.ts';
import { readModel } from '../../engine/onnx/reader.ts';
import { planTraining } from '../../engine/onnx/trainable.ts';
import { describeNetwork } from '../describe-network.ts';
import { measureStepCost } from '../step-cost.ts';
import type { RaceNetwork } from './costs.ts';

/** Reads it from the network's file, for a task of so many classes. */
export function describeRaceNetwork(file: Uint8Array, id: string, classes: number): RaceNetwork {
  const blocks = findBlocks(readModel(file));
  const head = planTraining(blocks, 'feature-extractor');
  const network = describeNetwork(file, id, id);
  const top = network.blocks.at(-1);
  const [lowest] = network.blocks;
  if (!top) throw new Error(`${id} has no blocks.`);
  const headCost = measureStepCost(network, top.id, classes);
  const headForward = (top.macs / network.classes) * classes;
  return {
    id,
    backbone: head.frozenNames,
    head: head.trainableNames,
    backboneParameters: head.frozenParameters,
    features: top.macs / network.classes,
    classes,
    backboneForwardMacs: headCost.forward - headForward,
    headStepMacs: headCost.total - (headCost.forward - headForward),
    wholeStepMacs: measureStepCost(network, lowest.id, classes).total,
  };
}
