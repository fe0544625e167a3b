/** A run of the freeze lab as a Jupyter notebook that repeats it in PyTorch: same weights, pictures, batches, rates and frozen layers. */
import { squareOf } from '../../engine/preprocess/picture.ts';
import type { Manifest } from '../../engine/registry/manifest.ts';
import { cutDrawings, type DrawingSheet } from '../few-shot/read-pictures.ts';
import type { Labelled } from '../few-shot/task.ts';
import {
  notebookFile,
  pythonLiteral,
  type FileCell,
  type PlainValue,
  type TextCell,
} from '../tensor-bench/notebook-file.ts';
import type { LabNetwork } from './network.ts';
import { notebookCells, type NotebookPart } from './notebook-cells.ts';
import type { LoggedRun } from './run-result.ts';
import { orderOf } from './settings.ts';
import { drawTask, trainingTask } from './task.ts';

/** What a notebook is made from. */
export interface NotebookRequest {
  readonly run: Pick<LoggedRun, 'settings' | 'result'>;
  readonly network: LabNetwork;
  readonly sheet: DrawingSheet;
  readonly manifest: Pick<Manifest, 'id' | 'input' | 'files'>;
  /** Where the network's file can be fetched: a full address. */
  readonly address: string;
  /** Markdown above the first cell, and above each of the program's parts. */
  readonly words: Readonly<Record<'title' | 'run' | NotebookPart, string>>;
}

/**
 * How far the notebook may be from the page: both round float32 sums in their own order, which training from random weights makes
 * grow. Losses as a share of the first one, right answers in pictures.
 */
export const notebookTolerance = { pretrained: { loss: 0.001, right: 1 }, random: { loss: 0.05, right: 3 } };

/** The notebook's file, nbformat 4.5. */
export async function labNotebook(request: NotebookRequest): Promise<string> {
  const { words } = request;
  const cells: (FileCell | TextCell)[] = [{ markdown: words.title }];
  for (const [part, code] of Object.entries(notebookCells) as [NotebookPart, string][]) {
    cells.push({ markdown: words[part] }, { code, run: undefined });
    if (part !== 'imports') continue;
    cells.push({ markdown: words.run }, { code: await describeRun(request), run: undefined });
  }
  return notebookFile(cells);
}

/** Everything that the run follows from, and what came of it, as a Python table. */
async function describeRun({ run, network, sheet, manifest, address }: NotebookRequest): Promise<string> {
  const { settings, result } = run;
  const { input, files } = manifest;
  const task = drawTask(sheet.index, settings.task);
  const { settings: order } = orderOf(network, settings, trainingTask(sheet, task, input));
  const set = async (part: readonly Labelled[]): Promise<PlainValue> => ({
    labels: part.map(({ label }) => label),
    pixels: await packPixels(sheet, part, input),
  });
  const facts: Readonly<Record<string, PlainValue>> = {
    model: { file: `${manifest.id}.onnx`, address, sha256: files.weights.sha256 },
    classes: task.names,
    input: { size: input.resize.size, scale: input.scale, mean: [...input.mean], std: [...input.std] },
    start: order.start ?? 'pretrained',
    seed: settings.task.seed,
    batchSize: order.batchSize ?? 16,
    optimizer: order.optimizer,
    weightDecay: order.weightDecay ?? 0,
    evaluateEvery: order.evaluateEvery ?? 1,
    phases: order.phases.map(({ epochs, statistics = 'stored', groups }) => ({
      ...{ epochs, statistics },
      groups: groups.map(({ learningRate, weights }) => ({ learningRate, weights })),
    })),
    page: {
      losses: result.losses,
      right: result.accuracies.map(({ step, accuracy }) => [step, accuracy.correct]),
    },
    tolerance: notebookTolerance[settings.choice.start],
    train: await set(task.support),
    heldOut: await set(task.query),
  };
  const lines = Object.entries(facts).map(([key, value]) => `    "${key}": ${pythonLiteral(value)},`);
  return `RUN = {\n${lines.join('\n')}\n}`;
}

/** uint8 [N, size, size, 3] as zlib and base64: the pixels that the network saw. */
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
