/** A training through client, protocol and worker engine, with real kernels. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readModel } from '../../../../src/engine/onnx/reader.ts';
import { nativeSessions } from '../../../../src/engine/runtime/node.ts';
import type { Checkpoint } from '../../../../src/engine/trainer/checkpoint.ts';
import type {
  RunningTraining,
  StepReport,
  TrainingNews,
  TrainingOrder,
} from '../../../../src/engine/trainer/types.ts';
import { createFakeRuntime, makeInput } from './fake-worker.ts';

const createSession = await nativeSessions(1);

/** Six pictures of two kinds, float32 [6, 3, 64, 64]. */
function makeOrder(changes: Partial<TrainingOrder> = {}): TrainingOrder {
  const labels = Int32Array.of(0, 1, 0, 1, 0, 1);
  const area = 3 * 64 * 64;
  const data = Float32Array.from({ length: 6 * area }, (_, at) =>
    Math.sin(at * (labels[Math.floor(at / area)] === 0 ? 0.3 : 0.7)),
  );
  const set = { inputs: { input: { dtype: 'float32', shape: [6, 3, 64, 64], data } }, labels };
  const groups = [{ id: 'head', weights: ['head.weight', 'head.bias'], learningRate: 0.01 }];
  return {
    task: { classes: ['slow', 'fast'], train: set, heldOut: set },
    settings: { phases: [{ groups, epochs: 6 }], optimizer: 'adamw', batchSize: 3 },
    ...changes,
  };
}

const stepsOf = (news: readonly TrainingNews[]): StepReport[] =>
  news.flatMap((one) => (one.kind === 'step' ? [one.report] : []));

test('a training reports each step, leaves the network alone, and is written as a file', async () => {
  const { runtime } = createFakeRuntime({ createSession });
  const model = await runtime.load('test-net');
  const before = await model.run(makeInput());
  const training = await model.train(makeOrder());
  assert.deepEqual([training.step, training.steps], [0, 12]);
  const news: TrainingNews[] = [];
  const end = await training.drive({ onNews: (one) => news.push(one) });
  assert.deepEqual(end, { kind: 'finished', keptStep: 12 });
  assert.equal(news[0].kind, 'phase');
  const reports = stepsOf(news);
  assert.deepEqual(
    reports.map(({ step }) => step),
    Array.from({ length: 12 }, (_, at) => at + 1),
  );
  assert.ok(reports[11].loss < reports[0].loss);
  const file = await training.writeModel();
  assert.equal(readModel(file).metadata.get('classes'), '["slow","fast"]');
  assert.equal(await training.close(), null);
  await assert.rejects(training.writeModel(), { code: 'disposed' });
  const after = await model.run(makeInput());
  assert.deepEqual(after.outputs, before.outputs);
  runtime.dispose();
});

test('other networks run between two steps; a training that was called off goes on', async () => {
  const { runtime } = createFakeRuntime({ createSession });
  const model = await runtime.load('test-net');
  const training = await model.train(makeOrder());
  const news: TrainingNews[] = [];
  const controller = new AbortController();
  let ran = 0;
  const first = training.drive({
    signal: controller.signal,
    onNews(one) {
      news.push(one);
      const [last] = stepsOf(news).slice(-1);
      if (last?.step === 3) void model.run(makeInput()).then(() => (ran = stepsOf(news).length));
      if (last?.step === 8) controller.abort();
    },
  });
  await assert.rejects(first, { code: 'cancelled' });
  assert.ok(ran > 0 && ran < 8, `the run waited for ${ran} steps`);
  await training.drive({ onNews: (one) => news.push(one) });
  const losses = stepsOf(news).map(({ loss }) => loss);

  const other = await model.train(makeOrder());
  const plain: TrainingNews[] = [];
  await other.drive({ onNews: (one) => plain.push(one) });
  const whole = stepsOf(plain).map(({ loss }) => loss);
  // the step that was under way when the signal came is taken, but not heard of
  assert.deepEqual(losses, [...whole.slice(0, 8), ...whole.slice(12 - (losses.length - 8))]);
  runtime.dispose();
});

