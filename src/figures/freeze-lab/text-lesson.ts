/** The tasks of sentences, with the course's sentences. Loaded when a network that reads texts is trained. */
import type { TextManifest } from '../../engine/registry/text-manifest.ts';
import type { LoadedModel } from '../../engine/runtime/types.ts';
import type { TrainingTask } from '../../engine/trainer/types.ts';
import type { TaskChoice } from '../../labs/freeze-lab/task-choice.ts';
import { textLesson as notebookLesson, type NotebookLesson } from '../../labs/freeze-lab/notebook-lesson.ts';
import { textTask } from '../../labs/freeze-lab/text-task.ts';
import { openTextReader } from '../../labs/sentiment/run.ts';
import { readSentences } from '../sentiment-lab/sentences.ts';

/** The task of a choice, in the loaded network's word pieces. */
export function textLesson(model: LoadedModel, choice: TaskChoice): TrainingTask {
  return textTask(openTextReader(model), readSentences(), choice);
}

/** The same for a notebook, read with the network's own vocabulary: nothing else of the network need be here. */
export function textNotebook(
  manifest: TextManifest,
  vocabulary: Uint8Array<ArrayBuffer>,
  choice: TaskChoice,
): NotebookLesson {
  return notebookLesson(openTextReader({ manifest, vocabulary }), readSentences(), choice);
}
