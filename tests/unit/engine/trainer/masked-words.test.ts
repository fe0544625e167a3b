/** The trainer on masked words: a label for each place, most of them ignored, and the head that the network has. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { dequantizeWeights } from '../../../../src/engine/onnx/dequantize-weights.ts';
import { readModel } from '../../../../src/engine/onnx/reader.ts';
import { openTraining } from '../../../../src/engine/trainer/training.ts';
import { follow, ports } from './small-training.ts';

const model = readModel(new Uint8Array(readFileSync('public/models/bert-mini/model.onnx')));
const weights = [...dequantizeWeights(model).graph.initializers]
  .filter(([name, { dims }]) => name.includes('layer.3.') && /(weight|bias)$/.test(name) && dims.length > 0)
  .map(([name]) => name);
const [count, length, pieces, mask, ignored] = [4, 8, 8000, 4, -100];

test('a piece that is hidden is learnt, and no other place is asked about', async () => {
  const sentences = Array.from({ length: count * length }, (_, at) => 100 + ((at * 389) % 7000));
  const isHidden = (at: number) => at % length === 2;
  const tensor = (data: BigInt64Array) => ({ dtype: 'int64' as const, shape: [count, length], data });
  const ids = BigInt64Array.from(sentences, (id, at) => BigInt(isHidden(at) ? mask : id));
  const set = {
    inputs: { input_ids: tensor(ids), attention_mask: tensor(ids.slice().fill(1n)) },
    labels: Int32Array.from(sentences, (id, at) => (isHidden(at) ? id : ignored)),
  };
  const training = openTraining(
    model,
    { classes: Array.from({ length: pieces }, (_, at) => `piece ${at}`), train: set, heldOut: set },
    {
      phases: [{ groups: [{ id: 'last', weights, learningRate: 1e-3 }], epochs: 6 }],
      ...{ optimizer: 'adamw', batchSize: count, replacesHead: false },
    },
    ports,
  );
  const reports = await follow(training);
  await training.release();
  const last = reports.at(-1);
  assert.ok((last?.loss ?? NaN) < 0.5 * reports[0].loss, reports.map(({ loss }) => loss).join(' '));
  assert.equal(last?.heldOut?.count, count);
  assert.equal(last.heldOut.predictions.length, count * length);
});
