/** The network that the freeze lab trains, with a new head, and what the tests ask of it. */
import { existsSync, readFileSync } from 'node:fs';
import { decodeInNode } from '../../../../src/data/picture/node-decoder.ts';
import { readModel } from '../../../../src/engine/onnx/reader.ts';
import { pictureManifest } from '../../../../src/engine/registry/manifest.ts';
import { readCatalogue } from '../../../../src/engine/registry/read-catalogue.ts';
import { createNodeRuntime } from '../../../../src/engine/runtime/node.ts';
import { parseDrawingIndex } from '../../../../src/labs/few-shot/drawings.ts';
import type { DrawingSheet } from '../../../../src/labs/few-shot/read-pictures.ts';
import { describeLab, withNewHead } from '../../../../src/labs/freeze-lab/describe-lab.ts';
import { runLab, type RunEvent } from '../../../../src/labs/freeze-lab/run.ts';
import type { LabSettings } from '../../../../src/labs/freeze-lab/settings.ts';
import { drawTask, trainingTask } from '../../../../src/labs/freeze-lab/task.ts';
import { ways } from '../../../../src/labs/freeze-lab/task-choice.ts';

export const stored = readModel(new Uint8Array(readFileSync('public/models/resnet-mixed/model.onnx')));
export const model = withNewHead(stored, ways);
export const network = describeLab(model);

export const skip =
  !(existsSync('public/sprites/targets.json') && existsSync('public/generated/ort/index.json')) &&
  'the sprite sheets are not built';

/** The sheet of drawings, decoded. */
export async function readSheet(): Promise<DrawingSheet> {
  const index = parseDrawingIndex(JSON.parse(readFileSync('public/sprites/targets.json', 'utf8')));
  return { index, pixels: await decodeInNode(readFileSync(`public/sprites/${index.sheet.file}`)) };
}

/** All events of a run in this process. */
export async function runHere(settings: LabSettings): Promise<RunEvent[]> {
  const { models } = await readCatalogue(['resnet-mixed']);
  const sheet = await readSheet();
  const loaded = await createNodeRuntime(models).load('resnet-mixed');
  const { input } = pictureManifest(loaded.manifest);
  const task = trainingTask(sheet, drawTask(sheet.index, settings.task), input);
  const { signal } = new AbortController();
  const events: RunEvent[] = [];
  for await (const event of runLab({ model: loaded, network, task, settings, signal })) events.push(event);
  return events;
}
