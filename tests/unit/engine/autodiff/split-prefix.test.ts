/** The frozen layers apart and the rest from their values give the same step, bit for bit. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packWeights } from '../../../../src/engine/autodiff/bundles.ts';
import { lossInputs } from '../../../../src/engine/autodiff/losses.ts';
import { splitPrefix } from '../../../../src/engine/autodiff/split-prefix.ts';
import { buildTrainingStep } from '../../../../src/engine/autodiff/training-step.ts';
import { dequantizeWeights } from '../../../../src/engine/onnx/dequantize-weights.ts';
import { openModel } from '../../../golden/autodiff-session.ts';
import { normal, seededRandom } from '../../../fixtures/onnx/random.ts';
import { buildResnet } from '../../../fixtures/onnx/resnet.ts';

const resnet = dequantizeWeights(buildResnet({ size: 16, widths: [4, 6, 8, 10], classes: 5 }));
const names = [...resnet.graph.initializers.keys()].filter((name) => !name.includes('running'));

function stepFor(weights: readonly string[], usesBatch = false) {
  return buildTrainingStep(resnet, {
    groups: [{ id: 'all', weights }],
    sizes: { N: 3 },
    loss: 'cross-entropy',
    optimizer: 'sgd',
    returns: 'gradients',
    usesBatchStatistics: () => usesBatch,
  });
}

for (const [place, cut] of [
  ['head', 'flatten'],
  ['layer4.1', 'layer4.0.relu2'],
  ['layer3', 'layer2.1.relu2'],
] as const) {
  test(`training from ${place} up keeps ${cut} alone`, async () => {
    const isThawed = (name: string) => name.startsWith('layer') && place !== 'head' && name >= place;
    const step = stepFor(names.filter((name) => name.startsWith('head') || isThawed(name)));
    const split = splitPrefix(step, resnet)!;
    assert.deepEqual(
      split.cached.map(({ name }) => name),
      [cut],
    );
    const random = seededRandom(6);
    const values = new Map<string, ArrayLike<number>>([
      ['input', Array.from({ length: 3 * 3 * 16 * 16 }, () => normal(random))],
      [lossInputs.targets, [0, 1, 2]],
      [lossInputs.weights, [1, 1, 1]],
      [lossInputs.labelSmoothing, [0]],
      ...step.bundles.map((bundle) => [bundle.input, packWeights(bundle, resnet)] as const),
    ]);
    const [whole, prefix, rest] = await Promise.all([step.model, split.prefix, split.rest].map(openModel));
    const expected = await whole.run(values);
    const kept = await prefix.run(values);
    const actual = await rest.run(new Map([...values, ...kept]));
    assert.deepEqual([...actual.keys()].sort(), [...expected.keys()].sort());
    for (const [name, numbers] of expected) assert.deepEqual(actual.get(name), numbers, name);
    for (const session of [whole, prefix, rest]) await session.release();
    const below = new Set(
      step.model.graph.nodes
        .filter((node) => /^(stem|layer1)/.test(step.notes.get(node)?.origin ?? ''))
        .map(({ name }) => name),
    );
    assert.ok(below.size > 5);
    const left = split.rest.graph.nodes.filter(({ name }) => below.has(name));
    assert.deepEqual(left, []);
  });
}

test('nothing is kept where the lowest layer is trained or a norm looks at the batch', () => {
  assert.equal(splitPrefix(stepFor(names), resnet), undefined);
  assert.equal(splitPrefix(stepFor(['head.weight'], true), resnet), undefined);
});
