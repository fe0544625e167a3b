/** Every edit leaves what the runtime computes as it was. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildModel, buildNode, float32Value, withGraph } from '../../../../src/engine/onnx/build.ts';
import { dequantizeWeights } from '../../../../src/engine/onnx/dequantize-weights.ts';
import { cutModel, withMoreOutputs } from '../../../../src/engine/onnx/edits/cut.ts';
import { foldConstants } from '../../../../src/engine/onnx/edits/fold-constants.ts';
import { foldNorms } from '../../../../src/engine/onnx/edits/fold-norms.ts';
import { inlineFunctions } from '../../../../src/engine/onnx/edits/inline-functions.ts';
import { prune } from '../../../../src/engine/onnx/edits/prune.ts';
import { renameValue, replaceNode, replaceValue } from '../../../../src/engine/onnx/edits/replace.ts';
import { namesReadBy } from '../../../../src/engine/onnx/node-reads.ts';
import { readModel } from '../../../../src/engine/onnx/reader.ts';
import { float32Tensor, int64Tensor } from '../../../../src/engine/onnx/tensor-values.ts';
import type { Model } from '../../../../src/engine/onnx/types.ts';
import { writeModel } from '../../../../src/engine/onnx/writer.ts';
import { computeOutputs, inputsFor, readFixture } from '../../../fixtures/onnx/models.ts';
import { buildResnet } from '../../../fixtures/onnx/resnet.ts';

const resnet = dequantizeWeights(buildResnet({ widths: [4, 4, 8, 8], size: 16, classes: 5 }));
const controlFlow = readModel(readFixture('control-flow'));
const functions = readModel(readFixture('functions'));
const typed = (name: string) => ({ name, dtype: 'float32' as const });

const run = (model: Model, like = model) => computeOutputs(writeModel(model), inputsFor(like));

/** The largest difference between two outputs, relative to the largest element. */
function difference(a: unknown, b: unknown): number {
  const [x, y] = [a as Float32Array, b as Float32Array];
  const scale = Math.max(...y.map(Math.abs));
  return Math.max(...x.map((value, index) => Math.abs(value - y[index]))) / scale;
}

describe('cutting', () => {
  it('at a value gives what the whole model computes there', async () => {
    const [middle] = ['layer2.0.relu1'];
    const whole = await run(withMoreOutputs(resnet, [typed(middle)]));
    const lower = cutModel(resnet, { to: [typed(middle)] });
    assert.ok(lower.graph.nodes.length < resnet.graph.nodes.length / 2);
    assert.ok(!lower.graph.initializers.has('head.weight'));
    const part = await run(lower);
    assert.deepEqual(part[middle]?.data, whole[middle]?.data);

    // and from there on: the upper part gives the answer of the whole
    const ends = ['layer1.1.relu2', 'layer2.0.relu1'];
    const seen = await run(withMoreOutputs(resnet, ends.map(typed)));
    const upper = cutModel(resnet, {
      from: ends.map((name) => ({ ...typed(name), dims: seen[name].dims })),
      to: resnet.graph.outputs,
    });
    assert.deepEqual(upper.graph.inputs.map(({ name }) => name).sort(), ends);
    const { Tensor } = await import('onnxruntime-node');
    const inputs = Object.fromEntries(
      ends.map((name) => [name, new Tensor('float32', seen[name].data as Float32Array, seen[name].dims)]),
    );
    const answer = await computeOutputs(writeModel(upper), inputs);
    assert.deepEqual(answer.logits, seen.logits);
  });

  it('keeps what subgraphs read from outside', async () => {
    const cut = cutModel(controlFlow, { to: [{ name: 'total', dtype: 'float32', dims: [3] }] });
    assert.deepEqual(
      cut.graph.nodes.map(({ name }) => name),
      ['choose', 'repeat'],
    );
    assert.ok(cut.graph.initializers.has('one'), 'the then-branch reads it');
    const whole = await run(withMoreOutputs(controlFlow, [{ name: 'total', dtype: 'float32', dims: [3] }]));
    const inputs = inputsFor(controlFlow);
    assert.deepEqual((await computeOutputs(writeModel(cut), inputs)).total, whole.total);
  });

  it('names a value that does not exist', () => {
    assert.throws(() => cutModel(resnet, { to: [typed('nowhere')] }), /no value "nowhere" to cut at/);
    assert.throws(() => withMoreOutputs(resnet, [typed('nowhere')]), /no value "nowhere" to give out/);
    const both = [typed('pool')];
    assert.throws(
      () => cutModel(resnet, { from: both, to: both }),
      /"pool" cannot be the beginning and the end/,
    );
  });
});

describe('replacing and renaming', () => {
  it('a node by others computes the same', async () => {
    const relu = resnet.graph.nodes.find(({ name }) => name === 'stem.relu')!;
    const [x] = relu.inputs;
    const others = [
      buildNode('Neg', 'a', [x], ['a']),
      buildNode('Relu', 'b', ['a'], ['b']),
      buildNode('Add', 'c', [x, 'b'], [relu.outputs[0]]),
    ];
    const changed = replaceNode(resnet, relu, others);
    assert.ok(difference((await run(changed)).logits?.data, (await run(resnet)).logits?.data) < 1e-5);
    assert.throws(() => replaceNode(changed, relu, others), /stem.relu \(Relu\) is no node of the model/);
    assert.throws(() => replaceNode(resnet, relu, others.slice(0, 2)), /Nothing would compute "stem.relu"/);
  });

  it('a value by another reaches readers inside subgraphs', async () => {
    const copied = withGraph(controlFlow, {
      nodes: [buildNode('Identity', 'copy', ['x'], ['x2']), ...controlFlow.graph.nodes],
    });
    const changed = replaceValue(copied, 'x', 'x2');
    assert.deepEqual(
      changed.graph.nodes.map((node) => namesReadBy(node).has('x')),
      [true, false, false, false],
    );
    assert.deepEqual(await run(changed), await run(controlFlow));
    assert.throws(() => replaceValue(copied, 'x', 'y'), /no value "y"/);
  });

  it('a value under a new name is the same value, also in subgraphs', async () => {
    const renamed = renameValue(renameValue(controlFlow, 'one', 'uno'), 'last', 'end');
    const [before, after] = [await run(controlFlow), await run(renamed)];
    assert.deepEqual(after, { end: before.last, trace: before.trace, steps: before.steps });
    assert.equal(renamed.graph.initializers.get('uno')?.name, 'uno');
    assert.throws(() => renameValue(controlFlow, 'one', 'sum_in'), /"sum_in" is taken/, 'inside the loop');
    assert.throws(() => renameValue(controlFlow, 'two', 'three'), /no value "two"/);
  });
});

