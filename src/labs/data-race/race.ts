/**
 * The race, training by training: an async generator, so that a page can follow and stop it and a script can take the runs.
 *
 *   (begin → step* → run)*
 */
import { pictureManifest } from '../../engine/registry/manifest.ts';
import type { LoadedModel } from '../../engine/runtime/types.ts';
import type { TrainingNews, TrainingSettings } from '../../engine/trainer/types.ts';
import type { DrawingSheet } from '../few-shot/read-pictures.ts';
import type { Approach } from '../network-description.ts';
import type { RaceNetwork } from './costs.ts';
import { batchSize, type RaceEntry, type RaceRun } from './plan.ts';
import { drawRaceTask, raceTensors } from './task.ts';

export type RaceEvent =
  | { readonly kind: 'begin'; readonly entry: RaceEntry; readonly steps: number }
  | { readonly kind: 'step'; readonly entry: RaceEntry; readonly step: number; readonly steps: number }
  | { readonly kind: 'run'; readonly run: RaceRun };

export interface RaceRequest {
  readonly model: Pick<LoadedModel, 'train' | 'manifest'>;
  readonly network: RaceNetwork;
  readonly sheet: DrawingSheet;
  readonly entries: readonly RaceEntry[];
  readonly signal?: AbortSignal;
}

/** Steps that every training gets at least; it takes whole passes over its examples. */
export const leastSteps = 40;

/** Rates of AdamW, fixed for all sizes and seeds: a new head starts from nothing and may move faster than weights that know something. */
export const rates: Record<Approach, { head: number; backbone: number }> = {
  'feature-extractor': { head: 1e-2, backbone: 0 },
  'fine-tuning': { head: 3e-3, backbone: 3e-4 },
  'from-scratch': { head: 2e-3, backbone: 2e-3 },
};

/** Trains the entries one after the other. Throws ThawErrors; the code is `cancelled` if the signal ended it. */
export async function* runRace(request: RaceRequest): AsyncGenerator<RaceEvent, void, void> {
  for (const entry of request.entries) yield* runEntry(request, entry);
}

/** How a method trains on so many examples. */
export function raceSettings(
  network: RaceNetwork,
  { method, seed }: RaceEntry,
  examples: number,
): TrainingSettings {
  const perEpoch = Math.ceil(examples / Math.min(batchSize, examples));
  const { head, backbone } = rates[method];
  const groups = [
    { id: 'head', weights: network.head, learningRate: head },
    { id: 'backbone', weights: network.backbone, learningRate: backbone },
  ];
  return {
    phases: [
      {
        groups: method === 'feature-extractor' ? groups.slice(0, 1) : groups,
        epochs: Math.ceil(leastSteps / perEpoch),
        schedule: { kind: 'cosine' },
        // Random weights have no stored statistics worth the name
        statistics: method === 'from-scratch' ? 'batch' : 'stored',
      },
    ],
    optimizer: 'adamw',
    weightDecay: 0.01,
    batchSize,
    seed,
    start: method === 'from-scratch' ? 'random' : 'pretrained',
    evaluateEvery: 0,
    layers: [],
  };
}

async function* runEntry(
  { model, network, sheet, signal }: RaceRequest,
  entry: RaceEntry,
): AsyncGenerator<RaceEvent, void, void> {
  signal?.throwIfAborted();
  const drawn = drawRaceTask(sheet.index, entry);
  const examples = drawn.support.length;
  const training = await model.train({
    task: raceTensors(sheet, drawn, pictureManifest(model.manifest).input),
    settings: raceSettings(network, entry, examples),
  });
  try {
    const { steps } = training;
    yield { kind: 'begin', entry, steps };
    let trainingMs = 0;
    let answers = { correct: 0, count: 0 };
    let isDiverged = false;
    for await (const news of follow((onNews) => training.drive({ signal, onNews }))) {
      if (news.kind !== 'step') continue;
      const { report } = news;
      trainingMs += report.cacheMs + report.elapsedMs;
      answers = report.heldOut ?? answers;
      isDiverged = report.end?.kind === 'diverged';
      yield { kind: 'step', entry, step: report.step, steps };
    }
    const run: RaceRun = {
      ...entry,
      correct: answers.correct,
      asked: answers.count,
      steps,
      trainingMs,
      isDiverged,
    };
    yield { kind: 'run', run };
  } finally {
    await training.close();
  }
}

/** News as they come, in order, none left out; rejects as the drive does. */
async function* follow(
  drive: (onNews: (news: TrainingNews) => void) => Promise<unknown>,
): AsyncGenerator<TrainingNews, void, void> {
  const queue: TrainingNews[] = [];
  let wake = (): void => undefined;
  let isOver = false;
  const over = drive((news) => {
    queue.push(news);
    wake();
  }).finally(() => {
    isOver = true;
    wake();
  });
  // Awaited below; until then its failure has been seen to
  over.catch(() => undefined);
  for (;;) {
    const news = queue.shift();
    if (news) yield news;
    else if (isOver) break;
    else await new Promise<void>((resolve) => (wake = resolve));
  }
  await over;
}
