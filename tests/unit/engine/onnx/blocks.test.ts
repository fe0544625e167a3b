import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { blockIdOf, findBlocks } from '../../../../src/engine/onnx/blocks.ts';
import { buildModel, buildNode, float32Value } from '../../../../src/engine/onnx/build.ts';
import { measureCost } from '../../../../src/engine/onnx/cost.ts';
import { quantizeActivations } from '../../../../src/engine/onnx/quantize-activations.ts';
import { inferShapes } from '../../../../src/engine/onnx/shapes.ts';
import { planTraining } from '../../../../src/engine/onnx/trainable.ts';
import { buildResnet } from '../../../fixtures/onnx/resnet.ts';

const model = buildResnet({ classes: 20 });
const blocks = findBlocks(model);
const block = (id: string) => blocks.find((candidate) => candidate.id === id)!;

describe('blocks of resnet-mixed', () => {
  it('are the picture, the stem, 1.1 to 4.2, pooling and the head', () => {
    const labels = ['input', 'stem', '1.1', '1.2', '2.1', '2.2', '3.1', '3.2', '4.1', '4.2', 'pool', 'head'];
    assert.deepEqual(
      blocks.map(({ label }) => label),
      labels,
    );
    assert.deepEqual(
      blocks.map(({ stage }) => stage ?? 0),
      [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 0, 0],
    );
    assert.deepEqual(
      blocks.map(({ kind }) => kind),
      ['input', 'stem', ...Array<string>(8).fill('residual'), 'pool', 'head'],
    );
  });

  it('hand tensors on to one another', () => {
    assert.deepEqual(block('stem').inputNames, ['input']);
    for (const [index, { inputNames }] of blocks.entries()) {
      assert.deepEqual(inputNames, index === 0 ? [] : [blocks[index - 1].outputName]);
    }
    const shapes = blocks.map(({ outputShape }) => outputShape?.join('×'));
    assert.deepEqual(shapes.slice(0, 3), ['N×3×64×64', 'N×32×16×16', 'N×32×16×16']);
    assert.deepEqual(shapes.slice(-5), ['N×128×4×4', 'N×256×2×2', 'N×256×2×2', 'N×256', 'N×20']);
  });

  it('list their nodes without the unpacking of weights', () => {
    assert.deepEqual(block('layer1.0').nodeNames, [
      ...['layer1.0.conv1', 'layer1.0.bn1', 'layer1.0.relu1', 'layer1.0.conv2'],
      ...['layer1.0.bn2', 'layer1.0.add', 'layer1.0.relu2'],
    ]);
    assert.deepEqual(block('pool').nodeNames, ['pool', 'flatten']);
    assert.deepEqual(block('input').nodeNames, []);
  });

  it('have the costs of their nodes', () => {
    assert.equal(block('layer1.0').parameters, 2 * 32 * 32 * 9 + 4 * 32);
    assert.equal(block('layer1.0').macs, 2 * 32 * 32 * 9 * 16 * 16);
    assert.deepEqual(block('head').parameterNames, ['head.weight', 'head.bias']);
    assert.deepEqual(
      blocks.filter(({ hasWeights }) => !hasWeights).map(({ id }) => id),
      ['input', 'pool'],
    );
    const { total } = measureCost(model);
    assert.equal(
      blocks.reduce((sum, { parameters }) => sum + parameters, 0),
      total.parameters,
    );
    assert.equal(
      blocks.reduce((sum, { macs }) => sum + macs, 0),
      total.macs,
    );
    assert.equal(
      blocks.reduce((sum, { activationBytes }) => sum + activationBytes, 0),
      total.activationBytes,
    );
  });

  it('know their skip and receptive field', () => {
    const projections = blocks.filter(({ skip }) => skip === 'projection').map(({ label }) => label);
    assert.deepEqual(projections, ['2.1', '3.1', '4.1']);
    assert.equal(blocks.filter(({ skip }) => skip === 'identity').length, 5);
    assert.deepEqual(
      blocks.map(({ receptiveField }) => receptiveField?.[0].size),
      [1, 7, 23, 39, 63, 95, 143, 207, 303, 431, 463, 463],
    );
  });

  it('are the same in the int8 graph, apart from the folded BatchNorms', () => {
    const ranges = Object.fromEntries(
      [...inferShapes(model).values.keys()].map((name) => [name, [-1, 1] as const]),
    );
    const int8 = findBlocks(quantizeActivations(model, ranges));
    for (const key of [
      'id',
      'label',
      'kind',
      'stage',
      'outputName',
      'outputShape',
      'macs',
      'skip',
      'receptiveField',
    ] as const) {
      assert.deepEqual(
        int8.map((one) => one[key]),
        blocks.map((one) => one[key]),
        key,
      );
    }
  });

  it('follow torchvision’s names too', () => {
    const expected: Record<string, string | undefined> = {
      'conv1.weight': 'stem',
      maxpool: 'stem',
      'layer4.1.conv2.weight': 'layer4.1',
      avgpool: 'pool',
      'fc.bias': 'head',
      'head.weight.dequantize': 'head',
      headless: undefined,
      'encoder.0': undefined,
    };
    for (const [name, id] of Object.entries(expected)) assert.equal(blockIdOf(name), id, name);
  });

  it('take in nodes without a known name', () => {
    const plain = buildModel({
      name: 'g',
      nodes: [
        buildNode('Sigmoid', '', ['x'], ['a']),
        buildNode('Relu', 'stem.relu', ['a'], ['b']),
        buildNode('Sigmoid', '?', ['b'], ['c']),
      ],
      initializers: [],
      inputs: [float32Value('x', ['N', 1, 4, 4])],
      outputs: [float32Value('c', ['N', 1, 4, 4])],
    });
    assert.deepEqual(
      findBlocks(plain).map(({ id, nodeNames }) => [id, nodeNames]),
      [
        ['x', ['']],
        ['stem', ['stem.relu', '?']],
      ],
    );
  });
});

