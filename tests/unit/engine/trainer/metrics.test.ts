/** Metrics are those of the definitions: the gradient's length against a graph that gives the gradients out. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packWeights } from '../../../../src/engine/autodiff/bundles.ts';
import { lossInputs } from '../../../../src/engine/autodiff/losses.ts';
import type { OptimizerKind } from '../../../../src/engine/autodiff/optimizers.ts';
import { buildTrainingStep } from '../../../../src/engine/autodiff/training-step.ts';
import { dequantizeWeights } from '../../../../src/engine/onnx/dequantize-weights.ts';
import { float32Values } from '../../../../src/engine/onnx/tensor-values.ts';
import { measureLayers } from '../../../../src/engine/trainer/layer-metrics.ts';
import type { BundleStep } from '../../../../src/engine/trainer/layer-metrics.ts';
import { replaceHead } from '../../../../src/engine/trainer/fresh-weights.ts';
import { openModel } from '../../../golden/autodiff-session.ts';
import { follow, network, open, settingsFor, task, weightNames, weightsOf } from './small-training.ts';

const layers = ['stem', 'layer2.0', 'layer4.1', 'head'].map((id) => ({ id, weights: weightsOf(id) }));
const length = (values: Iterable<number>) => Math.hypot(...values);

async function firstGradients(): Promise<ReadonlyMap<string, Float32Array>> {
  const model = dequantizeWeights(replaceHead(network, 3, 3));
  const step = buildTrainingStep(model, {
    groups: [{ id: 'all', weights: weightNames }],
    sizes: { N: 18 },
    loss: 'cross-entropy',
    optimizer: 'sgd',
    returns: 'gradients',
  });
  const session = await openModel(step.model);
  const results = await session.run(
    new Map<string, ArrayLike<number>>([
      ['input', task.train.inputs['input'].data as Float32Array],
      [lossInputs.targets, task.train.labels],
      [lossInputs.weights, new Float32Array(18).fill(1)],
      [lossInputs.labelSmoothing, [0]],
      ...step.bundles.map((bundle) => [bundle.input, packWeights(bundle, model)] as const),
    ]),
  );
  await session.release();
  return results;
}

for (const [optimizer, largestNorm] of [
  ['sgd', undefined],
  ['nesterov', 0.01],
  ['adam', undefined],
  ['adamw', 0.01],
] as [OptimizerKind, number | undefined][])
  test(`each layer under ${optimizer}, clipped to ${largestNorm ?? '–'}`, async () => {
    const groups = [{ id: 'all', weights: weightNames, learningRate: 1e-3 }];
    const training = open(
      settingsFor({
        phases: [{ groups, epochs: 2 }],
        optimizer,
        ...(largestNorm !== undefined && { largestNorm }),
        weightDecay: 0.1,
        batchSize: 18,
        layers,
      }),
    );
    const [first, second] = await follow(training, 2);
    const gradients = await firstGradients();
    const before = dequantizeWeights(replaceHead(network, 3, 3)).graph.initializers;
    const after = training.trainedModel().graph.initializers;
    const total = length(
      [...gradients].flatMap(([name, one]) => (name.includes('/gradient/') ? [...one] : [])),
    );
    assert.ok(Math.abs(first.gradientNorm - total) < 1e-3 * total);
    for (const { id, weights } of layers) {
      const [a, b] = [first, second].map((report) => report.layers.find((layer) => layer.id === id)!);
      const slope = length(weights.flatMap((name) => [...gradients.get(`training/gradient/${name}`)!]));
      assert.ok(Math.abs(a.gradientNorm - slope) < 2e-3 * slope, `${id}: ${a.gradientNorm}, exact ${slope}`);
      const start = weights.flatMap((name) => [...float32Values(before.get(name)!)]);
      const end = weights.flatMap((name) => [...float32Values(after.get(name)!)]);
      const moved = length(end.map((value, at) => value - start[at]));
      assert.ok(Math.abs(b.weightNorm - length(end)) < 1e-5 * length(end), id);
      assert.ok(Math.abs(b.change - moved / length(start)) < 1e-5 * b.change, id);
      assert.ok(Math.abs(a.updateRatio - a.change) < 1e-9, `${id}: the first step is all the change`);
    }
    await training.release();
  });

test('measuring is one cheap pass: a few times as long as reading the numbers takes', () => {
  const size = 1_000_000;
  const vector = () => new Float32Array(size).fill(0.5);
  const names = ['start', 'before', 'after', 'momentBefore', 'momentAfter'] as const;
  const vectors = Object.fromEntries(names.map((name) => [name, vector()])) as unknown as BundleStep;
  const placed = [{ id: 'all', ranges: [{ bundle: 0, from: 0, to: size }] }];
  const rule = { optimizer: 'adamw', keeps: 0.9, decay: 0, clipped: 1 } as const;
  const readOne = (values: Float32Array) => {
    let sum = 0;
    for (let at = 0; at < values.length; at++) sum += values[at] * values[at];
    return sum;
  };
  const read = () => (Object.values(vectors) as Float32Array[]).map(readOne);
  // the least of many: another program cannot make it smaller
  const leastMs = (work: () => unknown) => {
    const times = Array.from({ length: 20 }, () => {
      const startedAt = performance.now();
      work();
      return performance.now() - startedAt;
    });
    return Math.min(...times);
  };
  const [readMs, measureMs] = [leastMs(read), leastMs(() => measureLayers(placed, [vectors], [true], rule))];
  assert.ok(measureMs < 6 * readMs, `${measureMs} ms, reading ${readMs} ms`);
});
