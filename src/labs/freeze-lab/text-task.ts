/** The few-shot tasks of sentences in the freeze lab: negative or positive, learnt from one half of a subject and asked about the other. */
import { DOMAINS, JUDGEMENTS } from '../../data/sentences/labelled.ts';
import type { TrainingTask } from '../../engine/trainer/types.ts';
import { drawExamples, type Library } from '../sentiment/examples.ts';
import { exampleSet } from '../sentiment/order.ts';
import type { TextReader } from '../sentiment/text-batch.ts';
import { textLength } from './network.ts';
import type { TaskChoice } from './task-choice.ts';

/** The task of a choice, every sentence of one length. Tasks that differ only in their number of examples ask the same questions. */
export function textTask(reader: TextReader, library: Library, choice: TaskChoice): TrainingTask {
  const { train, heldOut } = drawSentences(library, choice);
  return {
    classes: JUDGEMENTS,
    train: exampleSet(reader, train, textLength),
    heldOut: exampleSet(reader, heldOut, textLength),
  };
}

/** The sentences of a choice. */
export function drawSentences(library: Library, { subject, shots, seed }: TaskChoice) {
  const domain = DOMAINS.find((one) => one === subject);
  if (!domain) throw new RangeError(`No sentences are about ${subject}.`);
  return drawExamples(library, { sources: [domain], target: domain, shots, seed });
}
