import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildModel, buildNode, float32Value } from '../../../../src/engine/onnx/build.ts';
import { measureCost, sumCosts } from '../../../../src/engine/onnx/cost.ts';
import { dequantizeWeights } from '../../../../src/engine/onnx/dequantize-weights.ts';
import { float32Tensor, int64Tensor } from '../../../../src/engine/onnx/tensor-values.ts';
import { buildDecoder } from '../../../fixtures/onnx/encoder.ts';
import { buildResnet, buildResnet18 } from '../../../fixtures/onnx/resnet.ts';

describe('cost of published networks', () => {
  it('ResNet-18 has 11,689,512 parameters and 1.81 GMACs', () => {
    const { total, unknown } = measureCost(buildResnet18());
    assert.equal(total.parameters, 11_689_512);
    // 118,013,952 stem + 1,695,547,392 blocks + 512,000 head, counted by hand from He et al. 2016, table 1
    assert.equal(total.macs, 1_814_073_344);
    assert.deepEqual(unknown, []);
  });
});

describe('cost of resnet-mixed', () => {
  const model = buildResnet({ classes: 20 });
  const cost = measureCost(model);
  const of = (name: string) => {
    const found = cost.nodes.find(({ node }) => node.name === name);
    assert.ok(found, name);
    return found;
  };

  it('of single nodes equals counting by hand', () => {
    // 32 filters of 3·3·3 at 32·32 places
    assert.deepEqual(
      [of('stem.conv').parameters, of('stem.conv').macs, of('stem.conv').activationBytes],
      [32 * 27, 32 * 27 * 32 * 32, 32 * 32 * 32 * 4],
    );
    assert.equal(of('layer2.0.downsample.0').macs, 64 * 32 * 8 * 8);
    assert.equal(of('layer4.1.conv2').parameters, 256 * 256 * 9);
    assert.equal(of('head').parameters, 20 * 256 + 20);
    assert.equal(of('head').macs, 20 * 256);
    assert.equal(of('layer1.0.add').macs, 0);
    assert.equal(of('pool').activationBytes, 256 * 4);
  });

  it('does not count running statistics, scales, or weights as activations', () => {
    assert.equal(of('stem.bn').parameters, 2 * 32);
    assert.deepEqual(
      of('stem.bn').parameterList.map(({ name }) => name),
      ['stem.bn.weight', 'stem.bn.bias'],
    );
    assert.equal(of('stem.conv.weight.dequantize').parameters, 0);
    assert.equal(of('stem.conv.weight.dequantize').activationBytes, 0);
  });

  it('is the same with float32 weights', () => {
    assert.deepEqual(measureCost(dequantizeWeights(model)).total, cost.total);
  });

  it('totals equal the architecture’s formula', () => {
    let parameters = 3 * 32 * 9 + 2 * 32 + 256 * 20 + 20;
    let macs = 3 * 32 * 9 * 32 * 32 + 256 * 20;
    let from = 32;
    for (const [width, size] of [
      [32, 16],
      [64, 8],
      [128, 4],
      [256, 2],
    ]) {
      const project = from === width ? 0 : from * width;
      const filters = from * width * 9 + 3 * width * width * 9 + project;
      parameters += filters + 2 * width * (project === 0 ? 4 : 5);
      macs += filters * size * size;
      from = width;
    }
    assert.deepEqual([cost.total.parameters, cost.total.macs], [parameters, macs]);
  });
});

describe('cost of other graphs', () => {
  it('counts a shared weight once in totals', () => {
    const model = buildModel({
      name: 'tied',
      nodes: [buildNode('MatMul', 'a', ['x', 'w'], ['y']), buildNode('MatMul', 'b', ['y', 'w'], ['z'])],
      initializers: [float32Tensor('w', [4, 4], new Float32Array(16))],
      inputs: [float32Value('x', ['N', 5, 4])],
      outputs: [float32Value('z', ['N', 5, 4])],
    });
    const { nodes, total } = measureCost(model);
    assert.deepEqual(
      nodes.map(({ parameters }) => parameters),
      [16, 16],
    );
    assert.deepEqual(total, { parameters: 16, macs: 2 * 5 * 4 * 4, activationBytes: 2 * 5 * 4 * 4 });
    assert.equal(sumCosts(nodes.slice(0, 1)).parameters, 16);
  });

  it('leaves shapes and scalars of formulas out, and groups into account', () => {
    const model = buildModel({
      name: 'grouped',
      nodes: [
        buildNode('Conv', 'depthwise', ['x', 'w'], ['y'], { group: 4 }),
        buildNode('Div', 'scale', ['y', 'eight'], ['z']),
        buildNode('Reshape', 'flat', ['z', 'shape'], ['f']),
      ],
      initializers: [
        float32Tensor('w', [4, 1, 3, 3], new Float32Array(36)),
        float32Tensor('eight', [], [8]),
        int64Tensor('shape', [2], [0, -1]),
      ],
      inputs: [float32Value('x', ['N', 4, 8, 8])],
      outputs: [float32Value('f', ['N', 144])],
    });
    assert.deepEqual(measureCost(model).total, {
      parameters: 36,
      macs: 36 * 36,
      activationBytes: 3 * 144 * 4,
    });
  });

  it('does not count the mask of a decoder, but the table of its places', () => {
    const { total, nodes } = measureCost(buildDecoder());
    assert.equal(nodes.find(({ node }) => node.name === 'causal_mask')?.parameters, 0);
    assert.equal(nodes.find(({ node }) => node.name === 'embeddings.position')?.parameters, 16 * 8);
    // table, places, two layers, the last norm
    assert.equal(total.parameters, 12 * 8 + 16 * 8 + 2 * 600 + 2 * 8);
  });

  it('names nodes whose shape is unknown', () => {
    const model = buildModel({
      name: 'unknown',
      nodes: [buildNode('Magic', 'm', ['x'], ['y'])],
      initializers: [],
      inputs: [float32Value('x', ['N'])],
      outputs: [],
    });
    const { unknown, total } = measureCost(model);
    assert.deepEqual(
      unknown.map(({ name }) => name),
      ['m'],
    );
    assert.equal(total.activationBytes, 0);
  });
});
