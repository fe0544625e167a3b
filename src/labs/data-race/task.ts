/**
 * The task of the race. A single thing was drawn by eight hands only, too few for 20 examples to learn from and others to be asked
 * about. So a class is a category with four of its things: the five hands that networks know drew 20 examples of them, and the
 * three that no network has seen drew the questions.
 */
import type { InputSpec } from '../../engine/registry/manifest.ts';
import type { ExampleSet, TrainingTask } from '../../engine/trainer/types.ts';
import { categoriesOf, listDrawings, stylesOf, type DrawingIndex } from '../few-shot/drawings.ts';
import { taskTensors, type DrawingSheet } from '../few-shot/read-pictures.ts';
import { drawConcepts, sampleTask, type FewShotTask, type Labelled, type Pool } from '../few-shot/task.ts';
import { raceSizes, type RaceEntry } from './plan.ts';

/** Things of a category that stand for it: times five hands, as many drawings as the largest size takes. */
export const thingsPerClass = 4;

/** The task for a size and a seed. Tasks of one seed ask the same questions, and a larger one has all examples of a smaller. */
export function drawRaceTask(
  index: DrawingIndex,
  { size, seed }: Pick<RaceEntry, 'size' | 'seed'>,
): FewShotTask {
  return sampleTask(racePools(index, seed), { shots: size, seed, reserved: Math.max(...raceSizes) });
}

/** One class for each category. Things that some hand never drew are left out: they could be told by that. */
function racePools(index: DrawingIndex, seed: number): Pool[] {
  const all = stylesOf(index, 'all');
  const isWhole = ({ name }: { name: string }) => listDrawings(index, [name], all).length === all.length;
  const whole = { ...index, concepts: index.concepts.filter(isWhole) };
  return categoriesOf(index).map((category) => {
    const things = drawConcepts(whole, { category, count: thingsPerClass, seed });
    return {
      name: category,
      teach: listDrawings(index, things, stylesOf(index, 'trained')),
      ask: listDrawings(index, things, stylesOf(index, 'unseen')),
    };
  });
}

/** The same for a training, with the pictures as the network takes them: float32 [N, 3, size, size]. */
export function raceTensors(sheet: DrawingSheet, task: FewShotTask, input: InputSpec): TrainingTask {
  const setOf = (drawings: readonly Labelled[]): ExampleSet => {
    const { pictures, labels } = taskTensors(sheet, drawings, input);
    return { inputs: { [input.name]: pictures }, labels };
  };
  return { classes: task.names, train: setOf(task.support), heldOut: setOf(task.query) };
}
