/** Shapes, costs and boxes of known networks, exported by PyTorch with random weights. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findBoxes } from '../../../../src/engine/onnx/blocks-tree.ts';
import type { Box } from '../../../../src/engine/onnx/blocks-tree.ts';
import { measureCost } from '../../../../src/engine/onnx/cost.ts';
import { evaluateDim } from '../../../../src/engine/onnx/dimensions.ts';
import { inferShapes } from '../../../../src/engine/onnx/shapes.ts';
import { readReference, referenceNames, withoutNames } from '../../../fixtures/onnx/references.ts';

describe('shapes of exported networks equal those that ONNX Runtime computed', () => {
  it('for at least a dozen networks', () => assert.ok(referenceNames.length >= 12));

  for (const name of referenceNames) {
    it(name, () => {
      const { model, sizes, values } = readReference(name);
      // the outputs' declared shapes are the exporter's opinion
      const outputs = model.graph.outputs.map((output) => ({ name: output.name }));
      const shapes = inferShapes({ ...model, graph: { ...model.graph, outputs } });
      assert.deepEqual([shapes.problems, shapes.unknownOperators], [[], []]);
      assert.ok(values.size >= model.graph.nodes.length);
      for (const [value, [dtype, dims]] of values) {
        const inferred = shapes.values.get(value);
        assert.equal(inferred?.dtype, dtype, value);
        const actual = inferred?.dims?.map((dim) => evaluateDim(dim, (size) => sizes.get(size)));
        assert.deepEqual(actual, dims, `${value}: ${inferred?.dims?.join('×')}`);
      }
    });
  }
});

describe('costs of exported networks equal published ones', () => {
  const published: [name: string, parameters: number, gigaMacs?: number][] = [
    ['resnet18', 11_689_512, 1.81],
    ['resnet50', 25_557_032, 4.09],
    ['vgg16', 138_357_544, 15.47],
    ['vit', 86_567_656],
    ['bert-base', 109_482_240],
    ['gpt2', 124_439_808],
  ];
  for (const [name, parameters, gigaMacs] of published) {
    it(`${name}: ${parameters.toLocaleString('en')} parameters${gigaMacs ? `, ${gigaMacs} GMACs` : ''}`, () => {
      const { total, unknown } = measureCost(readReference(name).model);
      assert.deepEqual(unknown, []);
      assert.equal(total.parameters, parameters);
      if (gigaMacs !== undefined) assert.equal(Math.round(total.macs / 1e7) / 100, gigaMacs);
    });
  }

  it('of BERT grow with the length of the text', () => {
    const { model } = readReference('bert-base');
    const shapes = inferShapes(model);
    const macs = (sequence: number): number =>
      measureCost(model, shapes, (name) => (name === 'sequence' ? sequence : 1)).total.macs;
    // 12 layers of 4·768² + 2·768·3072 for each token, 2·768 for each pair of tokens, and the pooler once
    const formula = (n: number): number => 12 * (n * 12 * 768 ** 2 + n * n * 2 * 768) + 768 ** 2;
    for (const length of [1, 7, 128]) assert.equal(macs(length), formula(length));
  });

  it('of int8 weights are those of the network', () => {
    const { total } = measureCost(readReference('mobilenet-v2').model);
    // 3,504,872 less two for each of the 17,056 channels whose normalisation is folded, plus their biases
    assert.equal(total.parameters, 3_504_872 - 17_056);
  });
});

describe('boxes of exported networks', () => {
  const outline = (boxes: readonly Box[]): string[] =>
    boxes.map(({ kind, label }) => (kind === label ? kind : `${kind} ${label}`));
  const layers = (prefix: string, count: number): string[] =>
    Array.from({ length: count }, (_, at) => `layer ${prefix}${at}`);

  const expected: Record<string, string[]> = {
    resnet18: ['stem', ...[1, 2, 3, 4].map((at) => `stage layer${at}`), 'pool', 'head'],
    vgg16: [...[1, 2, 3, 4, 5].map((at) => `stage stage ${at}`), 'pool', 'head'],
    'inception-v3': [
      'stem',
      ...['5b', '5c', '5d', '6a', '6b', '6c', '6d', '6e', '7a', '7b', '7c'].map(
        (at) => `inception Mixed_${at}`,
      ),
      'pool',
      'head',
    ],
    'mobilenet-v2': ['stem', ...[1, 2, 3, 4].map((at) => `stage stage ${at}`), 'pool', 'head'],
    'bert-base': ['embedding embeddings', ...layers('layer.', 12), 'head'],
    gpt2: ['embedding embeddings', ...layers('h.', 12), 'head'],
  };
  for (const [name, boxes] of Object.entries(expected)) {
    it(`${name}: ${boxes.length} boxes by the names of its modules`, () => {
      assert.deepEqual(outline(findBoxes(readReference(name).model)), boxes);
    });
  }

  it('without names they come from the structure', () => {
    const kinds = (name: string): string[] =>
      findBoxes(withoutNames(readReference(name).model)).map(({ kind }) => kind);
    const many = (kind: string, count: number): string[] => Array<string>(count).fill(kind);
    assert.deepEqual(kinds('resnet18'), ['stem', ...many('stage', 4), 'pool', 'head']);
    assert.deepEqual(kinds('vgg16'), [...many('stage', 5), 'pool', 'head']);
    assert.deepEqual(kinds('inception-v3'), ['stem', ...many('inception', 11), 'pool', 'head']);
    assert.deepEqual(kinds('bert-base'), ['embedding', ...many('layer', 12), 'head']);
    assert.deepEqual(kinds('gpt2'), ['embedding', ...many('layer', 12), 'head']);
  });

  it('hold every node once, on every level', () => {
    for (const name of Object.keys(expected)) {
      const { model } = readReference(name);
      const cost = measureCost(model);
      const boxes = findBoxes(model);
      const nodes = boxes.flatMap((box) => box.nodes);
      assert.equal(new Set(nodes).size, nodes.length, name);
      const forgotten = model.graph.nodes.filter((node) => !nodes.includes(node));
      assert.ok(
        forgotten.every(({ opType }) => opType === 'Identity' || opType === 'Constant'),
        name,
      );
      assert.equal(
        boxes.reduce((sum, { macs }) => sum + macs, 0),
        cost.total.macs,
        name,
      );
      assert.equal(Math.max(...boxes.map(({ peakBytes }) => peakBytes)), cost.memory.peakBytes, name);
      for (const box of boxes) check(box, name);
    }

    function check(box: Box, name: string): void {
      if (box.children.length === 0) return;
      const inside = box.children.flatMap((child) => child.nodes);
      assert.deepEqual(new Set(inside), new Set(box.nodes), `${name}: ${box.id}`);
      assert.equal(inside.length, box.nodes.length, `${name}: ${box.id}`);
      for (const child of box.children) check(child, name);
    }
  });

  it('open down to residual blocks, branches, attention and its heads', () => {
    const find = (boxes: readonly Box[], label: string): Box => {
      const found = boxes.find((box) => box.label === label);
      assert.ok(found, `${label} of ${boxes.map((box) => box.label).join(', ')}`);
      return found;
    };
    const layer = find(findBoxes(readReference('resnet18').model), 'layer2');
    assert.deepEqual(outline(layer.children), ['residual layer2.0', 'residual layer2.1']);
    assert.deepEqual(layer.outputShape, ['N', 128, 28, 28]);
    const mixed = find(findBoxes(readReference('inception-v3').model), 'Mixed_5b');
    assert.deepEqual(
      mixed.children.map(({ label }) => label),
      ['branch 1', 'branch 2', 'branch 3', 'branch 4', 'Concat'],
    );
    const encoder = find(findBoxes(readReference('bert-base').model), 'layer.3');
    assert.deepEqual(
      encoder.children.map(({ label }) => label),
      ['attention', 'intermediate', 'output'],
    );
    assert.deepEqual([encoder.heads, encoder.parameters], [12, 7_087_872]);
    const attention = find(encoder.children, 'attention');
    assert.deepEqual([attention.kind, attention.heads], ['attention', 12]);
    const self = find(attention.children, 'self');
    for (const part of ['query', 'key', 'value'])
      assert.equal(find(self.children, part).parameters, 768 * 768 + 768);
  });
});
