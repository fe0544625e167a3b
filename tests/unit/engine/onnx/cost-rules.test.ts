/** Memory and multiply-accumulates, counted by hand. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildModel, buildNode, float32Value } from '../../../../src/engine/onnx/build.ts';
import type { AttributeInput } from '../../../../src/engine/onnx/build.ts';
import { measureCost, peakBytesOf } from '../../../../src/engine/onnx/cost.ts';
import { float32Tensor, int64Tensor, int8Tensor } from '../../../../src/engine/onnx/tensor-values.ts';
import type { Dim, Model, Node, Tensor } from '../../../../src/engine/onnx/types.ts';

const weight = (name: string, ...dims: number[]): Tensor =>
  float32Tensor(name, dims, new Float32Array(dims.reduce((a, b) => a * b, 1)));
const modelOf = (nodes: Node[], x: Dim[], initializers: Tensor[], outputs: string[]): Model =>
  buildModel({
    name: 'g',
    nodes,
    initializers,
    inputs: [float32Value('x', x)],
    outputs: outputs.map((name) => ({ name })),
    opset: 23,
  });

describe('memory in the order of the nodes', () => {
  const nodes = [
    buildNode('Relu', 'a', ['x'], ['a']),
    buildNode('Concat', 'b', ['a', 'a', 'a'], ['b'], { axis: 1 }),
    buildNode('ReduceSum', 'c', ['b', 'axes'], ['c']),
    buildNode('Add', 'd', ['c', 'a'], ['d']),
    buildNode('Reshape', 'e', ['d', 'shape'], ['e']),
    buildNode('Neg', 'f', ['e'], ['f']),
  ];
  const stored = [int64Tensor('axes', [1], [1]), int64Tensor('shape', [1], [-1])];
  const cost = measureCost(modelOf(nodes, [1, 10], stored, ['f']));

  it('holds a value from the node that makes it to the last that reads it', () => {
    // x 40, a 40, b 120, c 4, d 40, e is d under another shape, f 40
    assert.deepEqual(
      cost.nodes.map(({ liveBytes }) => liveBytes),
      [40 + 40, 40 + 120, 40 + 120 + 4, 40 + 4 + 40, 40, 40 + 40],
    );
    assert.equal(cost.memory.peakBytes, 164);
    assert.equal(cost.memory.peakNode, nodes[2]);
    assert.equal(peakBytesOf(cost.nodes.slice(4)), 80);
  });

  it('states stored bytes beside it', () => assert.equal(cost.storedBytes, 16));

  it('keeps outputs to the end', () => {
    const kept = measureCost(modelOf(nodes, [1, 10], stored, ['f', 'b']));
    assert.deepEqual(kept.nodes.map(({ liveBytes }) => liveBytes).slice(3), [204, 160, 200]);
  });
});

describe('multiply-accumulates', () => {
  const macs = (
    op: string,
    x: Dim[],
    others: (readonly number[] | '')[],
    attributes: Record<string, AttributeInput> = {},
    domain = '',
  ): number => {
    const names = others.map((dims, at) => (dims === '' ? '' : `w${at}`));
    const stored = others.flatMap((dims, at) => (dims === '' ? [] : [weight(`w${at}`, ...dims)]));
    const { total, unknown } = measureCost({
      ...modelOf([{ ...buildNode(op, 'n', ['x', ...names], ['y'], attributes), domain }], x, stored, ['y']),
      opsets: new Map([
        ['', 23],
        ['com.microsoft', 1],
      ]),
    });
    assert.deepEqual(unknown, []);
    return total.macs;
  };

  it('of transposed convolutions: every input element meets every weight of its channel', () => {
    assert.equal(macs('ConvTranspose', ['N', 3, 5, 5], [[3, 2, 4, 4]], { strides: [2, 2] }), 3 * 25 * 2 * 16);
  });
  it('of attention: scores and their sum over the values', () => {
    const parts = [
      [1, 2, 7, 8],
      [1, 2, 7, 3],
    ];
    assert.equal(macs('Attention', [1, 2, 5, 8], parts), 2 * 5 * 7 * 8 + 2 * 5 * 7 * 3);
  });
  it('of attention that holds its projections', () => {
    const expected = 5 * 8 * 24 + 2 * 5 * 5 * 8;
    assert.equal(
      macs('Attention', ['N', 5, 8], [[8, 24], [24]], { num_heads: 2 }, 'com.microsoft'),
      expected,
    );
  });
  it('of an LSTM: four gates read the input and the state', () => {
    const both = { hidden_size: 5, direction: 'bidirectional' };
    assert.equal(
      macs(
        'LSTM',
        [7, 2, 3],
        [
          [2, 20, 3],
          [2, 20, 5],
        ],
        both,
      ),
      7 * 2 * 2 * 4 * 5 * (3 + 5),
    );
  });
  it('of einsum: one for every combination of letters', () => {
    assert.equal(macs('Einsum', [2, 3, 4], [[2, 4, 5]], { equation: 'bij,bjk->bik' }), 2 * 3 * 4 * 5);
  });
  it('of products with a transposed left side', () => {
    assert.equal(macs('FusedMatMul', [6, 3], [[6, 4]], { transA: 1 }, 'com.microsoft'), 3 * 6 * 4);
  });
});

describe('parameters', () => {
  it('of int8 operators are their weights and biases, not scales and zero points', () => {
    const inputs = ['x', 'xs', 'xz', 'w', 'ws', 'wz', 'ys', 'yz', 'b'];
    const stored = [
      int8Tensor('w', [4, 3, 1, 1], new Int8Array(12)),
      int8Tensor('wz', [4], new Int8Array(4)),
      int8Tensor('xz', [], new Int8Array(1)),
      int8Tensor('yz', [], new Int8Array(1)),
      weight('xs'),
      weight('ys'),
      weight('ws', 4),
      { name: 'b', dtype: 'int32' as const, dims: [4], bytes: new Uint8Array(16) },
    ];
    const { total } = measureCost(
      modelOf([buildNode('QLinearConv', 'n', inputs, ['y'])], [1, 3, 2, 2], stored, ['y']),
    );
    assert.deepEqual([total.parameters, total.macs], [16, 12 * 4]);
  });

  it('behind Identity nodes count once, and a number of a formula not at all', () => {
    const nodes = [
      buildNode('Identity', 'i', ['w'], ['copy']),
      buildNode('Mul', 'a', ['x', 'w'], ['a']),
      buildNode('Mul', 'b', ['a', 'copy'], ['b']),
      buildNode('Div', 'c', ['b', 'eight'], ['c']),
    ];
    const { total } = measureCost(modelOf(nodes, [1, 4], [weight('w', 4), weight('eight', 1)], ['c']));
    assert.equal(total.parameters, 4);
  });
});
