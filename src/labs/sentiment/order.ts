/** From settings and sentences to the order for a training. */
import { JUDGEMENTS } from '../../data/sentences/labelled.ts';
import { pooledHead } from '../../engine/trainer/pooled-head.ts';
import type { ExampleSet, LearningGroup, TrainingOrder } from '../../engine/trainer/types.ts';
import { stateName } from '../bert-lens/encoder.ts';
import type { Example } from './examples.ts';
import type { SentimentSettings, Way } from './settings.ts';
import { textBatch, type TextReader } from './text-batch.ts';

/** What the figure knows about its network. */
export interface TextNetwork {
  readonly layers: number;
  /** Weights below the head with their sizes, bottom up. */
  readonly weights: readonly { readonly name: string; readonly size: number }[];
  /** Weights of the new head. */
  readonly headSize: number;
}

/** Sentences a step. */
export const batchSize = 16;

/** AdamW's usual decay; norms and biases take none. */
const weightDecay = 0.01;

/** Accuracy is measured about so often in a run. */
const evaluations = 8;

/** Layers below a new head learn so much more slowly than it (Howard and Ruder 2018). */
const backboneFactor = 0.1;

/** Names of the weights below the head that move. */
export function movingWeights({ weights, layers }: TextNetwork, way: Way): readonly string[] {
  const last = `encoder.layer.${layers - 1}.`;
  return weights
    .map(({ name }) => name)
    .filter((name) => way === 'all' || way === 'scratch' || (way === 'last' && name.startsWith(last)));
}

/** How many weights move, the head's among them. */
export function countMoving(network: TextNetwork, way: Way): number {
  const moving = new Set(movingWeights(network, way));
  const below = network.weights.filter(({ name }) => moving.has(name));
  return below.reduce((sum, { size }) => sum + size, network.headSize);
}

/** Sentences with their labels as a training takes them. */
export function exampleSet(reader: TextReader, examples: readonly Example[], length: number): ExampleSet {
  return {
    inputs: textBatch(
      reader,
      examples.map(({ sentence }) => sentence),
      length,
    ),
    labels: Int32Array.from(examples, ({ label }) => label),
  };
}

/** The training that the settings ask for. */
export function orderOf(
  network: TextNetwork,
  settings: Pick<SentimentSettings, 'way' | 'epochs' | 'rate' | 'seed'>,
  { train, heldOut }: { readonly train: ExampleSet; readonly heldOut?: ExampleSet },
  mask: string,
): TrainingOrder {
  const { way, epochs, rate, seed } = settings;
  const isRandom = way === 'scratch';
  const groups: LearningGroup[] = [
    { id: 'head', weights: [pooledHead.weight, pooledHead.bias], learningRate: rate },
    {
      id: 'backbone',
      weights: movingWeights(network, way),
      learningRate: isRandom ? rate : rate * backboneFactor,
    },
  ];
  return {
    task: { classes: JUDGEMENTS, train, ...(heldOut && { heldOut }) },
    settings: {
      phases: [{ groups: groups.filter(({ weights }) => weights.length > 0), epochs }],
      optimizer: 'adamw',
      weightDecay,
      batchSize,
      seed,
      start: isRandom ? 'random' : 'pretrained',
      pools: { states: stateName(network.layers), mask },
      evaluateEvery: Math.max(1, Math.round(epochs / evaluations)),
    },
  };
}
