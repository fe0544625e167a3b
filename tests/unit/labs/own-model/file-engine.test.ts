/** A reader's own network: opened, described, run, looked into; and sentences for what cannot be. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { seedRandom } from '../../../../src/data/seeded-random.ts';
import { isThawError } from '../../../../src/engine/errors.ts';
import { buildModel, buildNode, float32Value } from '../../../../src/engine/onnx/build.ts';
import { float32Tensor } from '../../../../src/engine/onnx/tensor-values.ts';
import { writeModel } from '../../../../src/engine/onnx/writer.ts';
import type { AnyTensors } from '../../../../src/engine/runtime/any-session.ts';
import { tensorOf } from '../../../../src/labs/own-model/cast-numbers.ts';
import { fillNumbers, type GraphInput } from '../../../../src/labs/own-model/graph-inputs.ts';
import { bundledModel, readFixture, modelPath, referenceModel } from '../../../fixtures/onnx/models.ts';
import { named, nativeEngine, nativeRuntime } from './native-engine.ts';

/** Seeded elements for all inputs. */
function randomInputs(inputs: readonly GraphInput[], seed = 7): AnyTensors {
  const random = seedRandom(seed);
  return Object.fromEntries(
    inputs.map((input) => [
      input.name,
      tensorOf(input.dtype, input.shape, fillNumbers('random', input, input.shape, random)),
    ]),
  );
}

test('the bundled network opens, runs on seeded numbers and shows any tensor', async () => {
  const ask = nativeEngine();
  const opened = await ask('open', { files: [named('model.onnx', readFileSync(bundledModel))] });
  assert.deepEqual([opened.missingFiles, opened.problems, opened.unknownOperators], [[], [], []]);
  assert.ok(opened.network.parameters > 1e6);
  const [input] = opened.inputs;
  assert.deepEqual([input.dtype, input.shape, input.fills[0]], ['float32', [1, 3, 64, 64], 'picture']);

  const run = await ask('run', { inputs: randomInputs(opened.inputs), ...nativeRuntime });
  assert.equal(run.outputs.length, 1);
  assert.ok(run.elapsedMs > 0 && run.timedRuns >= 1);
  const [logits] = run.outputs;
  assert.equal(logits.largest.length, 5);
  assert.ok(logits.largest[0].value === logits.statistics?.largest);

  const [relu] = await ask('values', { names: ['stem.relu'] });
  const [batch, channels, ...sides] = relu.shape;
  assert.deepEqual([batch, ...sides], [1, 32, 32]);
  assert.equal(relu.statistics?.least, 0);
  assert.equal(relu.maps?.total, channels);
  const [again] = await ask('values', { names: [logits.name] });
  // other sums are fused where values are handed out in between
  const difference = Math.abs((again.statistics?.mean ?? 0) - (logits.statistics?.mean ?? 0));
  assert.ok(difference < 1e-4, `reading values in between changed the output by ${difference}`);
});

test('stored weights come with statistics, a histogram of all elements and slices', async () => {
  const ask = nativeEngine();
  const opened = await ask('open', { files: [named('model.onnx', readFileSync(bundledModel))] });
  const box = opened.network.boxes.find(({ id }) => id === 'stem.conv');
  const [weight] = await ask('weights', { names: [box?.weights?.[0]?.name ?? ''] });
  assert.equal(weight.shape.length, 4);
  const count = weight.shape.reduce((product, size) => product * size, 1);
  assert.equal(weight.statistics?.count, count);
  assert.equal(
    weight.histogram?.counts.reduce((sum, one) => sum + one, 0),
    count,
  );
  assert.equal(weight.maps?.total, weight.shape[0] * weight.shape[1]);
});

test('a run that makes not-a-number says in which value first', async () => {
  const model = buildModel({
    name: 'roots',
    nodes: [
      buildNode('Neg', 'neg', ['x'], ['minus']),
      buildNode('Sqrt', 'root', ['minus'], ['root']),
      buildNode('Add', 'add', ['root', 'one'], ['y']),
    ],
    initializers: [float32Tensor('one', [1], [1])],
    inputs: [float32Value('x', [2, 3])],
    outputs: [float32Value('y', [2, 3])],
  });
  const ask = nativeEngine();
  await ask('open', { files: [named('roots.onnx', writeModel(model))] });
  const inputs = { x: tensorOf('float32', [2, 3], [1, 4, 9, 0, -1, -4]) };
  const run = await ask('run', { inputs, ...nativeRuntime });
  assert.equal(run.outputs[0].statistics?.notNumbers, 3);
  const checked = await ask('check', { names: ['minus', 'root', 'y'] });
  assert.deepEqual(
    checked.map(({ name, notNumbers }) => [name, notNumbers]),
    [
      ['minus', 0],
      ['root', 3],
      ['y', 3],
    ],
  );
});

