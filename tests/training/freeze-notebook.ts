/**
 * Runs of the freeze lab with their notebooks: `node freeze-notebook.ts <folder>` trains in this process as the page does and writes
 * <name>.ipynb for each, and the network's file beside them, for test_freeze_notebook.py.
 */
import { copyFileSync, writeFileSync } from 'node:fs';
import { readCatalogue } from '../../src/engine/registry/read-catalogue.ts';
import { pictureManifest } from '../../src/engine/registry/manifest.ts';
import { writeRunNotebook } from '../../src/figures/freeze-lab/notebook.ts';
import { accuracyOf } from '../../src/labs/few-shot/accuracy.ts';
import { choiceOf } from '../../src/labs/freeze-lab/choice.ts';
import { addRun, emptyLog, renameRun } from '../../src/labs/run-log.ts';
import { firstSettings, withPreset, type LabSettings } from '../../src/labs/freeze-lab/settings.ts';
import { network, readSheet, runHere } from '../unit/labs/freeze-lab/network-fixture.ts';

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
const name = '</script><img src=x onerror=alert(1)> [a](javascript:b) $x$ `code` """ \\';

const { models } = await readCatalogue(['resnet-mixed']);
const { manifest } = models[0];
copyFileSync(`public/models/resnet-mixed/${manifest.files.weights.path}`, `${folder}/resnet-mixed.onnx`);
for (const [file, settings] of Object.entries(runs)) {
  const events = await runHere(settings);
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
  const text = await writeRunNotebook(run, network, await readSheet(), pictureManifest(manifest), address);
  writeFileSync(`${folder}/${file}.ipynb`, text);
}
