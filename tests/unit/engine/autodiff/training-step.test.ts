/** What a training step contains and what it leaves alone; what is refused, in which words. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packWeights, unpackWeights } from '../../../../src/engine/autodiff/bundles.ts';
import { lossInputs } from '../../../../src/engine/autodiff/losses.ts';
import { optimizerScalars } from '../../../../src/engine/autodiff/optimizers.ts';
import { buildTrainingStep } from '../../../../src/engine/autodiff/training-step.ts';
import type { TrainingStepOptions } from '../../../../src/engine/autodiff/training-step.ts';
import { findBlocks } from '../../../../src/engine/onnx/blocks.ts';
import { buildModel, buildNode, float32Value } from '../../../../src/engine/onnx/build.ts';
import { dequantizeWeights } from '../../../../src/engine/onnx/dequantize-weights.ts';
import { float32Tensor, int64Tensor } from '../../../../src/engine/onnx/tensor-values.ts';
import { planTraining } from '../../../../src/engine/onnx/trainable.ts';
import type { Model, Node } from '../../../../src/engine/onnx/types.ts';
import { openModel } from '../../../golden/autodiff-session.ts';
import { normal, seededRandom } from '../../../fixtures/onnx/random.ts';
import { buildResnet } from '../../../fixtures/onnx/resnet.ts';

const resnet = dequantizeWeights(buildResnet({ size: 16, widths: [4, 6, 8, 10], classes: 5 }));
const everyName = planTraining(findBlocks(resnet), 'from-scratch').trainableNames;

function stepFor(model: Model, weights: readonly string[], more: Partial<TrainingStepOptions> = {}) {
  return buildTrainingStep(model, {
    groups: [{ id: 'all', weights }],
    sizes: { N: 3 },
    loss: 'cross-entropy',
    optimizer: 'sgd',
    ...more,
  });
}

/** The forward nodes that have backward nodes in the graph. */
function originsOf({ model, notes }: ReturnType<typeof stepFor>): ReadonlySet<string> {
  const kept = model.graph.nodes.map((node) => notes.get(node)).filter((note) => note?.phase === 'backward');
  return new Set(kept.map((note) => note?.origin ?? ''));
}

test('below the lowest trainable layer nothing has a backward node', () => {
  assert.deepEqual([...originsOf(stepFor(resnet, ['head.weight', 'head.bias']))], ['head']);
  const block = everyName.filter((name) => name.startsWith('layer4.1.') || name.startsWith('head'));
  const origins = [...originsOf(stepFor(resnet, block))];
  const outside = origins.filter((name) => !/^(layer4\.1|pool|flatten|head)/.test(name));
  assert.deepEqual(outside, []);
  assert.ok(origins.includes('layer4.1.relu1'));
});

test('a layer between trainable ones passes a gradient on and gets none itself', () => {
  const step = stepFor(resnet, ['stem.conv.weight', 'head.weight'], { returns: 'gradients' });
  assert.deepEqual([...step.gradients.keys()], ['stem.conv.weight', 'head.weight']);
  assert.ok(originsOf(step).has('layer3.0.conv1'));
});

test('a convolution with few places over a batch is one product; its columns serve both ways', () => {
  const countOf = (sizes: Record<string, number>, opType: string) => {
    const { model, notes } = stepFor(resnet, ['layer4.1.conv2.weight'], { sizes });
    const own = (node: Node) => notes.get(node)?.origin === 'layer4.1.conv2' && node.opType === opType;
    return model.graph.nodes.filter(own).length;
  };
  assert.equal(countOf({ N: 3 }, 'Conv'), 0);
  assert.equal(countOf({ N: 3 }, 'Gemm'), 2);
  assert.equal(countOf({ N: 3 }, 'Concat'), 1);
  assert.equal(countOf({ N: 1 }, 'Conv'), 1);
});

test('new weights and moments come out of the node that computes them, not of a copy', () => {
  const { model, state } = stepFor(resnet, everyName, { optimizer: 'adamw' });
  const makers = state.map(({ output }) => model.graph.nodes.find(({ outputs }) => outputs.includes(output)));
  assert.deepEqual([...new Set(makers.map((node) => node?.opType))].sort(), ['Add', 'Sub']);
});

test('the graph knows no training operators', () => {
  const { model } = stepFor(resnet, everyName, {
    optimizer: 'adamw',
    clips: true,
    usesBatchStatistics: () => true,
  });
  const domains = new Set(model.graph.nodes.map(({ domain }) => domain));
  assert.deepEqual([...domains], ['']);
  assert.deepEqual(
    model.graph.nodes.filter((node) => /Loss|Gradient|Adam|BatchNormalization/.test(node.opType)),
    [],
  );
});

test('matrices and kernels decay, norms and biases do not', () => {
  const [decayed, rest] = stepFor(resnet, everyName).bundles;
  assert.ok(decayed.decays && decayed.weights.every(({ dims }) => dims.length > 1));
  assert.ok(!rest.decays && rest.weights.every(({ name }) => /bias$|bn\d?\.|downsample\.1/.test(name)));
  assert.equal(decayed.weights.length + rest.weights.length, everyName.length);
});

