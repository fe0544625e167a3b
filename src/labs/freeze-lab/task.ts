/** The few-shot tasks of pictures in the freeze lab: five classes that no network was trained on. */
import type { InputSpec } from '../../engine/registry/manifest.ts';
import type { TrainingTask } from '../../engine/trainer/types.ts';
import { listDrawings, stylesOf, type DrawingIndex } from '../few-shot/drawings.ts';
import { taskTensors, type DrawingSheet } from '../few-shot/read-pictures.ts';
import { categoryPools, conceptPools, drawConcepts, sampleTask, type FewShotTask } from '../few-shot/task.ts';
import { mostShots, subjects, ways, type TaskChoice } from './task-choice.ts';

/** The most questions for each class. */
const asked = 20;

/** The task of a choice. Tasks that differ only in their number of examples ask the same questions. */
export function drawTask(index: DrawingIndex, { subject, shots, seed }: TaskChoice): FewShotTask {
  if (!subjects.some((one) => one === subject)) throw new RangeError(`No drawings are about ${subject}.`);
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
