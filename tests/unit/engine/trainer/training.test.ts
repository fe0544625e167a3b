/** What a training promises: it learns, repeats bit for bit, goes on from a checkpoint, and leaves frozen weights alone. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { dequantizeWeights } from '../../../../src/engine/onnx/dequantize-weights.ts';
import { float32Values } from '../../../../src/engine/onnx/tensor-values.ts';
import type { Model } from '../../../../src/engine/onnx/types.ts';
import { writeModel } from '../../../../src/engine/onnx/writer.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../../../src/engine/trainer/checkpoint.ts';
import { randomiseWeights, replaceHead } from '../../../../src/engine/trainer/fresh-weights.ts';
import {
  cornerPictures,
  follow,
  headPhase,
  network,
  open,
  settingsFor,
  task,
  weightsOf,
  wholePhase,
} from './small-training.ts';

const bitsOf = ({ graph }: Model, except: readonly string[] = []) =>
  [...graph.initializers]
    .filter(([name]) => !except.includes(name))
    .map(([name, { dtype, dims, bytes }]) => [name, dtype, dims, Buffer.from(bytes).toString('base64')]);

test('training the whole network learns the corners', async () => {
  const training = open(settingsFor({ phases: [{ ...wholePhase, epochs: 20 }] }));
  const reports = await follow(training);
  assert.equal(reports.length, 60);
  const last = reports.at(-1)!;
  assert.equal(last.end?.kind, 'finished');
  assert.ok(last.loss < 0.3 * reports[0].loss, `${reports[0].loss} → ${last.loss}`);
  const { correct, count } = last.heldOut!;
  assert.ok(correct / count > 0.8, `${correct} of ${count}`);
  assert.equal(await training.next(), undefined);
  await training.release();
});

test('the same seed gives the same run, another seed another', async () => {
  const run = async (seed: number, phase = wholePhase) => {
    const training = open(settingsFor({ phases: [phase], seed }));
    const reports = await follow(training);
    const bits = bitsOf(training.trainedModel());
    await training.release();
    return { losses: reports.map(({ loss }) => loss), bits };
  };
  const [first, second, other] = [await run(3), await run(3), await run(4)];
  assert.deepEqual(first, second);
  assert.notDeepEqual(first.losses, other.losses);
});

for (const [what, changes] of [
  ['the head', {}],
  ['all, with batch statistics', { phases: [{ ...wholePhase, statistics: 'batch' as const }] }],
  ['phase after phase', { phases: [headPhase, wholePhase], optimizer: 'sgd' as const, largestNorm: 1 }],
] as const)
  test(`paused anywhere and reloaded, training ${what} ends the same, bit for bit`, async () => {
    const settings = settingsFor(changes);
    const whole = open(settings);
    const expected = await follow(whole);
    for (const stop of [1, 4, 9, expected.length]) {
      const before = open(settings);
      const early = await follow(before, stop);
      const stored = encodeCheckpoint(before.checkpoint());
      await before.release();
      const after = open(settings, { from: decodeCheckpoint(stored) });
      assert.deepEqual([...early, ...(await follow(after))], expected);
      assert.deepEqual(bitsOf(after.trainedModel()), bitsOf(whole.trainedModel()), `stopped at ${stop}`);
      await after.release();
    }
    await whole.release();
  });

test('what is frozen stays as the file has it, bit for bit; what is trained moves', async () => {
  const thawed = weightsOf('layer4.1', 'head');
  const training = open(
    settingsFor({ phases: [{ groups: [{ id: 'top', weights: thawed, learningRate: 0.01 }], epochs: 2 }] }),
  );
  await follow(training);
  const trained = training.trainedModel();
  await training.release();
  const isThawed = (name: string) => thawed.includes(name.replace(/\.(int8|scale)$/, ''));
  const frozen = bitsOf(network).filter(([name]) => !isThawed(name as string));
  assert.ok(frozen.length > 80);
  assert.deepEqual(
    bitsOf(trained).filter(([name]) => !isThawed(name as string)),
    frozen,
  );
  const before = replaceHead(dequantizeWeights(network), 3, 3);
  for (const name of thawed)
    assert.notDeepEqual(
      float32Values(trained.graph.initializers.get(name)!),
      float32Values(before.graph.initializers.get(name)!),
      name,
    );
});

test('remembered frozen layers change no number of the run', async () => {
  const run = async (caches: boolean) => {
    const training = open(settingsFor({ caches }));
    const facts = await training.open();
    const reports = await follow(training);
    await training.release();
    return { facts, losses: reports.map(({ loss }) => loss) };
  };
  const [cached, whole] = [await run(true), await run(false)];
  assert.equal(cached.facts.isCached, true);
  assert.equal(cached.facts.cachedBytes, (18 + 30) * 10 * 4);
  assert.equal(whole.facts.isCached, false);
  for (const [at, loss] of cached.losses.entries())
    assert.ok(Math.abs(loss - whole.losses[at]) < 1e-5, `step ${at}`);
});

test('several views of an example are drawn at random, and all of them are seen', async () => {
  const of = { ...task, train: cornerPictures(1, 9, 3, 4) };
  const training = open(settingsFor({ phases: [{ ...headPhase, epochs: 2 }] }), { of });
  const facts = await training.open();
  assert.equal(facts.cachedBytes, (4 * 9 + 30) * 10 * 4);
  const one = await follow(training);
  await training.release();
  const plain = open(settingsFor({ phases: [{ ...headPhase, epochs: 2 }] }), {
    of: { ...of, train: cornerPictures(1, 9) },
  });
  assert.notDeepEqual(
    one.map(({ loss }) => loss),
    (await follow(plain)).map(({ loss }) => loss),
  );
  await plain.release();
});

test('early stopping goes back to the best weights', async () => {
  // labels that nothing explains: the longer it trains, the worse it validates
  const validation = {
    ...cornerPictures(9, 12),
    labels: Int32Array.from({ length: 12 }, (_, at) => (at * 7) % 3),
  };
  const settings = settingsFor({ phases: [{ ...wholePhase, epochs: 60 }], patience: 2 });
  const training = open(settings, { of: { ...task, validation } });
  const reports = await follow(training);
  const { end } = reports.at(-1)!;
  assert.equal(end?.kind, 'stopped-early');
  const measured = reports.filter((report) => report.validation);
  const lowest = measured.reduce((a, b) => (b.validation!.loss < a.validation!.loss ? b : a));
  assert.equal(end.keptStep, lowest.step);
  assert.equal(measured.length - 1, measured.indexOf(lowest) + 2);
  assert.equal((await training.evaluate(validation)).loss, lowest.validation!.loss);
  await training.release();
});

test('a learning rate of 100 diverges, is explained, and keeps the last good weights', async () => {
  for (const optimizer of ['sgd', 'adamw'] as const) {
    const groups = [{ id: 'all', weights: wholePhase.groups[0].weights, learningRate: 100 }];
    const training = open(settingsFor({ optimizer, phases: [{ groups, epochs: 3 }] }));
    const reports = await follow(training);
    const { end, heldOut } = reports.at(-1)!;
    assert.equal(end?.kind, 'diverged');
    assert.equal(end.problem?.code, 'diverged');
    assert.match(end.problem.message, /diverged at step \d/);
    assert.match(end.problem.advice, /smaller learning rate than 100/);
    assert.ok(Number.isFinite(heldOut!.loss) && heldOut!.loss < 10, String(heldOut!.loss));
    const { graph } = training.trainedModel();
    for (const { name, dtype } of graph.initializers.values())
      if (dtype === 'float32')
        assert.ok(float32Values(graph.initializers.get(name)!).every(Number.isFinite), name);
    await training.release();
  }
});

test('the trained file runs in plain onnxruntime and gives the answers of the evaluation', async () => {
  for (const statistics of ['stored', 'batch'] as const) {
    const training = open(settingsFor({ phases: [{ ...wholePhase, statistics }] }));
    await follow(training);
    const { predictions } = await training.evaluate(task.heldOut!);
    const file = writeModel(training.trainedModel());
    await training.release();
    const session = await InferenceSession.create(file, { logSeverityLevel: 3 });
    const { data, shape } = task.heldOut!.inputs['input'];
    const { logits } = await session.run({ input: new Tensor('float32', data as Float32Array, shape) });
    assert.deepEqual(logits.dims, [30, 3]);
    const rows = Array.from({ length: 30 }, (_, at) => [
      ...(logits.data as Float32Array).slice(3 * at, 3 * at + 3),
    ]);
    assert.deepEqual(
      rows.map((row) => row.indexOf(Math.max(...row))),
      [...predictions],
    );
    await session.release();
  }
});

test('from scratch nothing of the trained weights is left', () => {
  const fresh = randomiseWeights(network, 5);
  const [old, again] = [dequantizeWeights(network), randomiseWeights(network, 5)];
  assert.deepEqual(bitsOf(fresh), bitsOf(again));
  for (const [name, tensor] of fresh.graph.initializers) {
    assert.notDeepEqual(tensor.bytes, old.graph.initializers.get(name)!.bytes, name);
    const values = float32Values(tensor);
    if (name.endsWith('running_var') || /bn\d?\.weight|downsample\.1\.weight/.test(name))
      assert.ok(
        values.every((value) => value === 1),
        name,
      );
  }
});