describe('training plans', () => {
  const total = 2_800_180;

  it('of the feature extractor train the head alone', () => {
    const plan = planTraining(blocks, 'feature-extractor');
    assert.deepEqual(plan.trainableNames, ['head.weight', 'head.bias']);
    assert.equal(plan.trainableParameters, 20 * 256 + 20);
    assert.equal(plan.frozenParameters, total - 5140);
    assert.deepEqual(
      plan.blocks.filter(({ receivesGradient }) => receivesGradient).map(({ id }) => id),
      ['head'],
    );
    assert.equal(plan.start, 'pretrained');
  });

  it('of fine-tuning train from the chosen block up', () => {
    const plan = planTraining(blocks, 'fine-tuning', 'layer4.0');
    const states = Object.fromEntries(plan.blocks.map(({ id, state }) => [id, state]));
    assert.deepEqual(
      [states['layer3.1'], states['layer4.0'], states.pool, states.head],
      ['frozen', 'trainable', 'parameterless', 'trainable'],
    );
    const layer40 = 128 * 256 * 9 + 256 * 256 * 9 + 128 * 256 + 6 * 256;
    const layer41 = 2 * 256 * 256 * 9 + 4 * 256;
    assert.equal(plan.trainableParameters, layer40 + layer41 + 5140);
    assert.equal(plan.frozenParameters, total - plan.trainableParameters);
    assert.equal(plan.blocks.find(({ id }) => id === 'pool')?.receivesGradient, true);
  });

  it('of fine-tuning begin above a block without weights, and with everything by default', () => {
    assert.deepEqual(planTraining(blocks, 'fine-tuning', 'pool').trainableNames, [
      'head.weight',
      'head.bias',
    ]);
    assert.equal(planTraining(blocks, 'fine-tuning').trainableParameters, total);
  });

  it('from scratch train everything, statistics and scales in no list', () => {
    const plan = planTraining(blocks, 'from-scratch');
    assert.equal(plan.start, 'random');
    assert.deepEqual([plan.trainableParameters, plan.frozenParameters], [total, 0]);
    assert.equal(plan.trainableNames.length, 62);
    assert.ok(!plan.trainableNames.some((name) => /running|scale|int8/.test(name)));
  });

  it('refuse a block that is not there', () => {
    assert.throws(
      () => planTraining(blocks, 'fine-tuning', 'layer9.0'),
      /There is no block "layer9.0"; the blocks are input, stem/,
    );
  });
});