describe('folding', () => {
  it('turns chains of Shape, Gather and Concat into stored shapes', async () => {
    const nodes = [
      buildNode('Shape', 'shape', ['x'], ['s']),
      buildNode('Gather', 'first', ['s', 'zero'], ['n'], { axis: 0 }),
      buildNode('Gather', 'last', ['s', 'two'], ['c'], { axis: 0 }),
      buildNode('Mul', 'twice', ['c', 'two'], ['c2']),
      buildNode('Unsqueeze', 'u1', ['n', 'axes'], ['n1']),
      buildNode('Unsqueeze', 'u2', ['c2', 'axes'], ['c1']),
      buildNode('Concat', 'join', ['n1', 'minus', 'c1'], ['target'], { axis: 0 }),
      buildNode('Reshape', 'reshape', ['x', 'target'], ['y']),
    ];
    const model = buildModel({
      name: 'g',
      nodes,
      initializers: [
        int64Tensor('zero', [], [0]),
        int64Tensor('two', [], [2]),
        int64Tensor('axes', [1], [0]),
        int64Tensor('minus', [1], [-1]),
      ],
      inputs: [float32Value('x', [2, 6, 4])],
      outputs: [float32Value('y', [2, 3, 8])],
    });
    const folded = foldConstants(model);
    assert.deepEqual(
      folded.graph.nodes.map(({ name }) => name),
      ['reshape'],
    );
    assert.deepEqual([...folded.graph.initializers.keys()], ['target']);
    assert.deepEqual(await run(folded), await run(model));
    const open = withGraph(model, { inputs: [float32Value('x', ['N', 6, 4])] });
    assert.ok(
      foldConstants(open).graph.nodes.some(({ name }) => name === 'join'),
      'a size that is only known at run time stays computed',
    );
    assert.deepEqual(await run(foldConstants(open)), await run(open));
  });

  it('of BatchNorm into convolutions changes rounding only', async () => {
    const folded = foldNorms(resnet);
    assert.ok(!folded.graph.nodes.some(({ opType }) => opType === 'BatchNormalization'));
    assert.ok(![...folded.graph.initializers.keys()].some((name) => name.includes('running_var')));
    assert.ok(difference((await run(folded)).logits?.data, (await run(resnet)).logits?.data) < 1e-5);
    for (const version of [7, 11, 15, 21]) {
      const old = readModel(readFixture(`opset-${version}`));
      const flat = foldNorms(old);
      assert.equal(flat.graph.nodes.length, old.graph.nodes.length - 1, `opset ${version}`);
      assert.ok(
        difference((await run(flat, old)).y?.data, (await run(old)).y?.data) < 1e-5,
        `opset ${version}`,
      );
    }
  });

  it('leaves a BatchNorm whose convolution something else reads', () => {
    const seen = withMoreOutputs(resnet, [typed('stem.conv')]);
    const norms = (model: Model) =>
      model.graph.nodes.filter(({ opType }) => opType === 'BatchNormalization').map(({ name }) => name);
    assert.deepEqual(norms(foldNorms(seen)), ['stem.bn']);
  });
});

describe('pruning', () => {
  it('drops what no output needs, and nothing else', async () => {
    const cluttered = withGraph(resnet, {
      nodes: [...resnet.graph.nodes, buildNode('Add', 'dead', ['pool', 'extra'], ['nobody'])],
      initializers: new Map(resnet.graph.initializers).set('extra', float32Tensor('extra', [1], [1])),
    });
    assert.deepEqual(prune(cluttered), resnet);
    assert.deepEqual(await run(prune(controlFlow)), await run(controlFlow));
    assert.equal(prune(controlFlow).graph.nodes.length, controlFlow.graph.nodes.length);
    const old = readModel(readFixture('opset-7'));
    const cut = cutModel(old, { to: [typed('p')] });
    assert.ok(
      !cut.graph.inputs.some(({ name }) => name === 'head'),
      'an input that only named a weight goes too',
    );
  });
});

describe('inlining local functions', () => {
  it('computes the same without any function', async () => {
    const flat = inlineFunctions(functions);
    assert.equal(flat.functions, undefined);
    assert.ok(flat.graph.nodes.every(({ domain }) => domain === ''));
    assert.equal(flat.graph.nodes.length, 2 * 4 + 2);
    assert.deepEqual(await run(flat), await run(functions));
    assert.equal(inlineFunctions(controlFlow), controlFlow, 'nothing to do');
  });

  it('refuses functions that call themselves', () => {
    const [bent, limited] = functions.functions!;
    const call = buildNode('Bent', '', ['x'], ['y']);
    const endless = {
      ...functions,
      functions: [{ ...bent, nodes: [{ ...call, domain: 'local' }] }, limited],
    };
    assert.throws(() => inlineFunctions(endless), /called more than 32 local functions deep/);
  });
});
