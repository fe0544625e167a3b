/** What a run learns and is asked, as its notebook carries it: the numbers that the network saw. */
import { squareOf } from '../../engine/preprocess/picture.ts';
import type { Manifest } from '../../engine/registry/manifest.ts';
import type { ExampleSet, TrainingTask } from '../../engine/trainer/types.ts';
import { cutDrawings, type DrawingSheet } from '../few-shot/read-pictures.ts';
import type { Labelled } from '../few-shot/task.ts';
import type { Example, Library } from '../sentiment/examples.ts';
import type { TextReader } from '../sentiment/text-batch.ts';
import type { PlainValue } from '../tensor-bench/notebook-file.ts';
import { textLength, type Reads } from './network.ts';
import { drawTask, trainingTask } from './task.ts';
import type { TaskChoice } from './task-choice.ts';
import { drawSentences, textTask } from './text-task.ts';

/** The examples of a run. */
export interface NotebookLesson {
  readonly reads: Reads;
  readonly task: TrainingTask;
  /** Entries of the notebook's table: how examples become numbers, and `train` and `heldOut`. */
  readonly facts: Readonly<Record<string, PlainValue>>;
}

/** Drawings: their pixels as zlib and base64. */
export async function pictureLesson(
  sheet: DrawingSheet,
  input: Manifest['input'],
  choice: TaskChoice,
): Promise<NotebookLesson> {
  const task = drawTask(sheet.index, choice);
  const set = async (part: readonly Labelled[]): Promise<PlainValue> => ({
    labels: part.map(({ label }) => label),
    pixels: await packPixels(sheet, part, input),
  });
  return {
    reads: 'pictures',
    task: trainingTask(sheet, task, input),
    facts: {
      input: { size: input.resize.size, scale: input.scale, mean: [...input.mean], std: [...input.std] },
      train: await set(task.support),
      heldOut: await set(task.query),
    },
  };
}

/** Sentences: their words to read, and the numbers of their word pieces. */
export function textLesson(reader: TextReader, library: Library, choice: TaskChoice): NotebookLesson {
  const task = textTask(reader, library, choice);
  const drawn = drawSentences(library, choice);
  const set = (examples: readonly Example[], { inputs, labels }: ExampleSet): PlainValue => ({
    labels: [...labels],
    sentences: examples.map(({ sentence }) => sentence),
    pieces: examples.map((_, row) => piecesOf(reader, inputs, row)),
  });
  return {
    reads: 'texts',
    task,
    facts: {
      pieces: textLength,
      train: set(drawn.train, task.train),
      heldOut: set(drawn.heldOut, task.heldOut ?? task.train),
    },
  };
}

/** The numbers of a sentence's word pieces, without padding. */
function piecesOf({ input }: TextReader, inputs: ExampleSet['inputs'], row: number): number[] {
  const [ids, mask] = [input.name, input.mask ?? ''].map((name) =>
    [...inputs[name].data.slice(row * textLength, (row + 1) * textLength)].map(Number),
  );
  return ids.filter((_, at) => mask[at] === 1);
}

/** uint8 [N, size, size, 3]: the pixels that the network saw. */
async function packPixels(
  sheet: DrawingSheet,
  part: readonly Labelled[],
  { resize }: Manifest['input'],
): Promise<string> {
  const squares = cutDrawings(
    sheet,
    part.map(({ drawing }) => drawing),
  ).map((picture) => new Uint8Array(squareOf(picture, resize)));
  const packed = new Blob(squares).stream().pipeThrough(new CompressionStream('deflate'));
  const bytes = new Uint8Array(await new Response(packed).arrayBuffer());
  let text = '';
  // Spreading all bytes into one call would overflow the stack
  for (let at = 0; at < bytes.length; at += 8192)
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}
