/** Blocks and boxes of the course's other networks, built small with the names that training/ gives their modules. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findBoxes } from '../../../../src/engine/onnx/blocks-tree.ts';
import { blockIdOf, findBlocks } from '../../../../src/engine/onnx/blocks.ts';
import { buildModel, buildNode, float32Value } from '../../../../src/engine/onnx/build.ts';
import { float32Tensor, int64Tensor } from '../../../../src/engine/onnx/tensor-values.ts';
import type { Model, Node, Tensor } from '../../../../src/engine/onnx/types.ts';
import { planTraining } from '../../../../src/engine/onnx/trainable.ts';
import { arrange } from '../../../../src/figures/model-atlas/arrange.ts';
import { levels, openAtLevel } from '../../../../src/figures/model-atlas/model.ts';
import { describeModel } from '../../../../src/labs/describe-atlas.ts';

/** Collects nodes whose values bear their names. */
class Net {
  readonly nodes: Node[] = [];
  readonly weights: Tensor[] = [];

  add(op: string, name: string, inputs: string[], attributes: Parameters<typeof buildNode>[4] = {}): string {
    this.nodes.push(buildNode(op, name, inputs, [name], attributes));
    return name;
  }

  weight(name: string, dims: number[]): string {
    const count = dims.reduce((product, size) => product * size, 1);
    this.weights.push(float32Tensor(name, dims, new Float32Array(count)));
    return name;
  }

  /** Convolution, norm, activation: the names that the recipes of the picture networks use, with `at` behind each. */
  step(path: string, from: string, [channels, filters, k]: [number, number, number], at = ''): string {
    const weight = this.weight(`${path}.conv${at}.weight`, [filters, channels, k, k]);
    const conv = this.add('Conv', `${path}.conv${at}`, [from, weight], {
      pads: Array<number>(4).fill((k - 1) / 2),
    });
    const parts = ['weight', 'bias', 'mean', 'var'].map((part) =>
      this.weight(`${path}.bn${at}.${part}`, [filters]),
    );
    return this.add('Relu', `${path}.relu${at}`, [
      this.add('BatchNormalization', `${path}.bn${at}`, [conv, ...parts]),
    ]);
  }

  pool(path: string, from: string): string {
    return this.add('MaxPool', `${path}.pool`, [from], { kernel_shape: [2, 2], strides: [2, 2] });
  }

  answer(from: string, features: number): void {
    const flat = this.add('Flatten', 'flatten', [this.add('GlobalAveragePool', 'pool', [from])]);
    this.nodes.push(
      buildNode('Gemm', 'head', [flat, this.weight('head.weight', [5, features])], ['logits'], { transB: 1 }),
    );
  }

  model(side = 32): Model {
    return buildModel({
      name: 'net',
      nodes: this.nodes,
      initializers: this.weights,
      inputs: [float32Value('input', ['N', 3, side, side])],
      outputs: [float32Value('logits', ['N', 5])],
    });
  }
}

function buildVgg(): Model {
  const net = new Net();
  let value = 'input';
  let channels = 3;
  for (const stage of [1, 2, 3, 4, 5]) {
    for (const at of stage < 3 ? ['1'] : ['1', '2']) {
      value = net.step(`stage${stage}`, value, [channels, stage * 2, 3], at);
      channels = stage * 2;
    }
    if (stage < 5) value = net.pool(`stage${stage}`, value);
  }
  net.answer(value, channels);
  return net.model();
}

function buildInception(): Model {
  const net = new Net();
  let value = net.pool('stem', net.step('stem', 'input', [3, 4, 3]));
  for (const stage of [1, 2]) {
    for (const block of [0, 1]) {
      const path = `stage${stage}.${block}`;
      const branches = [
        net.step(`${path}.branch1x1`, value, [4, 1, 1]),
        net.step(
          `${path}.branch3x3.spread`,
          net.step(`${path}.branch3x3.reduce`, value, [4, 2, 1]),
          [2, 2, 3],
        ),
        net.step(
          `${path}.branch5x5.spread`,
          net.step(`${path}.branch5x5.reduce`, value, [4, 1, 1]),
          [1, 1, 5],
        ),
      ];
      value = net.add('Concat', `${path}.concat`, branches, { axis: 1 });
    }
    if (stage === 1) value = net.pool('stage1', value);
  }
  net.answer(value, 4);
  return net.model();
}