test('a kept training survives the worker', async () => {
  const { runtime, workers } = createFakeRuntime({ createSession });
  const model = await runtime.load('test-net');
  const order = makeOrder({ keep: 'training test' });
  const training = await model.train(order);
  const driving = training.drive({
    onNews(news) {
      if (news.kind === 'step' && news.report.step === 5) void training.steer('pause');
    },
  });
  // a second order answers only after what came before it
  const lost = assert.rejects(driving, { code: 'worker-crashed' });
  while ((await (await model.train(order)).close(), (await model.train(order)).step === 0));
  workers[0].crash('out of memory');
  await lost;
  const again = await model.train(order);
  assert.ok(again.step >= 5 && again.step < 12, String(again.step));
  assert.equal((await again.drive()).keptStep, 12);
  runtime.dispose();
});

/** Drives a training that is struck at its fifth step by `strike`; what it kept of itself. */
async function driveUntilStruck(training: RunningTraining, strike: () => void, code: string) {
  let kept: Checkpoint | undefined;
  let heard = 0;
  const driving = training.drive({
    onNews(news) {
      if (news.kind === 'step' && ++heard === 5) strike();
      if (news.kind === 'stopped') ({ kept } = news);
    },
  });
  await assert.rejects(driving, { code });
  assert.ok(kept && kept.step >= 5 && kept.step < 12, String(kept?.step));
  return kept;
}

test('when memory is refused the training goes on in a new worker as if nothing had been', async () => {
  let isFull = false;
  const { runtime, workers } = createFakeRuntime({
    async createSession(graph) {
      const session = await createSession(graph);
      const run: typeof session.run = (...asked) =>
        isFull ? Promise.reject(new Error('std::bad_alloc')) : session.run(...asked);
      return { ...session, run };
    },
  });
  const model = await runtime.load('test-net');
  const kept = await driveUntilStruck(await model.train(makeOrder()), () => (isFull = true), 'out-of-memory');
  assert.equal(workers[0].isTerminated, true, 'what was full is gone');
  isFull = false;
  const again = await model.train({ ...makeOrder(), from: kept });
  assert.deepEqual([again.step, workers.length], [kept.step, 2]);
  await again.drive();
  const plain = await model.train(makeOrder());
  await plain.drive();
  assert.deepEqual(await again.writeModel(), await plain.writeModel());
  runtime.dispose();
});

test('when the graphics device goes away the training goes on with WASM', async () => {
  const { runtime, loseDevice } = createFakeRuntime({
    createSession,
    can: { gpu: 'hardware' },
  });
  const model = await runtime.load('test-net', { backend: 'webgpu' });
  assert.equal(model.report.backend, 'webgpu');
  const kept = await driveUntilStruck(await model.train(makeOrder()), () => loseDevice[0](), 'device-lost');
  const other = await runtime.load('test-net', { backend: 'wasm' });
  const again = await other.train({ ...makeOrder(), from: kept });
  assert.equal(again.step, kept.step);
  assert.deepEqual(await again.drive(), { kind: 'finished', keptStep: 12 });
  runtime.dispose();
});

test('a training that cannot work is refused with its sentence', async () => {
  const { runtime } = createFakeRuntime({ createSession });
  const model = await runtime.load('test-net');
  const order = makeOrder();
  const refused = model.train({ ...order, task: { ...order.task, classes: ['slow'] } });
  await assert.rejects(refused, { code: 'bad-input', message: /only one class/ });
  runtime.dispose();
});

test('a network that is loaded for trainings has no session of its own until a run asks', async () => {
  const sizes: number[] = [];
  const { runtime } = createFakeRuntime({
    createSession(graph) {
      sizes.push(graph.byteLength);
      return createSession(graph);
    },
  });
  const model = await runtime.load('test-net', { onlyTrains: true });
  assert.deepEqual(
    sizes.map((size) => size < 1000),
    [true],
    'the runtime was started with a graph that does nothing',
  );
  const training = await model.train(makeOrder());
  await training.drive();
  await training.close();
  const trained = sizes.length;
  const plain = await runtime.load('test-net');
  assert.equal(sizes.length, trained + 1);
  const [own, known] = [await model.run(makeInput()), await plain.run(makeInput())];
  assert.equal(sizes.length, trained + 2);
  assert.deepEqual(own.outputs, known.outputs);
  await model.dispose();
  runtime.dispose();
});
