import { stepsPerEpoch } from './batches.ts';
import type { BatchPlan } from './batches.ts';
import { rateFactor } from './schedule.ts';
import type { TrainingPhase, TrainingSettings, TrainingTask } from './types.ts';

/** The steps of a training, laid out before the first. */
export interface TrainingPlan {
  readonly batches: BatchPlan;
  readonly steps: number;
  readonly perEpoch: number;
  /** The phase of a step, counted from 0, and its place in the phase. */
  locate: (step: number) => { readonly phase: number; readonly at: number };
  /** Learning rates by group at a step. */
  ratesAt: (step: number) => Readonly<Record<string, number>>;
  /** Whether an evaluation is due when so many steps are taken. */
  isDue: (taken: number) => boolean;
}

/** Lays out the steps that the settings ask for. */
export function planSteps({ train }: TrainingTask, settings: TrainingSettings): TrainingPlan {
  const { phases, batchSize: wanted = 16, seed = 1, evaluateEvery = 1 } = settings;
  const views = train.views ?? 1;
  const count = Object.values(train.inputs)[0].shape[0] / views;
  const batchSize = Math.min(wanted, count);
  const perEpoch = stepsPerEpoch({ count, batchSize });
  const lengths = phases.map(({ epochs }) => epochs * perEpoch);
  const steps = lengths.reduce((sum, length) => sum + length, 0);
  const locate = (step: number) => {
    let [phase, at] = [0, step];
    while (phase < phases.length - 1 && at >= lengths[phase]) at -= lengths[phase++];
    return { phase, at };
  };
  return {
    batches: { count, batchSize, views, seed },
    steps,
    perEpoch,
    locate,
    ratesAt(step) {
      const { phase, at } = locate(step);
      const { groups, schedule = { kind: 'constant' } }: TrainingPhase = phases[phase];
      const factor = rateFactor(schedule, at, lengths[phase]);
      return Object.fromEntries(groups.map(({ id, learningRate }) => [id, learningRate * factor]));
    },
    isDue(taken) {
      if (taken === steps) return true;
      return evaluateEvery > 0 && taken % (perEpoch * evaluateEvery) === 0;
    },
  };
}
