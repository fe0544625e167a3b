/** A training that takes milliseconds: a small ResNet with int8 weights, and pictures whose class is a bright corner. */
import { nativeSessions } from '../../../../src/engine/runtime/node.ts';
import { openTraining } from '../../../../src/engine/trainer/training.ts';
import type { Training } from '../../../../src/engine/trainer/training.ts';
import type { TrainerPorts } from '../../../../src/engine/trainer/phase-graphs.ts';
import type { Checkpoint } from '../../../../src/engine/trainer/checkpoint.ts';
import type {
  ExampleSet,
  StepReport,
  TrainingPhase,
  TrainingSettings,
  TrainingTask,
} from '../../../../src/engine/trainer/types.ts';
import { dequantizeWeights } from '../../../../src/engine/onnx/dequantize-weights.ts';
import type { Model } from '../../../../src/engine/onnx/types.ts';
import { normal, seededRandom } from '../../../fixtures/onnx/random.ts';
import { buildResnet } from '../../../fixtures/onnx/resnet.ts';

const size = 16;

export const network = buildResnet({ size, widths: [4, 6, 8, 10], classes: 7 });

/** Weights by name, without running statistics. */
export const weightNames = [...dequantizeWeights(network).graph.initializers.keys()].filter(
  (name) => !name.includes('running'),
);

/** Those of some blocks. */
export function weightsOf(...blocks: readonly string[]): string[] {
  return weightNames.filter((name) => blocks.some((block) => name.startsWith(`${block}.`)));
}

/** Noise with a bright corner, of which there are four. */
export function cornerPictures(seed: number, count: number, classes = 3, views = 1): ExampleSet {
  const random = seededRandom(seed);
  const labels = Int32Array.from({ length: count }, (_, at) => at % classes);
  const half = size / 2;
  const data = Float32Array.from({ length: views * count * 3 * size * size }, (_, at) => {
    const [x, y] = [at % size, Math.floor(at / size) % size];
    const label = labels[Math.floor(at / (3 * size * size)) % count];
    return normal(random) + ((x < half ? 0 : 1) + (y < half ? 0 : 2) === label ? 2 : 0);
  });
  return {
    inputs: { input: { dtype: 'float32', shape: [views * count, 3, size, size], data } },
    labels,
    views,
  };
}

export const task: TrainingTask = {
  classes: ['left', 'right', 'below'],
  train: cornerPictures(1, 18),
  heldOut: cornerPictures(2, 30),
};

export const headPhase: TrainingPhase = {
  groups: [{ id: 'head', weights: weightsOf('head'), learningRate: 0.01 }],
  epochs: 3,
};

export const wholePhase: TrainingPhase = {
  groups: [{ id: 'all', weights: weightNames, learningRate: 0.003 }],
  epochs: 3,
};

/** Settings that a test changes. */
export function settingsFor(changes: Partial<TrainingSettings> = {}): TrainingSettings {
  return { phases: [headPhase], optimizer: 'adamw', batchSize: 8, seed: 3, ...changes };
}

const createSession = await nativeSessions(1);
export const ports: TrainerPorts = { createSession, now: () => 0, poolMethod: 'indices' };

/** Opens a training of the small network. */
export function open(
  settings: TrainingSettings,
  { of = task, from, model = network }: { of?: TrainingTask; from?: Checkpoint; model?: Model } = {},
): Training {
  return openTraining(model, of, settings, ports, from);
}

/** Takes steps until the end, or until so many are taken. */
export async function follow(training: Training, steps = Infinity): Promise<StepReport[]> {
  const reports: StepReport[] = [];
  while (reports.length < steps) {
    const report = await training.next();
    if (!report) break;
    reports.push(report);
  }
  return reports;
}
