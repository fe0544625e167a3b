/** Everything that a run of the freeze lab follows from, and the order for a training that it makes. */
import type { OptimizerKind } from '../../engine/autodiff/optimizers.ts';
import type { TrainingOrder, TrainingSettings, TrainingTask } from '../../engine/trainer/types.ts';
import {
  choiceOf,
  gradualChoices,
  groupsOf,
  movingIn,
  type Choice,
  type Preset,
  type Rates,
} from './choice.ts';
import { weightyBlocks, type LabNetwork } from './network.ts';
import { mostShots, type TaskChoice } from './task-choice.ts';

export interface LabSettings {
  readonly choice: Choice;
  readonly task: TaskChoice;
  readonly rates: Rates;
  /** Steps that are asked for; a run takes whole epochs, so a few more. */
  readonly steps: number;
  readonly optimizer: OptimizerKind;
  /** Where BatchNorm takes mean and variance from. */
  readonly statistics: 'stored' | 'batch';
  /** Whether the head begins alone and stages thaw one after the other. */
  readonly isGradual: boolean;
}

export const optimizers = ['adamw', 'adam', 'sgd', 'nesterov'] as const;

/** Examples a step. */
export const batchSize = 16;

/** AdamW's usual decay; norms and biases take none. */
const weightDecay = 0.01;

/** Accuracy is measured about so often in a run. */
const evaluations = 8;

/** The settings that the lab begins with. */
export function firstSettings(network: LabNetwork, preset: Preset): LabSettings {
  return {
    choice: choiceOf(network, preset),
    task:
      network.reads === 'texts'
        ? { subject: 'films', shots: 40, seed: 1 }
        : { subject: 'animals', shots: 5, seed: 1 },
    rates: { head: network.reads === 'texts' ? 0.003 : 0.01, backbone: 0.0003 },
    steps: 40,
    optimizer: 'adamw',
    statistics: statisticsFor(network, preset),
    isGradual: false,
  };
}

/**
 * The settings with a preset's choice. Random weights have no stored statistics worth the name, so from scratch BatchNorm looks at
 * the batch; a choice with trained weights keeps what is stored.
 */
export function withPreset(network: LabNetwork, settings: LabSettings, preset: Preset): LabSettings {
  const choice = choiceOf(network, preset);
  const isOtherStart = choice.start !== settings.choice.start;
  return { ...settings, choice, ...(isOtherStart && { statistics: statisticsFor(network, preset) }) };
}

/** The settings with another task; examples that its subject does not have are left out. */
export function withTask(settings: LabSettings, change: Partial<TaskChoice>): LabSettings {
  const task = { ...settings.task, ...change };
  const most = mostShots(task.subject);
  return { ...settings, task: { ...task, shots: task.shots > most ? most : task.shots } };
}

function statisticsFor({ reads }: LabNetwork, preset: Preset): LabSettings['statistics'] {
  return preset === 'scratch' && reads === 'pictures' ? 'batch' : 'stored';
}

/** The training that the settings ask for. */
export function orderOf(network: LabNetwork, settings: LabSettings, task: TrainingTask): TrainingOrder {
  const { choice, rates, optimizer, statistics, isGradual } = settings;
  const examples = task.train.labels.length;
  const perEpoch = Math.ceil(examples / Math.min(batchSize, examples));
  const epochs = Math.max(1, Math.ceil(settings.steps / perEpoch));
  const choices = isGradual ? gradualChoices(network, choice).slice(-epochs) : [choice];
  const phases = choices.map((one, at) => ({
    groups: groupsOf(network, one, rates),
    // whole epochs, shared evenly; the first phases take what is left over
    epochs: Math.floor(epochs / choices.length) + (at < epochs % choices.length ? 1 : 0),
    statistics,
  }));
  const layers = weightyBlocks(network)
    .map((block) => ({ id: block.id, weights: movingIn(network, block, choice) }))
    .filter(({ weights }) => weights.length > 0);
  const plan: TrainingSettings = {
    phases,
    optimizer,
    weightDecay: optimizer === 'adamw' ? weightDecay : 0,
    batchSize,
    seed: settings.task.seed,
    start: choice.start,
    ...(network.pools && { pools: network.pools }),
    evaluateEvery: Math.max(1, Math.round(epochs / evaluations)),
    layers,
  };
  return { task, settings: plan };
}