test('training changes what is trained, and nothing else by a bit', async () => {
  const names = ['head.weight', 'layer4.1.conv2.weight'];
  const step = stepFor(resnet, names);
  const session = await openModel(step.model);
  const random = seededRandom(4);
  const [bundle] = step.bundles;
  const results = await session.run(
    new Map<string, ArrayLike<number>>([
      ['input', Array.from({ length: 3 * 3 * 16 * 16 }, () => normal(random))],
      [lossInputs.targets, [0, 1, 2]],
      [lossInputs.weights, [1, 1, 1]],
      [lossInputs.labelSmoothing, [0]],
      ...Object.entries(optimizerScalars('sgd', { learningRates: { all: 0.1 } }, 1)).map(
        ([name, value]) => [name, [value]] as const,
      ),
      ...step.state.map(({ input, dims }) => [input, new Float32Array(dims[0])] as const),
      [bundle.input, packWeights(bundle, resnet)],
    ]),
  );
  await session.release();
  const trained = unpackWeights(bundle, results.get(`${bundle.input}/next`)!, resnet);
  assert.deepEqual([...trained.graph.initializers.keys()], [...resnet.graph.initializers.keys()]);
  for (const [name, { bytes }] of resnet.graph.initializers) {
    const isSame = Buffer.compare(bytes, trained.graph.initializers.get(name)!.bytes) === 0;
    assert.equal(isSame, !names.includes(name), name);
  }
});

test('a frozen norm folds away, a trained one stays as nodes', () => {
  const nodes = (weights: string[]) => stepFor(resnet, weights).model.graph.nodes.map(({ name }) => name);
  assert.ok(!nodes(['head.weight']).some((name) => name.includes('/merged/')));
  const merged = nodes(['layer4.1.bn2.weight']).filter((name) => name.endsWith('/merged/weight'));
  assert.deepEqual(merged, ['layer4.1.bn2/merged/weight']);
});

test('an operator without a rule is named with its node, but only on the way to a weight', () => {
  const model = lineOf([
    buildNode('MatMul', 'first', ['x', 'w'], ['a']),
    buildNode('CumSum', 'running total', ['a', 'axis'], ['b']),
    buildNode('MatMul', 'second', ['b', 'v'], ['y']),
  ]);
  assert.throws(() => stepFor(model, ['w']), /running total \(CumSum\) is an operator that no gradient/);
  assert.deepEqual([...originsOf(stepFor(model, ['v']))], ['second']);
});

test('a weight that the output does not depend on is left out', () => {
  const model = lineOf([
    buildNode('MatMul', 'first', ['x', 'w'], ['y']),
    buildNode('MatMul', 'aside', ['x', 'v'], ['unused']),
  ]);
  assert.deepEqual(
    stepFor(model, ['w', 'v']).bundles.flatMap(({ weights }) => weights.map(({ name }) => name)),
    ['w'],
  );
  assert.throws(() => stepFor(model, ['v']), /nothing to train/);
});

test('what cannot be trained is refused in a sentence', () => {
  const model = lineOf([buildNode('MatMul', 'first', ['x', 'w'], ['y'])]);
  assert.throws(() => stepFor(model, ['nowhere']), /no weight "nowhere"/);
  assert.throws(() => stepFor(model, ['w'], { sizes: {} }), /needs the size of every axis/);
  const twice = [
    { id: 'a', weights: ['w'] },
    { id: 'b', weights: ['w'] },
  ];
  assert.throws(() => stepFor(model, [], { groups: twice }), /weight "w" is named twice/);
  assert.throws(() => stepFor({ ...model, opsets: new Map([['', 11]]) }, ['w']), /opset 11/);
  const whole = lineOf([buildNode('CumSum', 'sum', ['x', 'axis'], ['y'])]);
  assert.throws(() => stepFor(whole, ['axis']), /"axis" holds int64/);
});

test('a Dropout does nothing, or is refused', () => {
  const withMode = (mode: string) =>
    lineOf([
      buildNode('MatMul', 'first', ['x', 'w'], ['a']),
      buildNode('Dropout', 'drop', ['a', '', mode], ['y']),
    ]);
  assert.ok(!stepFor(withMode(''), ['w']).model.graph.nodes.some(({ opType }) => opType === 'Dropout'));
  assert.throws(() => stepFor(withMode('on'), ['w']), /drop \(Dropout\) drops values at random/);
});

test('names of the model that look like ours do not get in the way', () => {
  const nodes: Node[] = [
    buildNode('MatMul', 'first', ['x', 'w'], ['backward/first/Gemm.1']),
    buildNode('Relu', 'relu', ['backward/first/Gemm.1'], ['y']),
  ];
  const { model } = stepFor(lineOf(nodes), ['w']);
  const names = model.graph.nodes.flatMap(({ outputs }) => outputs);
  assert.equal(new Set(names).size, names.length);
});

/** float32 [N, 2] → [N, 2] by way of some nodes that may read the weights w and v. */
function lineOf(nodes: readonly Node[]): Model {
  return buildModel({
    name: 'line',
    nodes,
    initializers: [
      float32Tensor('w', [2, 2], [1, 2, 3, 4]),
      float32Tensor('v', [2, 2], [1, 0, 2, 1]),
      int64Tensor('axis', [], [1]),
      { name: 'on', dtype: 'bool', dims: [], bytes: Uint8Array.of(1) },
    ],
    inputs: [float32Value('x', ['N', 2])],
    outputs: [float32Value('y', ['N', 2])],
  });
}
