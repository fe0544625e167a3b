/**
 * Runs of the freeze lab with their notebooks: `node freeze-notebook.ts <folder>` trains in this process as the page does and writes
 * <name>.ipynb for each, and the networks' files beside them, for test_freeze_notebook.py.
 */
import { copyFileSync, writeFileSync } from 'node:fs';
import { readModel } from '../../src/engine/onnx/reader.ts';
import { pictureManifest, type AnyManifest } from '../../src/engine/registry/manifest.ts';
import { readCatalogue } from '../../src/engine/registry/read-catalogue.ts';
import { writeRunNotebook } from '../../src/figures/freeze-lab/notebook.ts';
import { accuracyOf } from '../../src/labs/few-shot/accuracy.ts';
import { choiceOf } from '../../src/labs/freeze-lab/choice.ts';
import { prepareLab } from '../../src/labs/freeze-lab/describe-lab.ts';
import type { LabNetwork } from '../../src/labs/freeze-lab/network.ts';
import { pictureLesson, textLesson, type NotebookLesson } from '../../src/labs/freeze-lab/notebook-lesson.ts';
import { runLab, type RunEvent } from '../../src/labs/freeze-lab/run.ts';
import { firstSettings, withPreset, type LabSettings } from '../../src/labs/freeze-lab/settings.ts';
import { addRun, emptyLog, renameRun } from '../../src/labs/run-log.ts';
import { network, readSheet, runHere } from '../unit/labs/freeze-lab/network-fixture.ts';
import { file as bertFile, openHere } from '../unit/labs/sentiment/fixture.ts';

const folder = process.argv[2] ?? '.';
const first = firstSettings(network, 'head');
const runs: Record<string, LabSettings> = {
  // 25 examples: the second batch of each epoch is not full
  head: { ...first, steps: 12 },
  gradual: {
    ...first,
    choice: choiceOf(network, 'last-stage'),
    isGradual: true,
    steps: 8,
    optimizer: 'nesterov',
  },
  batch: {
    ...first,
    ...{ choice: choiceOf(network, 'norms'), steps: 4, statistics: 'batch', optimizer: 'adam' },
    task: { subject: 'kinds', shots: 5, seed: 7 },
  },
  scratch: { ...withPreset(network, first, 'scratch'), steps: 6 },
};
const text = prepareLab('bert-mini', readModel(bertFile)).network;
const firstText: LabSettings = {
  ...firstSettings(text, 'last-block'),
  steps: 4,
  task: { subject: 'films', shots: 10, seed: 1 },
};
const textRuns: Record<string, LabSettings> = {
  sentences: firstText,
  'sentences-scratch': { ...withPreset(text, firstText, 'scratch'), steps: 2 },
};
const name = '</script><img src=x onerror=alert(1)> [a](javascript:b) $x$ `code` """ \\';

const { models } = await readCatalogue(['resnet-mixed', 'bert-mini']);
const [resnet, bert] = ['resnet-mixed', 'bert-mini'].map((id) => {
  const found = models.find(({ manifest }) => manifest.id === id);
  if (!found) throw new Error(`no ${id}`);
  const { manifest } = found;
  copyFileSync(`public/models/${id}/${manifest.files.weights.path}`, `${folder}/${id}.onnx`);
  return manifest;
});

const sheet = await readSheet();
for (const [file, settings] of Object.entries(runs)) {
  const lesson = await pictureLesson(sheet, pictureManifest(resnet).input, settings.task);
  write(file, settings, network, resnet, lesson, await runHere(settings));
}
const { model, reader, library } = await openHere();
for (const [file, settings] of Object.entries(textRuns)) {
  const lesson = textLesson(reader, library, settings.task);
  const events: RunEvent[] = [];
  const { task } = lesson;
  const { signal } = new AbortController();
  for await (const event of runLab({ model, network: text, task, settings, signal })) events.push(event);
  write(file, settings, text, bert, lesson, events);
}

function write(
  file: string,
  settings: LabSettings,
  network: LabNetwork,
  manifest: AnyManifest,
  lesson: NotebookLesson,
  events: readonly RunEvent[],
): void {
  const reports = events.flatMap((event) => (event.kind === 'step' ? [event.report] : []));
  const finished = events.at(-1);
  if (finished?.kind !== 'finished') throw new Error(`${file} did not finish`);
  const log = addRun(emptyLog, settings, {
    ...{
      end: finished.end.kind,
      steps: reports.length,
      stepMs: 1,
      totalMs: 1,
      stepMacs: 1,
      backwardNodes: 1,
    },
    losses: reports.map(({ loss }) => loss),
    accuracies: reports.flatMap(({ step, heldOut }) =>
      heldOut ? [{ step, accuracy: accuracyOf(heldOut.correct, heldOut.count) }] : [],
    ),
    ...{ trainableParameters: 1, cachedBytes: 0, changes: finished.changes, backend: 'Node' },
  });
  const [run] = renameRun(log, 'A', name).runs;
  const address = 'https://example.org/not-fetched';
  writeFileSync(`${folder}/${file}.ipynb`, writeRunNotebook(run, network, lesson, manifest, address));
}
