import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { addOutputs } from '../../../../src/engine/onnx/add-outputs.ts';
import { findBoxes } from '../../../../src/engine/onnx/blocks-tree.ts';
import { scopePath } from '../../../../src/engine/onnx/blocks/scope-path.ts';
import { buildModel, buildNode, float32Value } from '../../../../src/engine/onnx/build.ts';
import { measureCost } from '../../../../src/engine/onnx/cost.ts';
import { evaluateDim } from '../../../../src/engine/onnx/dimensions.ts';
import { readModel } from '../../../../src/engine/onnx/reader.ts';
import { inferShapes } from '../../../../src/engine/onnx/shapes.ts';
import { buildResnet } from '../../../fixtures/onnx/resnet.ts';

const shared = process.env.THAW_SHARED ?? '../shared';
const mobilenet = join(shared, 'data', 'reference', 'mobilenetv2-12-int8.onnx');
const skip = existsSync(mobilenet) ? false : `skipped: no ${mobilenet}`;

describe('boxes of resnet-mixed', () => {
  it('are stem, four stages of two residual blocks, pool and head', () => {
    const boxes = findBoxes(buildResnet({ classes: 20 }));
    assert.deepEqual(
      boxes.map(({ kind, label }) => `${kind}:${label}`),
      ['stem:stem', 'stage:layer1', 'stage:layer2', 'stage:layer3', 'stage:layer4', 'pool:pool', 'head:head'],
    );
    assert.deepEqual(
      boxes[2].children.map(({ kind, label }) => `${kind}:${label}`),
      ['residual:layer2.0', 'residual:layer2.1'],
    );
    assert.deepEqual(
      boxes.map(({ inputNames }) => inputNames),
      [['input'], ...boxes.slice(0, -1).map(({ outputNames }) => outputNames)],
    );
    assert.deepEqual(
      boxes.map(({ outputShape }) => outputShape?.join('×')),
      [...['N×32×16×16', 'N×32×16×16', 'N×64×8×8', 'N×128×4×4', 'N×256×2×2', 'N×256', 'N×20']],
    );
  });
});

describe('the int8 MobileNetV2 of the ONNX model zoo', { skip }, () => {
  const file = existsSync(mobilenet) ? new Uint8Array(readFileSync(mobilenet)) : new Uint8Array();

  it('has the shapes that ONNX Runtime computes', async () => {
    const model = readModel(file);
    const shapes = inferShapes(model);
    assert.deepEqual([shapes.problems, shapes.unknownOperators], [[], []]);
    const outputs = new Set(model.graph.outputs.map(({ name }) => name));
    const names = model.graph.nodes.flatMap((node) => node.outputs).filter((name) => !outputs.has(name));
    const extra = names.map((name) => ({ name, ...shapes.values.get(name) }));
    const session = await InferenceSession.create(addOutputs(file, extra), {
      intraOpNumThreads: 1,
      logSeverityLevel: 3,
      graphOptimizationLevel: 'disabled',
    });
    const input = new Tensor('float32', new Float32Array(2 * 3 * 224 * 224), [2, 3, 224, 224]);
    const results = await session.run({ [session.inputNames[0]]: input });
    assert.equal(Object.keys(results).length, names.length + outputs.size);
    for (const [name, { dims, type }] of Object.entries(results)) {
      const inferred = shapes.values.get(name);
      assert.deepEqual(
        inferred?.dims?.map((dim) => evaluateDim(dim, () => 2)),
        dims,
        name,
      );
      assert.equal(inferred?.dtype, type, name);
    }
    await session.release();
  });

  it('has 3,487,816 parameters behind folded normalisation, 0.30 GMACs and boxes from its structure', () => {
    const model = readModel(file);
    const { total, unknown } = measureCost(model);
    assert.deepEqual([total.parameters, Math.round(total.macs / 1e7), unknown], [3_487_816, 30, []]);
    const kinds = findBoxes(model).map(({ kind }) => kind);
    assert.deepEqual(kinds, ['stem', 'stage', 'stage', 'stage', 'stage', 'pool', 'head']);
  });
});

describe('the module path of a node', () => {
  const path = (name: string, metadata: Record<string, string> = {}, weights: string[] = []): string =>
    scopePath(
      { ...buildNode('Conv', name, [], []), metadata: new Map(Object.entries(metadata)) },
      weights,
    )?.join(' ') ?? 'unknown';

  it('is read from every exporter’s names', () => {
    assert.equal(path('/layer1/layer1.0/conv1/Conv'), 'layer1 0 conv1');
    assert.equal(path('/features/features.18/features.18.2/Clip'), 'features 18 2');
    assert.equal(
      path('/model/encoder/layer.1/attention/self/MatMul'),
      'model encoder layer 1 attention self',
    );
    assert.equal(path('layer1.0.conv1'), 'layer1 0 conv1');
    assert.equal(path('StatefulPartitionedCall/resnet50/conv1/Conv2D'), 'resnet50 conv1');
    assert.equal(path('/Flatten'), '');
    assert.equal(
      path('node_conv', {
        'pkg.torch.onnx.name_scopes': "['', 'layer1', 'layer1.0', 'layer1.0.conv1', 'conv2d']",
      }),
      'layer1 0 conv1',
    );
    assert.equal(path('Conv_12', {}, ['layer1.0.conv1.weight']), 'layer1 0 conv1');
    assert.equal(path('Conv_12', {}, ['onnx::Conv_193']), 'unknown');
  });
});

describe('boxes of odd graphs', () => {
  it('of a graph without nodes are none, of one operator that operator', () => {
    const empty = { name: 'g', initializers: [], inputs: [float32Value('x', ['N'])], outputs: [] };
    assert.deepEqual(findBoxes(buildModel({ ...empty, nodes: [] })), []);
    const [box, ...others] = findBoxes(
      buildModel({ ...empty, nodes: [buildNode('Relu', '', ['x'], ['y'])] }),
    );
    assert.deepEqual([box.kind, box.label, others.length], ['operator', 'Relu', 0]);
  });

  it('of 5,000 nodes in a row are at most sixteen, in time that grows with their number', () => {
    const nodes = Array.from({ length: 5000 }, (_, at) =>
      buildNode('Relu', '', [at === 0 ? 'x' : `v${at - 1}`], [`v${at}`]),
    );
    const model = buildModel({
      name: 'long',
      nodes,
      initializers: [],
      inputs: [float32Value('x', [1, 4])],
      outputs: [float32Value('v4999', [1, 4])],
    });
    const start = process.cpuUsage().user;
    const boxes = findBoxes(model);
    assert.ok(boxes.length <= 16);
    // a quarter of a second of work; a quadratic step would need minutes
    assert.ok(process.cpuUsage().user - start < 3e6);
  });
});
