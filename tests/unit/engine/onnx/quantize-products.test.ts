/** Integer products of a transformer: what changes, what stays, and how far the answers move. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as ort from 'onnxruntime-node';
import { addOutputs } from '../../../../src/engine/onnx/add-outputs.ts';
import { dequantizeWeights } from '../../../../src/engine/onnx/dequantize-weights.ts';
import { quantizeProducts } from '../../../../src/engine/onnx/quantize-products.ts';
import type { Model } from '../../../../src/engine/onnx/types.ts';
import { writeModel } from '../../../../src/engine/onnx/writer.ts';
import { buildEncoder, tinyPieces } from '../../../fixtures/onnx/encoder.ts';

const stored = buildEncoder();
/** What enters a product with weights. */
const entering = [
  ...new Set(
    stored.graph.nodes
      .filter(({ opType, name }) => opType === 'MatMul' && name.endsWith('.product'))
      .map(({ inputs }) => inputs[0]),
  ),
];
const ids = Array.from({ length: 10 }, (_, i) => (i * 5 + 2) % tinyPieces.length);

async function run(model: Model, names: string[]): Promise<Map<string, Float32Array>> {
  const more = names.filter((name) => name !== 'logits').map((name) => ({ name, dtype: 'float32' as const }));
  const session = await ort.InferenceSession.create(addOutputs(writeModel(model), more), {
    logSeverityLevel: 3,
  });
  const tensor = (data: number[]) =>
    new ort.Tensor('int64', BigInt64Array.from(data, BigInt), [1, data.length]);
  const outputs = await session.run(
    { input_ids: tensor(ids), attention_mask: tensor(ids.map(() => 1)) },
    names,
  );
  return new Map(names.map((name) => [name, outputs[name].data as Float32Array]));
}

const values = await run(dequantizeWeights(stored), [...entering, 'logits']);
const ranges = Object.fromEntries(
  [...values].map(([name, data]) => [name, [Math.min(...data), Math.max(...data)] as [number, number]]),
);

describe('quantizeProducts', () => {
  const quantized = quantizeProducts(stored, ranges);

  it('turns every product with weights into one with int8 on both sides', () => {
    const products = quantized.graph.nodes.filter(({ name }) => name.endsWith('.product'));
    assert.equal(products.length, 2 * 6 + 2);
    for (const { inputs } of products) {
      assert.match(inputs[0], /\.stepped$/);
      const unpacker = quantized.graph.nodes.find(({ outputs }) => outputs[0] === inputs[1]);
      assert.equal(unpacker?.opType, 'DequantizeLinear');
    }
    const transposes = quantized.graph.nodes.filter(({ name }) => name.endsWith('weight.transpose'));
    assert.deepEqual(transposes, [], 'matrices are turned over once and for all');
  });

  it('moves answers by less than a tenth of their spread, and keeps the names of values', async () => {
    const logits = values.get('logits') ?? new Float32Array();
    const moved = (await run(quantized, ['logits', 'encoder.layer.1.feed_forward.norm'])).get('logits');
    const spread = Math.max(...logits) - Math.min(...logits);
    const furthest = Math.max(...logits.map((value, i) => Math.abs(value - (moved?.[i] ?? NaN))));
    assert.ok(furthest > 0 && furthest < spread / 10, `${furthest} of ${spread}`);
  });

  it('names the value whose range is missing', () => {
    const { 'embeddings.norm': left, ...others } = ranges;
    assert.equal(left.length, 2);
    assert.throws(() => quantizeProducts(stored, others), /no activation range for "embeddings.norm"/);
  });
});
