/**
 * A run of the freeze lab: an async generator of what happens, so that a page can follow along and a test can take the last.
 *
 *   opened → (phase → step*)* → finished
 *
 * Nothing that a run reports is computed beside the training: frozen layers are compared in the files before and after.
 */
import { pictureManifest } from '../../engine/registry/manifest.ts';
import { readModel } from '../../engine/onnx/reader.ts';
import type { LoadedModel } from '../../engine/runtime/types.ts';
import type { PhaseFacts, RunningTraining, StepReport, TrainingEnd } from '../../engine/trainer/types.ts';
import type { DrawingSheet } from '../few-shot/read-pictures.ts';
import type { FewShotTask } from '../few-shot/task.ts';
import { compareWeights, type BlockChange } from './compare-weights.ts';
import type { LabNetwork } from './network.ts';
import { orderOf, type LabSettings } from './settings.ts';
import { trainingTask } from './task.ts';

export interface RunRequest {
  readonly model: LoadedModel;
  readonly network: LabNetwork;
  readonly sheet: DrawingSheet;
  readonly task: FewShotTask;
  readonly settings: LabSettings;
  readonly signal: AbortSignal;
}

export type RunEvent =
  /** Steer with `training`; it stays open until the caller closes it. */
  | { readonly kind: 'opened'; readonly training: RunningTraining }
  | { readonly kind: 'phase'; readonly facts: PhaseFacts }
  | { readonly kind: 'step'; readonly report: StepReport }
  | {
      readonly kind: 'finished';
      readonly end: TrainingEnd;
      readonly changes: readonly BlockChange[];
      /** The trained network's ONNX file. */
      readonly file: Uint8Array<ArrayBuffer>;
    };

/** Trains as the settings say. Throws ThawErrors; after 'cancelled' the training may be driven on. */
export async function* runLab(request: RunRequest): AsyncGenerator<RunEvent, void, void> {
  const { model, network, sheet, task, settings, signal } = request;
  const order = orderOf(network, settings, trainingTask(sheet, task, pictureManifest(model.manifest).input));
  const training = await model.train(order);
  yield { kind: 'opened', training };
  const before = readModel(await training.writeModel());
  const end = yield* follow(training, signal);
  const file = await training.writeModel();
  yield { kind: 'finished', end, changes: compareWeights(network, before, readModel(file)), file };
}

/** Turns the drive's news into events, in order; none is lost. */
async function* follow(
  training: RunningTraining,
  signal: AbortSignal,
): AsyncGenerator<RunEvent, TrainingEnd, void> {
  const queue: RunEvent[] = [];
  let wake = (): void => undefined;
  let isOver = false;
  const driving = training
    .drive({
      signal,
      onNews(news) {
        queue.push(news);
        wake();
      },
    })
    .finally(() => {
      isOver = true;
      wake();
    });
  // its failure is thrown below, after what came before it
  driving.catch(() => undefined);
  for (;;) {
    const event = queue.shift();
    if (event) yield event;
    else if (isOver) return driving;
    else await new Promise<void>((resolve) => (wake = resolve));
  }
}
