/** Counts steps for the drawing, each kind once: building a step's graph takes a moment. */
import { choiceOf } from '../../labs/freeze-lab/choice.ts';
import { countStep, type StepCount } from '../../labs/freeze-lab/count-step.ts';
import { batchSize, type LabSettings } from '../../labs/freeze-lab/settings.ts';
import type { Model } from '../../engine/onnx/types.ts';
import { toShared } from './share.ts';
import type { FreezeState, LabNetwork } from './model.ts';

type Counts = Pick<FreezeState, 'count' | 'countOfAll'>;

export interface Counter {
  /** What is known without building a graph. */
  known: (settings: LabSettings) => Counts | undefined;
  /** Builds the graphs that are missing. */
  count: (settings: LabSettings) => Counts;
}

/** A counter over a network's graph with its new head; the values of its weights do not matter. */
export function makeCounter(model: Model, network: LabNetwork): Counter {
  const counted = new Map<string, StepCount | undefined>();
  const everything = (settings: LabSettings): LabSettings => ({
    ...settings,
    choice: choiceOf(network, 'all'),
  });
  const keyOf = (settings: LabSettings): string => {
    const { thaw, moves, shots, optimizer, norms } = toShared(network, settings);
    return [thaw, moves, shots, optimizer, norms].join();
  };
  const one = (settings: LabSettings): StepCount | undefined => {
    const key = keyOf(settings);
    if (!counted.has(key)) {
      const { choice, statistics, optimizer, task } = settings;
      const batch = Math.min(batchSize, task.shots * network.ways);
      counted.set(key, countStep(model, network, choice, { batchSize: batch, statistics, optimizer }));
    }
    return counted.get(key);
  };
  const count = (settings: LabSettings): Counts => ({
    count: one(settings),
    countOfAll: one(everything(settings)),
  });
  return {
    count,
    known: (settings) =>
      counted.has(keyOf(settings)) && counted.has(keyOf(everything(settings))) ? count(settings) : undefined,
  };
}
