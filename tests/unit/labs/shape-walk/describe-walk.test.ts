/** Walks through real networks: every formula, worked out by JavaScript itself, gives the shape that the runtime computed. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { runInNewContext } from 'node:vm';
import { evaluateDim } from '../../../../src/engine/onnx/dimensions.ts';
import { readModel } from '../../../../src/engine/onnx/reader.ts';
import { inferShapes } from '../../../../src/engine/onnx/shapes.ts';
import { describeWalk } from '../../../../src/labs/shape-walk/describe-walk.ts';
import { ruleNames, type ShapeWalk, type WalkStep } from '../../../../src/labs/shape-walk/shape-walk.ts';
import { readReference, referenceNames } from '../../../fixtures/onnx/references.ts';

/** The value of a formula by JavaScript's own arithmetic: our evaluator is not asked. */
function work(numbers: string, sizes: ReadonlyMap<string, number>): number {
  const { floor, ceil, max, min } = Math;
  return runInNewContext(numbers, { floor, ceil, max, min, ...Object.fromEntries(sizes) }) as number;
}

/** Every axis of the first output has one formula. */
function assertCovered({ id, axes, outputs }: WalkStep): void {
  const rank = outputs[0]?.shape?.length ?? 0;
  const places = axes.flatMap((line) => line.axes);
  assert.deepEqual(
    places,
    Array.from({ length: rank }, (_, axis) => axis),
    id,
  );
}

const bundled = readdirSync('public/models').flatMap((folder) =>
  readdirSync(`public/models/${folder}`)
    .filter((name) => name.endsWith('.onnx'))
    .map((name) => `public/models/${folder}/${name}`),
);

describe('every step of a known network, worked out, is what ONNX Runtime computed', () => {
  for (const name of referenceNames) {
    it(name, () => {
      const { model, sizes, values } = readReference(name);
      const walk = describeWalk(model, { id: name, title: name });
      assert.ok(walk.steps.length > 20, `${walk.steps.length} steps`);
      for (const step of walk.steps) {
        assert.notEqual(step.rule, 'runtime', `${step.id} (${step.op}) has no words`);
        assertCovered(step);
        const [, actual] = values.get(step.outputs[0].name) ?? [];
        assert.ok(actual, step.id);
        for (const { axes, numbers } of step.axes)
          for (const axis of axes) assert.equal(work(numbers, sizes), actual[axis], `${step.id}: ${numbers}`);
      }
    });
  }
});

describe('every step of a bundled network, worked out, is the inferred shape', () => {
  it('of one network at least', () => assert.ok(bundled.length > 0));
  for (const path of bundled) {
    it(path, () => {
      const model = readModel(readFileSync(path));
      const shapes = inferShapes(model);
      const walk = describeWalk(model, { id: path, title: path });
      const sizeOf = (name: string): number => 2 + name.length;
      for (const step of walk.steps) {
        assert.notEqual(step.rule, 'runtime', `${step.id} (${step.op}) has no words`);
        assertCovered(step);
        const dims = shapes.values.get(step.outputs[0].name)?.dims ?? [];
        const names = new Set(step.axes.flatMap(({ numbers }) => numbers.match(/[A-Za-z_]\w*/g) ?? []));
        const sizes = new Map([...names].map((name) => [name, sizeOf(name)]));
        for (const word of ['floor', 'ceil', 'max', 'min']) sizes.delete(word);
        for (const { axes, numbers, size } of step.axes)
          for (const axis of axes) {
            assert.equal(size, dims[axis]);
            assert.equal(work(numbers, sizes), evaluateDim(size, sizeOf), `${step.id}: ${numbers}`);
          }
      }
    });
  }
});

describe('a walk', () => {
  const resnet = describeWalk(readModel(readFileSync('public/models/resnet-mixed/model.onnx')), {
    id: 'resnet-mixed',
    title: 'ResNet',
  });
  const find = ({ steps }: ShapeWalk, id: string): WalkStep => {
    const step = steps.find((one) => one.id === id);
    assert.ok(step, id);
    return step;
  };

  it('fills in the numbers of a convolution', () => {
    const { axes, macs, parameters } = find(resnet, 'layer2.0.conv1');
    assert.deepEqual(
      axes.map(({ symbols, numbers, size }) => [symbols, numbers, size]),
      [
        ['n', 'N', 'N'],
        ['F', '64', 64],
        ['floor((n + 2*p - k)/s) + 1', 'floor((16 + 2*1 - 3)/2) + 1', 8],
      ],
    );
    assert.deepEqual([parameters, macs], [64 * 32 * 9, 64 * 32 * 9 * 64]);
  });

  it('shows both tensors of a sum, and which steps they come from', () => {
    const { inputs } = find(resnet, 'layer2.0.add');
    assert.deepEqual(
      inputs.map(({ from = -2 }) => resnet.steps[from]?.id),
      ['layer2.0.bn2', 'layer2.0.downsample.1'],
    );
  });

  it('goes from the input to the output, group after group, and leaves out what prepares weights', () => {
    const ops = new Set(resnet.steps.map(({ op }) => op));
    assert.ok(!ops.has('DequantizeLinear'));
    assert.deepEqual(resnet.steps[0].inputs[0].from, -1);
    assert.equal(resnet.steps.at(-1)?.outputs[0].name, resnet.outputs[0].name);
    assert.deepEqual(
      resnet.groups.map(({ label }) => label),
      ['stem', 'layer1', 'layer2', 'layer3', 'layer4', 'pool', 'head'],
    );
    for (const [at, step] of resnet.steps.entries())
      for (const { from } of step.inputs) assert.ok(from === undefined || from < at);
  });

  it('of a text takes its length as a number and keeps the batch', () => {
    const { model } = readReference('bert-base');
    const walk = describeWalk(model, { id: 'bert', title: 'BERT', length: 12 });
    const scores = walk.steps.find(({ op }) => op === 'Softmax');
    assert.deepEqual(scores?.outputs[0].shape, ['batch', 12, 12, 12]);
    assert.ok(walk.steps.every(({ rule }) => rule !== 'runtime'));
  });

  it('says of an operator without words that the runtime knows', () => {
    const walk = describeWalk(readModel(readFileSync('tests/fixtures/onnx/models/control-flow.onnx')), {
      id: 'flow',
      title: 'flow',
    });
    const unworded = walk.steps.filter(({ rule }) => rule === 'runtime');
    assert.ok(unworded.some(({ op }) => op === 'If' || op === 'Loop'));
    assert.deepEqual(
      unworded.flatMap(({ axes }) => axes),
      [],
    );
  });

  it('counts what the manifest counts, int8 weights among them', () => {
    const manifest = JSON.parse(readFileSync('public/models/resnet-mixed/manifest.json', 'utf8')) as {
      parameters: number;
      macs: number;
    };
    assert.deepEqual([resnet.parameters, resnet.macs], [manifest.parameters, manifest.macs]);
    const sum = (list: readonly number[]): number => list.reduce((total, one) => total + one, 0);
    assert.equal(sum(resnet.steps.map(({ parameters }) => parameters)), manifest.parameters);
    const bert = describeWalk(readReference('bert-base').model, { id: 'bert', title: 'BERT' });
    assert.equal(sum(bert.steps.map(({ parameters }) => parameters)), 109_482_240);
  });

  it('uses rules that have words', () => {
    for (const { rule } of resnet.steps) assert.ok(ruleNames.includes(rule));
  });
});
