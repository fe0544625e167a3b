/** Where the evidence lies: the two maps against sums done by hand, and on the bundled network. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { preprocess } from '../../../src/engine/preprocess/picture.ts';
import { createNodeRuntime } from '../../../src/engine/runtime/node.ts';
import { pictureManifest } from '../../../src/engine/registry/manifest.ts';
import { readCatalogue } from '../../../src/engine/registry/read-catalogue.ts';
import { activationMap, occlude, readHead, type OcclusionStep } from '../../../src/labs/explain-answer.ts';
import { strongestCell } from '../../../src/labs/heat-map.ts';

const file = 'public/models/resnet-mixed/model.onnx';

/** A white picture with a dark square at the upper left. */
function darkCorner(): { width: number; height: number; data: Uint8ClampedArray } {
  const data = new Uint8ClampedArray(64 * 64 * 4).fill(255);
  for (let y = 0; y < 24; y++) for (let x = 0; x < 24; x++) data.set([120, 60, 20], (y * 64 + x) * 4);
  return { width: 64, height: 64, data };
}

test('a place adds its activations times the weights of the class', () => {
  const stack = { channels: 2, height: 1, width: 2, data: Float32Array.of(1, 2, 3, 4) };
  const head = { classes: 2, channels: 2, data: Float32Array.of(0, 0, 10, -1) };
  const map = activationMap(stack, head, 1, 64);
  assert.deepEqual([...map.values], [10 - 3, 20 - 4]);
  assert.deepEqual([map.rows, map.columns, map.start, map.step], [1, 2, 0, 32]);
  assert.throws(() => activationMap(stack, { ...head, channels: 3 }, 1, 64), /2 channels, but weights for 3/);
  assert.throws(() => activationMap(stack, head, 2, 64), /no class 2/);
});

test('the strongest cell leaves out what is not known yet', () => {
  const map = { rows: 1, columns: 3, start: 0, step: 1, values: Float32Array.of(NaN, -2, -1) };
  assert.deepEqual(strongestCell(map), { row: 0, column: 2, value: -1 });
  assert.equal(strongestCell({ ...map, values: Float32Array.of(NaN, NaN, NaN) }), undefined);
});

test('on the bundled network the mean of the map is the score without its bias, and covering changes the answer', async (t) => {
  const { models } = await readCatalogue(['resnet-mixed']);
  const runtime = createNodeRuntime(models);
  t.after(() => runtime.dispose());
  const last = 'layer4.1.relu2';
  const model = await runtime.load('resnet-mixed', { precision: 'fp32', values: [last] });
  const { input } = pictureManifest(model.manifest);
  const head = readHead(readFileSync(file));
  assert.deepEqual([head.classes, head.channels], [797, 256]);

  const picture = darkCorner();
  const { outputs } = await model.run({ input: preprocess(picture, input) }, { outputs: [last, 'logits'] });
  const tensor = outputs[last];
  assert.ok(tensor);
  const { data } = tensor;
  const [, channels = 0, height = 0, width = 0] = tensor.shape;
  const logits = outputs['logits']?.data ?? new Float32Array();
  const meanOf = (classIndex: number): number => {
    const { values } = activationMap({ channels, height, width, data }, head, classIndex, 64);
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  // The bias is what two pictures' difference does not know; two classes' difference of means is a logit difference but for it
  const blank = { width: 64, height: 64, data: new Uint8ClampedArray(64 * 64 * 4).fill(255) };
  const other = await model.run({ input: preprocess(blank, input) }, { outputs: [last, 'logits'] });
  const otherStack = { channels, height, width, data: other.outputs[last]?.data ?? new Float32Array() };
  for (const classIndex of [0, 300, 796]) {
    const otherValues = activationMap(otherStack, head, classIndex, 64).values;
    const otherMean = otherValues.reduce((sum, value) => sum + value, 0) / otherValues.length;
    const change = (logits[classIndex] ?? 0) - (other.outputs['logits']?.data[classIndex] ?? 0);
    assert.ok(Math.abs(meanOf(classIndex) - otherMean - change) < 1e-3, `class ${classIndex}`);
  }

  const best = logits.indexOf(Math.max(...logits));
  const steps: OcclusionStep[] = [];
  for await (const step of occlude(model, picture, { classIndex: best })) steps.push(step);
  const final = steps.at(-1);
  assert.equal(steps.length, 13);
  assert.ok(steps[0]?.map.values.slice(0, 13).every((value) => !Number.isNaN(value)));
  assert.ok(Number.isNaN(steps[0]?.map.values.at(-1)));
  assert.deepEqual([final?.map.rows, final?.map.start, final?.map.step], [13, 6, 4]);
  const spread = (values: Float32Array) => Math.max(...values.map(Math.abs));
  const corner = Float32Array.from([0, 1, 2, 13, 14, 15], (index) => final?.map.values[index] ?? 0);
  assert.ok(spread(corner) > 0.01, 'covering what is there changes nothing');

  const ending = new AbortController();
  await assert.rejects(async () => {
    for await (const step of occlude(model, picture, { classIndex: best, signal: ending.signal }))
      if (step.doneRuns === 2) ending.abort();
  }, /cancelled|called off/i);
});
