/** The task of a run for the network that learns it: drawings are fetched once, sentences come with their code. */
import { isTextManifest, pictureManifest } from '../../engine/registry/manifest.ts';
import type { LoadedModel } from '../../engine/runtime/types.ts';
import type { TrainingTask } from '../../engine/trainer/types.ts';
import { fetchDrawings } from '../../labs/few-shot/fetch-drawings.ts';
import type { DrawingSheet } from '../../labs/few-shot/read-pictures.ts';
import { drawTask, trainingTask } from '../../labs/freeze-lab/task.ts';
import type { TaskChoice } from '../../labs/freeze-lab/task-choice.ts';
import type { NotebookLesson } from '../../labs/freeze-lab/notebook-lesson.ts';
import type { findFile } from './find-file.ts';
import type { LabNetwork } from './model.ts';

/** Tasks for the lab's networks. */
export class Lessons {
  readonly #sprites: string;
  readonly #signal: AbortSignal;
  #sheet: Promise<DrawingSheet> | undefined;

  /** `sprites` is the folder of the drawings. */
  constructor(sprites: string, signal: AbortSignal) {
    this.#sprites = sprites;
    this.#signal = signal;
  }

  /** Fetches what a network's tasks are made of, while the network itself is on its way. */
  prepare({ reads }: LabNetwork): Promise<unknown> {
    return reads === 'texts' ? import('./text-lesson.ts') : this.drawings();
  }

  /** The task of a choice, as the loaded network reads it. */
  async taskFor(model: LoadedModel, { reads }: LabNetwork, choice: TaskChoice): Promise<TrainingTask> {
    if (reads === 'texts') return (await import('./text-lesson.ts')).textLesson(model, choice);
    const sheet = await this.drawings();
    return trainingTask(sheet, drawTask(sheet.index, choice), pictureManifest(model.manifest).input);
  }

  /** The examples of a choice as a notebook carries them; `file` tells of the network's files. */
  async notebookLesson(
    file: Awaited<ReturnType<typeof findFile>>,
    choice: TaskChoice,
  ): Promise<NotebookLesson> {
    if (isTextManifest(file.manifest)) {
      const vocabulary = await fetch(file.addressOf(file.manifest.files.vocabulary.path));
      if (!vocabulary.ok) throw new Error(`The vocabulary could not be fetched: ${vocabulary.status}.`);
      const bytes = new Uint8Array(await vocabulary.arrayBuffer());
      return (await import('./text-lesson.ts')).textNotebook(file.manifest, bytes, choice);
    }
    const { pictureLesson } = await import('../../labs/freeze-lab/notebook-lesson.ts');
    return pictureLesson(await this.drawings(), file.manifest.input, choice);
  }

  /** The sheet of drawings. */
  drawings(): Promise<DrawingSheet> {
    this.#sheet ??= fetchDrawings(`${this.#sprites}targets.json`, this.#signal);
    // a failed download must not be remembered
    this.#sheet.catch(() => (this.#sheet = undefined));
    return this.#sheet;
  }
}