test('boxes are timed each for itself on what they got; a part that cannot run alone has no time', async () => {
  const ask = nativeEngine();
  const opened = await ask('open', { files: [named('model.onnx', readFileSync(bundledModel))] });
  await ask('run', { inputs: randomInputs(opened.inputs), ...nativeRuntime });
  const top = opened.network.boxes.filter(({ parent }) => parent === undefined);
  const parts = top.map(({ id, inputs, outputs }) => ({ id, from: inputs, to: outputs }));
  const times = await ask('time', { parts: [...parts, { id: 'nothing', from: [], to: ['no such value'] }] });
  assert.deepEqual(
    times.map(({ id, elapsedMs }) => [id, elapsedMs !== undefined && elapsedMs > 0]),
    [...top.map(({ id }) => [id, true]), ['nothing', false]],
  );
});

test('weights in other files: named where they are missing, found where they came along', async () => {
  const model = named('external.onnx', readFixture('external'));
  const without = nativeEngine();
  const alone = await without('open', { files: [model] });
  assert.ok(alone.missingFiles.includes('external-1.bin'), alone.missingFiles.join());
  assert.ok(alone.network.boxes.length > 0);
  await assert.rejects(
    without('run', { inputs: randomInputs(alone.inputs), ...nativeRuntime }),
    /external-1\.bin/,
  );
  const bins = ['external-1.bin', 'external-2.bin'].map((file) => named(file, readFileSync(modelPath(file))));
  const ask = nativeEngine();
  const opened = await ask('open', { files: [...bins, model] });
  assert.deepEqual(opened.missingFiles, []);
  const run = await ask('run', { inputs: randomInputs(opened.inputs), ...nativeRuntime });
  assert.ok(run.outputs.length > 0);
});

const refused: [what: string, files: ReturnType<typeof named>[], says: RegExp][] = [
  ['a zip archive', [named('m.onnx', new TextEncoder().encode('PK\x03\x04 and more of it'))], /zip archive/],
  ['an HTML page', [named('m.onnx', new TextEncoder().encode('<!doctype html><p>404'))], /HTML page/],
  ['an empty file', [named('m.onnx', new Uint8Array())], /empty file/],
  ['half a model', [named('m.onnx', readFixture('opset-17').subarray(0, 300))], /\.$/],
  [
    'two networks at once',
    [named('a.onnx', readFixture('opset-17')), named('b.onnx', readFixture('opset-18'))],
    /“a\.onnx”, “b\.onnx”/,
  ],
  ['files without a network', [named('a.bin', Uint8Array.of(1)), named('b.bin', Uint8Array.of(2))], /\.onnx/],
  [
    'a value that two nodes compute',
    [
      named(
        'twice.onnx',
        writeModel(
          buildModel({
            name: 'twice',
            nodes: [buildNode('Relu', 'a', ['x'], ['y']), buildNode('Neg', 'b', ['x'], ['y'])],
            initializers: [],
            inputs: [float32Value('x', [1])],
            outputs: [float32Value('y', [1])],
          }),
        ),
      ),
    ],
    /Two nodes compute the value "y", a \(Relu\) and b \(Neg\)/,
  ],
];

for (const [what, files, says] of refused)
  test(`${what}: a sentence`, async () => {
    await assert.rejects(nativeEngine()('open', { files }), (error) => {
      assert.ok(isThawError(error), String(error));
      assert.match(error.message, says);
      assert.ok(error.advice.length > 10);
      return true;
    });
  });

test('an input that does not fit ends in the runtime’s own reason', async () => {
  const ask = nativeEngine();
  await ask('open', { files: [named('model.onnx', readFileSync(bundledModel))] });
  const inputs = { image: tensorOf('float32', [1, 3, 8], new Float32Array(24)) };
  await assert.rejects(ask('run', { inputs, ...nativeRuntime }), /The network stopped with an error: .*\w+/);
});

test(
  'MobileNetV2 in int8 opens and runs',
  { skip: referenceModel === undefined && 'the data folder is missing' },
  async () => {
    const ask = nativeEngine();
    const opened = await ask('open', {
      files: [named('mobilenetv2-12-int8.onnx', readFileSync(referenceModel ?? ''))],
    });
    assert.deepEqual(opened.unknownOperators, []);
    const run = await ask('run', { inputs: randomInputs(opened.inputs), ...nativeRuntime });
    assert.deepEqual(run.outputs[0].shape, [1, 1000]);
    const inner = opened.network.boxes.find(({ op }) => op === 'QLinearConv');
    const [value] = await ask('values', { names: inner?.outputs ?? [] });
    assert.equal(value.dtype, 'uint8');
  },
);