/** Two layers that read one causal mask, which is cut to the text's length. */
function buildGpt(): Model {
  const net = new Net();
  const size = 8;
  const scale = (path: string) => [net.weight(`${path}.weight`, [size]), net.weight(`${path}.bias`, [size])];
  let value = net.add('Gather', 'embeddings.word', [
    net.weight('embeddings.word.weight', [20, size]),
    'input_ids',
  ]);
  net.weights.push(int64Tensor('causal_mask.start', [2], [0, 0]));
  const length = net.add('Shape', 'length', ['input_ids'], { start: 1, end: 2 });
  const end = net.add('Concat', 'causal_mask.end', [length, length], { axis: 0 });
  const mask = net.add('Slice', 'causal_mask', [
    net.weight('causal_mask.whole', [16, 16]),
    'causal_mask.start',
    end,
  ]);
  for (const layer of [0, 1]) {
    const path = `decoder.layer.${layer}`;
    const normed = net.add('LayerNormalization', `${path}.attention.norm`, [
      value,
      ...scale(`${path}.attention.norm`),
    ]);
    const times = (part: string, from: string): string =>
      net.add('MatMul', `${path}.${part}`, [from, net.weight(`${path}.${part}.weight`, [size, size])]);
    const [query, key, held] = ['query', 'key', 'value'].map((part) => times(`attention.${part}`, normed));
    const turned = net.add('Transpose', `${path}.attention.key.turned`, [key], { perm: [0, 2, 1] });
    const scores = net.add('Add', `${path}.attention.masked`, [
      net.add('MatMul', `${path}.attention.scores`, [query, turned]),
      mask,
    ]);
    const shares = net.add('Softmax', `${path}.attention.probabilities`, [scores]);
    const mixed = times('attention.output', net.add('MatMul', `${path}.attention.mixed`, [shares, held]));
    const sum = net.add('Add', `${path}.attention.add`, [value, mixed]);
    const inner = net.add('Relu', `${path}.feed_forward.relu`, [times('feed_forward.intermediate', sum)]);
    value = net.add('Add', `${path}.feed_forward.add`, [sum, times('feed_forward.output', inner)]);
  }
  const last = net.add('LayerNormalization', 'decoder.norm', [value, ...scale('decoder.norm')]);
  net.nodes.push(buildNode('MatMul', 'head', [last, net.weight('head.weight', [size, 20])], ['logits']));
  return buildModel({
    name: 'gpt',
    nodes: net.nodes,
    initializers: net.weights,
    inputs: [{ name: 'input_ids', dtype: 'int64', dims: ['N', 'T'] }],
    outputs: [float32Value('logits', ['N', 'T', 20])],
  });
}

const networks = { vgg: buildVgg(), inception: buildInception(), gpt: buildGpt() };
const outline = (model: Model): string[] => findBoxes(model).map(({ kind, label }) => `${kind} ${label}`);
const blocks = (model: Model): string[] => findBlocks(model).map(({ kind, label }) => `${kind} ${label}`);

describe('the first level of the atlas', () => {
  it('of VGG is its five stages, pooling and the head', () => {
    const stages = [1, 2, 3, 4, 5].map((stage) => `stage stage${stage}`);
    assert.deepEqual(outline(networks.vgg), [...stages, 'pool pool', 'head head']);
  });

  it('of Inception is the stem, its stages, pooling and the head; a stage opens to Inception blocks', () => {
    assert.deepEqual(outline(networks.inception), [
      'stem stem',
      'stage stage1',
      'stage stage2',
      'pool pool',
      'head head',
    ]);
    const [, stage] = findBoxes(networks.inception);
    assert.deepEqual(
      stage.children.map(({ kind }) => kind),
      ['inception', 'inception', 'operator'],
    );
  });

  it('of GPT is the embeddings, its layers and the head, and no layer takes the mask from another', () => {
    const boxes = findBoxes(networks.gpt);
    assert.deepEqual(
      boxes.map(({ kind, label }) => `${kind} ${label}`),
      ['embedding embeddings', 'layer layer.0', 'layer layer.1', 'head head'],
    );
    const made = new Set(['input_ids', ...boxes.flatMap(({ outputNames }) => outputNames)]);
    for (const { label, inputNames } of boxes)
      for (const name of inputNames)
        assert.ok(made.has(name), `${label} takes ${name}, which no box hands on`);
  });

  for (const [name, model] of Object.entries(networks)) {
    it(`${name} is drawn on every level, each input of a box led to it`, () => {
      const network = describeModel(model, 1, { id: name, title: name });
      for (const level of levels) {
        const { boxes, edges } = arrange(network, openAtLevel(network, level));
        const reached = new Set(edges.map(({ to }) => to));
        for (const { box } of boxes)
          assert.ok(box.inputs.length === 0 || reached.has(box.id), `${level}: no edge leads to ${box.id}`);
      }
    });
  }
});

describe('blocks to freeze', () => {
  it('of VGG are its stages', () => {
    const stages = [1, 2, 3, 4, 5].map((stage) => `stage ${stage}`);
    assert.deepEqual(blocks(networks.vgg), ['input input', ...stages, 'pool pool', 'head head']);
    const plan = planTraining(findBlocks(networks.vgg), 'fine-tuning', 'stage5');
    assert.deepEqual(
      plan.blocks.filter(({ state }) => state === 'trainable').map(({ id }) => id),
      ['stage5', 'head'],
    );
  });

  it('of Inception are its blocks, a stage’s pooling in the one before it', () => {
    assert.deepEqual(blocks(networks.inception), [
      'input input',
      'stem stem',
      ...['1.1', '1.2', '2.1', '2.2'].map((label) => `inception ${label}`),
      'pool pool',
      'head head',
    ]);
    assert.ok(findBlocks(networks.inception)[3].nodeNames.includes('stage1.pool'));
  });

  it('of GPT are embeddings, layers and the head with the last norm', () => {
    assert.deepEqual(blocks(networks.gpt), [
      'input input_ids',
      'embedding embeddings',
      'layer 1',
      'layer 2',
      'head head',
    ]);
    assert.equal(blockIdOf('encoder.layer.3.attention.query.weight'), 'encoder.layer.3');
    assert.equal(blockIdOf('decoder.norm.weight'), 'head');
  });
});
