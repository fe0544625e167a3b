/** The data race: its task, its costs, and the generator with a training that answers at once. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { InputSpec } from '../../../../src/engine/registry/manifest.ts';
import type { LoadedModel } from '../../../../src/engine/runtime/types.ts';
import type { RunningTraining, TrainingNews, TrainingOrder } from '../../../../src/engine/trainer/types.ts';
import { countMacs, countTrained, summariseRuns } from '../../../../src/labs/data-race/costs.ts';
import { describeRaceNetwork } from '../../../../src/labs/data-race/network.ts';
import {
  batchSize,
  entryKey,
  firstChoice,
  listEntries,
  raceSizes,
  type RaceRun,
} from '../../../../src/labs/data-race/plan.ts';
import { runRace, type RaceEvent } from '../../../../src/labs/data-race/race.ts';
import { drawRaceTask } from '../../../../src/labs/data-race/task.ts';
import { parseDrawingIndex, stylesOf } from '../../../../src/labs/few-shot/drawings.ts';

const skip = !existsSync('public/sprites/targets.json') && 'the sprite sheets are not built';
const readIndex = () => parseDrawingIndex(JSON.parse(readFileSync('public/sprites/targets.json', 'utf8')));
const network = describeRaceNetwork(readFileSync('public/models/resnet-mixed/model.onnx'), 'resnet-mixed', 5);

test('every training of a choice once, seed by seed', () => {
  const entries = listEntries({ methods: ['from-scratch', 'fine-tuning'], sizes: [20, 1], seeds: 2 });
  assert.deepEqual(entries.map(entryKey), [
    'fine-tuning 1 1',
    'from-scratch 1 1',
    'fine-tuning 20 1',
    'from-scratch 20 1',
    'fine-tuning 1 2',
    'from-scratch 1 2',
    'fine-tuning 20 2',
    'from-scratch 20 2',
  ]);
  assert.equal(listEntries(firstChoice).length, 45);
});

test('every size exists, larger tasks hold smaller ones, and no hand both teaches and asks', { skip }, () => {
  const index = readIndex();
  const unseen = new Set(stylesOf(index, 'unseen'));
  for (const seed of [1, 2, 3, 4, 5]) {
    const tasks = raceSizes.map((size) => drawRaceTask(index, { size, seed }));
    tasks.forEach(({ names, support, query }, at) => {
      assert.equal(names.length, 5);
      assert.equal(support.length, 5 * raceSizes[at]);
      assert.equal(query.length, 60);
      assert.deepEqual(query, tasks[0].query);
      assert.ok(support.every(({ drawing }) => !unseen.has(drawing.style)));
      assert.ok(query.every(({ drawing }) => unseen.has(drawing.style)));
      const tiles = new Set(support.map(({ drawing }) => drawing.tile));
      assert.equal(tiles.size, support.length, 'no drawing twice');
      const smaller = tasks.at(at - 1)?.support ?? [];
      if (at > 0) assert.ok(smaller.every(({ drawing }) => tiles.has(drawing.tile)));
    });
  }
  const [one, other] = [1, 2].map((seed) => drawRaceTask(index, { size: 1, seed }));
  assert.notDeepEqual(one.support, other.support);
});

test('weights and multiply-accumulates are those of the file', () => {
  // 256 features and one bias for each of five classes
  assert.equal(countTrained(network, 'feature-extractor'), 257 * 5);
  assert.equal(countTrained(network, 'fine-tuning'), countTrained(network, 'from-scratch'));
  assert.equal(countTrained(network, 'fine-tuning'), network.backboneParameters + 257 * 5);
  assert.equal(network.backboneParameters, 2_795_040);
  // a head's step: forwards and the gradient of its weights, nothing handed down
  assert.equal(network.headStepMacs, 2 * 256 * 5);
  assert.ok(network.wholeStepMacs > 2.9 * network.backboneForwardMacs);
  assert.ok(network.wholeStepMacs < 3 * (network.backboneForwardMacs + 256 * 5));
  const steps = 40;
  assert.equal(countMacs(network, 'fine-tuning', 1, steps), steps * 5 * network.wholeStepMacs);
  assert.equal(countMacs(network, 'from-scratch', 20, steps), steps * batchSize * network.wholeStepMacs);
  const extractor = countMacs(network, 'feature-extractor', 20, steps);
  assert.equal(extractor, 100 * network.backboneForwardMacs + steps * batchSize * network.headStepMacs);
});

test('points are means and spreads over seeds; times only where all were timed', () => {
  const run = { method: 'fine-tuning', size: 5, asked: 10, steps: 40, isDiverged: false } as const;
  const runs: RaceRun[] = [
    { ...run, seed: 1, correct: 4, trainingMs: 100 },
    { ...run, seed: 2, correct: 8, trainingMs: 300 },
    { ...run, size: 1, seed: 1, correct: 1 },
  ];
  const points = summariseRuns(network, runs, 'fine-tuning', [1, 2, 5]);
  assert.deepEqual(
    points.map(({ size, seeds, trainingMs }) => [size, seeds, trainingMs]),
    [
      [1, 1, undefined],
      [5, 2, 200],
    ],
  );
  assert.ok(Math.abs(points[1].mean - 0.6) < 1e-12);
  assert.ok(Math.abs(points[1].deviation - Math.sqrt(0.08)) < 1e-12);
  assert.deepEqual(summariseRuns(network, runs, 'from-scratch', [1]), []);
});

/** A model whose trainings take three steps and answer 40 of 60. */
function fakeModel(orders: TrainingOrder[], closed: string[]): Pick<LoadedModel, 'train' | 'manifest'> {
  const { input } = JSON.parse(readFileSync('public/models/resnet-mixed/manifest.json', 'utf8')) as {
    input: InputSpec;
  };
  const report = { epoch: 1, phase: 0, loss: 1, accuracy: 1, gradientNorm: 1, learningRates: {}, layers: [] };
  const news = (step: number): TrainingNews => ({
    kind: 'step',
    report: {
      ...report,
      step,
      steps: 3,
      ...{ cacheMs: step === 1 ? 5 : 0, elapsedMs: 10 },
      ...(step === 3 && { heldOut: { loss: 1, correct: 40, count: 60, predictions: new Int32Array(60) } }),
    },
  });
  return {
    manifest: { task: 'image-classification', input } as LoadedModel['manifest'],
    train(order) {
      orders.push(order);
      const training: Partial<RunningTraining> = {
        steps: 3,
        drive: async ({ signal, onNews } = {}) => {
          for (const step of [1, 2, 3]) {
            await Promise.resolve();
            signal?.throwIfAborted();
            onNews?.(news(step));
          }
          return { kind: 'finished', keptStep: 3 };
        },
        close: () => {
          closed.push(String(order.settings.seed));
          return Promise.resolve(null);
        },
      };
      return Promise.resolve(training as RunningTraining);
    },
  };
}

