/** The few-shot tasks of the freeze lab: five classes that no network was trained on. */
import type { InputSpec } from '../../engine/registry/manifest.ts';
import type { TrainingTask } from '../../engine/trainer/types.ts';
import { listDrawings, stylesOf, type DrawingIndex } from '../few-shot/drawings.ts';
import { taskTensors, type DrawingSheet } from '../few-shot/read-pictures.ts';
import { categoryPools, conceptPools, drawConcepts, sampleTask, type FewShotTask } from '../few-shot/task.ts';

/**
 * What the classes are: five things of one category, shown by the hands that the network knows and asked about in others; or the
 * categories themselves, asked about with things that were not shown.
 */
export const subjects = ['animals', 'food', 'objects', 'vehicles', 'plants', 'kinds'] as const;

export type Subject = (typeof subjects)[number];

/** Examples a class that can be chosen; a single thing has not more than five drawings to learn from. */
export const shotChoices = [1, 2, 5, 10] as const;

export type Shots = (typeof shotChoices)[number];

/** The most examples a class that a subject has. */
export function mostShots(subject: Subject): Shots {
  return subject === 'kinds' ? 10 : 5;
}

export interface TaskChoice {
  readonly subject: Subject;
  readonly shots: Shots;
  readonly seed: number;
}

/** Classes of every task. */
export const ways = 5;

/** The most questions for each class. */
const asked = 20;

/** The task of a choice. Tasks that differ only in their number of examples ask the same questions. */
export function drawTask(index: DrawingIndex, { subject, shots, seed }: TaskChoice): FewShotTask {
  const known = stylesOf(index, 'trained');
  const reserved = mostShots(subject);
  if (subject === 'kinds') {
    const pools = categoryPools(index, { teachStyles: known, askStyles: known }, seed);
    return sampleTask(pools, { ways, shots, asked, seed, reserved });
  }
  // a thing that some hands never drew could be recognised by that
  const styles = stylesOf(index, 'all');
  const whole = index.concepts.filter(
    ({ name }) => listDrawings(index, [name], styles).length === styles.length,
  );
  const names = drawConcepts({ ...index, concepts: whole }, { category: subject, count: ways, seed });
  const pools = conceptPools(index, names, { teachStyles: known, askStyles: stylesOf(index, 'unseen') });
  return sampleTask(pools, { ways, shots, seed, reserved });
}

/** The task as a training takes it; pictures are prepared as the network wants them. */
export function trainingTask(sheet: DrawingSheet, task: FewShotTask, input: InputSpec): TrainingTask {
  const set = (part: FewShotTask['support']) => {
    const { pictures, labels } = taskTensors(sheet, part, input);
    return { inputs: { [input.name]: pictures }, labels };
  };
  return { classes: task.names, train: set(task.support), heldOut: set(task.query) };
}
