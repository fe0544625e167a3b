import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { buildModel, buildNode, float32Value } from '../../../../src/engine/onnx/build.ts';
import { dequantizeWeights } from '../../../../src/engine/onnx/dequantize-weights.ts';
import { drawWeights } from '../../../../src/engine/onnx/edits/draw-weights.ts';
import { readModel } from '../../../../src/engine/onnx/reader.ts';
import { float32Tensor, float32Values } from '../../../../src/engine/onnx/tensor-values.ts';
import { seedRandom } from '../../../../src/data/seeded-random.ts';

const path = 'public/models/resnet-mixed/model.onnx';

test('the ResNet begins as PyTorch begins it', { skip: !existsSync(path) && 'no model' }, () => {
  const stored = dequantizeWeights(readModel(new Uint8Array(readFileSync(path))));
  const drawn = drawWeights(stored, seedRandom(1));
  const values = (name: string) => float32Values(drawn.graph.initializers.get(name)!);
  const deviation = (name: string) => {
    const all = values(name);
    return Math.sqrt(all.reduce((sum, value) => sum + value * value, 0) / all.length);
  };
  // He by outgoing connections: 64 channels of 3×3, and 256 of 1×1
  assert.ok(Math.abs(deviation('layer2.1.conv1.weight') / Math.sqrt(2 / (64 * 9)) - 1) < 0.02);
  assert.ok(Math.abs(deviation('layer4.0.downsample.0.weight') / Math.sqrt(2 / 256) - 1) < 0.02);
  assert.ok(Math.abs(deviation('head.weight') / 0.01 - 1) < 0.02);
  assert.ok(values('head.bias').every((value) => value === 0));
  assert.deepEqual(
    ['weight', 'bias', 'running_mean', 'running_var'].map((part) => new Set(values(`layer1.0.bn1.${part}`))),
    [new Set([1]), new Set([0]), new Set([0]), new Set([1])],
  );
  // Every weight is drawn, the graph and the stored model stay
  for (const [name, before] of stored.graph.initializers)
    if (!name.endsWith('running_mean'))
      assert.notDeepEqual(float32Values(before), values(name), `${name} is as it was`);
  assert.equal(drawn.graph.nodes, stored.graph.nodes);
  assert.deepEqual(
    float32Values(drawWeights(stored, seedRandom(1)).graph.initializers.get('stem.conv.weight')!),
    values('stem.conv.weight'),
  );
});

test('a weight without a rule is named with its operator', () => {
  const model = buildModel({
    name: 'odd',
    nodes: [buildNode('PRelu', 'act', ['x', 'slope'], ['y'])],
    initializers: [float32Tensor('slope', [1], [0.2])],
    inputs: [float32Value('x', [1])],
    outputs: [float32Value('y', [1])],
  });
  assert.throws(() => drawWeights(model, seedRandom(1)), /"slope" belongs to PRelu "act"/);
});