test('a race reports every step and every result, and closes its trainings', { skip }, async () => {
  const [orders, closed, events]: [TrainingOrder[], string[], RaceEvent[]] = [[], [], []];
  const index = readIndex();
  const { width, height } = { width: 8 * 64, height: index.concepts.length * 64 };
  const sheet = { index, pixels: { width, height, data: new Uint8ClampedArray(width * height * 4) } };
  const entries = listEntries({ methods: ['feature-extractor', 'from-scratch'], sizes: [1], seeds: 1 });
  for await (const event of runRace({ model: fakeModel(orders, closed), network, sheet, entries }))
    events.push(event);
  assert.deepEqual(
    events.map(({ kind }) => kind),
    ['begin', 'step', 'step', 'step', 'run', 'begin', 'step', 'step', 'step', 'run'],
  );
  assert.deepEqual(events.at(-1), {
    kind: 'run',
    run: {
      method: 'from-scratch',
      size: 1,
      seed: 1,
      correct: 40,
      asked: 60,
      steps: 3,
      trainingMs: 35,
      isDiverged: false,
    },
  });
  assert.equal(closed.length, 2);
  const [extractor, scratch] = orders.map(({ settings }) => settings);
  assert.deepEqual(
    extractor.phases[0].groups.flatMap(({ weights }) => weights),
    ['head.weight', 'head.bias'],
  );
  assert.equal(extractor.start, 'pretrained');
  assert.equal(scratch.start, 'random');
  assert.equal(scratch.phases[0].statistics, 'batch');
  assert.equal(
    scratch.phases[0].groups.flatMap(({ weights }) => weights).length,
    network.backbone.length + 2,
  );

  const controller = new AbortController();
  const race = runRace({
    model: fakeModel(orders, closed),
    network,
    sheet,
    entries,
    signal: controller.signal,
  });
  await assert.rejects(async () => {
    for await (const event of race) if (event.kind === 'step') controller.abort();
  });
  assert.equal(closed.length, 3, 'a training that was called off is closed too');
});
