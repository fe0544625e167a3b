/** A run of the freeze lab as a Jupyter notebook that repeats it in PyTorch: same weights, examples, batches, rates and frozen layers. */
import type { AnyManifest } from '../../engine/registry/manifest.ts';
import {
  notebookFile,
  pythonLiteral,
  type FileCell,
  type PlainValue,
  type TextCell,
} from '../tensor-bench/notebook-file.ts';
import type { LabNetwork } from './network.ts';
import { notebookCells, type NotebookPart } from './notebook-cells.ts';
import type { NotebookLesson } from './notebook-lesson.ts';
import type { LoggedRun } from './run-result.ts';
import { orderOf } from './settings.ts';

/** What a notebook is made from. */
export interface NotebookRequest {
  readonly run: Pick<LoggedRun, 'settings' | 'result'>;
  readonly network: LabNetwork;
  readonly lesson: NotebookLesson;
  readonly manifest: Pick<AnyManifest, 'id' | 'files'>;
  /** Where the network's file can be fetched: a full address. */
  readonly address: string;
  /** Markdown above the first cell, and above each of the program's parts. */
  readonly words: Readonly<Record<'title' | 'run' | NotebookPart, string>>;
}

/**
 * How far the notebook may be from the page: both round float32 sums in their own order, which training from random weights makes
 * grow. Losses as a share of the first one, right answers in examples.
 */
export const notebookTolerance = { pretrained: { loss: 0.001, right: 1 }, random: { loss: 0.05, right: 3 } };

/** The notebook's file, nbformat 4.5. */
export function labNotebook(request: NotebookRequest): string {
  const { words, lesson } = request;
  const cells: (FileCell | TextCell)[] = [{ markdown: words.title }];
  for (const [part, code] of Object.entries(notebookCells[lesson.reads]) as [NotebookPart, string][]) {
    cells.push({ markdown: words[part] }, { code, run: undefined });
    if (part !== 'imports') continue;
    cells.push({ markdown: words.run }, { code: describeRun(request), run: undefined });
  }
  return notebookFile(cells);
}

/** Everything that the run follows from, and what came of it, as a Python table. */
function describeRun({ run, network, lesson, manifest, address }: NotebookRequest): string {
  const { settings, result } = run;
  const { task } = lesson;
  const { settings: order } = orderOf(network, settings, task);
  const facts: Readonly<Record<string, PlainValue>> = {
    model: { file: `${manifest.id}.onnx`, address, sha256: manifest.files.weights.sha256 },
    classes: task.classes,
    ...(network.pools && { states: network.pools.states }),
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
    ...lesson.facts,
  };
  const lines = Object.entries(facts).map(([key, value]) => `    "${key}": ${pythonLiteral(value)},`);
  return `RUN = {\n${lines.join('\n')}\n}`;
}
