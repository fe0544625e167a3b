/**
 * A run of the freeze lab: an async generator of what happens, so that a page can follow along and a test can take the last.
 *
 *   opened → (phase → step*)* → finished, and after a failure: → stopped → rescued → opened …
 *
 * Nothing that a run reports is computed beside the training: frozen layers are compared in the files before and after.
 */
import { readModel } from '../../engine/onnx/reader.ts';
import type { Model } from '../../engine/onnx/types.ts';
import type { LoadedModel } from '../../engine/runtime/types.ts';
import type { Checkpoint } from '../../engine/trainer/checkpoint.ts';
import type {
  RunningTraining,
  TrainingEnd,
  TrainingNews,
  TrainingOrder,
  TrainingTask,
} from '../../engine/trainer/types.ts';
import { followTraining } from '../follow-training.ts';
import { compareWeights, type BlockChange } from './compare-weights.ts';
import type { LabNetwork } from './network.ts';
import { orderOf, type LabSettings } from './settings.ts';

export interface RunRequest {
  readonly model: LoadedModel;
  readonly network: LabNetwork;
  readonly task: TrainingTask;
  readonly settings: LabSettings;
  readonly signal: AbortSignal;
  /** Under which name the training is kept in this browser, and whether what is kept there already is left aside. */
  readonly keep?: { readonly label: string; readonly isAnew: boolean };
  /** Where an earlier run with these settings broke off. */
  readonly from?: Checkpoint | undefined;
  /** After a failure: the network on something that still works, or undefined to give up. */
  readonly rescue?: (error: unknown) => Promise<LoadedModel | undefined>;
}

export type RunEvent =
  /** Steer with `training`; it stays open until the caller closes it. */
  | { readonly kind: 'opened'; readonly training: RunningTraining }
  /** `stopped` tells of a failure; the run stands where `kept` says. */
  | TrainingNews
  /** It goes on from there elsewhere: opened comes again. */
  | { readonly kind: 'rescued'; readonly error: unknown; readonly step: number }
  | {
      readonly kind: 'finished';
      readonly end: TrainingEnd;
      readonly changes: readonly BlockChange[];
      /** The trained network's ONNX file. */
      readonly file: Uint8Array<ArrayBuffer>;
    };

/** Trains as the settings say. Throws ThawErrors; after 'cancelled' the training may be driven on. */
export async function* runLab(request: RunRequest): AsyncGenerator<RunEvent, void, void> {
  const { network, task, settings, rescue } = request;
  const order = orderOf(network, settings, task);
  const kept = request.keep && { keep: request.keep.label, isAnew: request.keep.isAnew };
  let { model, from } = request;
  for (;;) {
    const training = await model.train({ ...order, ...kept, ...(from && { from }) });
    yield { kind: 'opened', training };
    try {
      const end = yield* followTraining(training, request.signal, (news) => {
        if (news.kind === 'stopped') from = news.kept;
      });
      const file = await training.writeModel();
      const before = await startOf(model, order);
      yield { kind: 'finished', end, changes: compareWeights(network, before, readModel(file)), file };
      return;
    } catch (error) {
      if (request.signal.aborted || !from || !rescue) throw error;
      await training.close().catch(() => undefined);
      const next = await rescue(error);
      if (!next) throw error;
      model = next;
      yield { kind: 'rescued', error, step: from.step };
    }
  }
}

/** The network that a run begins with, its new head among it. */
async function startOf(model: LoadedModel, order: TrainingOrder): Promise<Model> {
  const training = await model.train(order);
  const file = await training.writeModel();
  await training.close();
  return readModel(file);
}
