import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildModel, buildNode } from '../../../../src/engine/onnx/build.ts';
import type { AttributeInput } from '../../../../src/engine/onnx/build.ts';
import { dequantizeWeights } from '../../../../src/engine/onnx/dequantize-weights.ts';
import { quantizeActivations } from '../../../../src/engine/onnx/quantize-activations.ts';
import { inferShapes } from '../../../../src/engine/onnx/shapes.ts';
import { float32Tensor, int64Tensor } from '../../../../src/engine/onnx/tensor-values.ts';
import type { DataType, Dim, Model, Tensor } from '../../../../src/engine/onnx/types.ts';
import { writeModel } from '../../../../src/engine/onnx/writer.ts';
import { buildResnet } from '../../../fixtures/onnx/resnet.ts';
import { randomPictures, runModel } from '../../../fixtures/onnx/run.ts';

type Shape = readonly Dim[];

interface Case {
  readonly op: string;
  /** Shapes of float32 inputs; a tensor is a stored constant. */
  readonly inputs: readonly (Shape | Tensor)[];
  readonly attributes?: Record<string, AttributeInput>;
  readonly expected: Shape | undefined;
  readonly dtype?: DataType;
  readonly domain?: string;
}

/** A graph of one node whose inputs have the given shapes. */
function modelOf({ op, inputs, attributes, domain = '' }: Case): Model {
  const names = inputs.map((_, index) => `x${index}`);
  return buildModel({
    name: 'one',
    nodes: [{ ...buildNode(op, 'node', names, ['y'], attributes), domain }],
    initializers: inputs.flatMap((input, index) =>
      'dims' in input ? [{ ...input, name: names[index] }] : [],
    ),
    inputs: inputs.flatMap((input, index) =>
      'dims' in input ? [] : [{ name: names[index], dtype: 'float32' as const, dims: input }],
    ),
    outputs: [{ name: 'y' }],
  });
}

const shape = (...values: number[]) => int64Tensor('shape', [values.length], values);
const weights = (...dims: number[]) =>
  float32Tensor('w', dims, new Float32Array(dims.reduce((a, b) => a * b, 1)));

const rules: Case[] = [
  { op: 'Conv', inputs: [['N', 3, 64, 48], weights(8, 3, 3, 3)], expected: ['N', 8, 62, 46] },
  {
    op: 'Conv',
    inputs: [['N', 4, 64, 64], weights(8, 2, 3, 3)],
    attributes: { group: 2, strides: [2, 2], pads: [1, 1, 1, 1] },
    expected: ['N', 8, 32, 32],
  },
  {
    op: 'Conv',
    inputs: [['N', 1, 10], weights(2, 1, 3)],
    attributes: { dilations: [3] },
    expected: ['N', 2, 4],
  },
  {
    op: 'Conv',
    inputs: [['N', 1, 7, 7], weights(2, 1, 3, 3)],
    attributes: { auto_pad: 'SAME_UPPER', strides: [2, 2] },
    expected: ['N', 2, 4, 4],
  },
  { op: 'Conv', inputs: [['N', 1, 'H', 7], weights(2, 1, 3, 3)], expected: ['N', 2, 'H - 2', 5] },
  {
    op: 'MaxPool',
    inputs: [['N', 4, 7, 7]],
    attributes: { kernel_shape: [2, 2], strides: [2, 2], ceil_mode: 1 },
    expected: ['N', 4, 4, 4],
  },
  {
    op: 'MaxPool',
    inputs: [['N', 4, 2, 2]],
    attributes: { kernel_shape: [1, 1], strides: [2, 2], pads: [0, 0, 1, 1], ceil_mode: 1 },
    expected: ['N', 4, 1, 1],
  },
  {
    op: 'AveragePool',
    inputs: [['N', 4, 7, 7]],
    attributes: { kernel_shape: [3, 2] },
    expected: ['N', 4, 5, 6],
  },
  { op: 'GlobalAveragePool', inputs: [['N', 4, 7, 'W']], expected: ['N', 4, 1, 1] },
  { op: 'Flatten', inputs: [['N', 4, 7, 7]], expected: ['N', 196] },
  { op: 'Flatten', inputs: [['N', 4, 7, 7]], attributes: { axis: -3 }, expected: ['N', 196] },
  { op: 'Flatten', inputs: [['N', 4]], attributes: { axis: 0 }, expected: [1, '4*N'] },
  { op: 'Reshape', inputs: [['N', 4, 7, 7], shape(-1, 196)], expected: ['N', 196] },
  { op: 'Reshape', inputs: [['N', 4, 7, 7], shape(0, 2, -1)], expected: ['N', 2, 98] },
  { op: 'Reshape', inputs: [['N', 4], ['M']], expected: undefined },
  { op: 'Gemm', inputs: [['N', 8], weights(3, 8)], attributes: { transB: 1 }, expected: ['N', 3] },
  { op: 'Gemm', inputs: [[8, 'N'], weights(8, 3)], attributes: { transA: 1 }, expected: ['N', 3] },
  {
    op: 'MatMul',
    inputs: [
      ['N', 12, 5, 8],
      [8, 3],
    ],
    expected: ['N', 12, 5, 3],
  },
  { op: 'MatMul', inputs: [[8], ['N', 8, 3]], expected: ['N', 3] },
  { op: 'MatMul', inputs: [[2, 8], [8]], expected: [2] },
  {
    op: 'Add',
    inputs: [
      ['N', 8, 4, 4],
      [8, 1, 1],
    ],
    expected: ['N', 8, 4, 4],
  },
  { op: 'Softmax', inputs: [['N', 8]], expected: ['N', 8] },
  { op: 'Clip', inputs: [['N', 8]], expected: ['N', 8] },
  {
    op: 'Concat',
    inputs: [
      ['N', 8],
      ['N', 3],
    ],
    attributes: { axis: -1 },
    expected: ['N', 11],
  },
  { op: 'Transpose', inputs: [['N', 3, 5, 7]], attributes: { perm: [0, 2, 3, 1] }, expected: ['N', 5, 7, 3] },
  { op: 'Transpose', inputs: [['N', 3]], expected: [3, 'N'] },
  { op: 'Cast', inputs: [['N', 3]], attributes: { to: 7 }, expected: ['N', 3], dtype: 'int64' },
  { op: 'QuantizeLinear', inputs: [['N', 3], []], expected: ['N', 3], dtype: 'uint8' },
  {
    op: 'Constant',
    inputs: [],
    attributes: { value: { type: 'tensor', value: shape(1, 2, 3) } },
    expected: [3],
    dtype: 'int64',
  },
  {
    op: 'Constant',
    inputs: [],
    attributes: { value_floats: { type: 'floats', value: [1, 2] } },
    expected: [2],
  },
  { op: 'Constant', inputs: [], attributes: { value_int: 4 }, expected: [], dtype: 'int64' },
];

describe('shape rules', () => {
  for (const rule of rules) {
    const from = rule.inputs
      .map((input) => `[${('dims' in input ? input.dims : input).join(', ')}]`)
      .join(' ');
    it(`${rule.op} ${from} → [${rule.expected?.join(', ') ?? 'unknown'}]`, () => {
      const shapes = inferShapes(modelOf(rule));
      assert.deepEqual(shapes.problems, []);
      assert.deepEqual(shapes.values.get('y')?.dims, rule.expected);
      assert.equal(shapes.values.get('y')?.dtype, rule.dtype ?? 'float32');
    });
  }

  const contradictions: [Case, RegExp][] = [
    [
      { op: 'Conv', inputs: [['N', 4, 8, 8], weights(2, 3, 3, 3)], expected: [] },
      /node \(Conv\) has input channels that differ: 4 and 3/,
    ],
    [
      { op: 'Conv', inputs: [['N', 3, 2, 2], weights(2, 3, 3, 3)], expected: [] },
      /window of 3 that does not fit its padded input of 2/,
    ],
    [{ op: 'Conv', inputs: [['N', 3, 8, 8]], expected: [] }, /has 1 inputs where at least 2 belong/],
    [
      {
        op: 'Conv',
        inputs: [['N', 3, 8, 8], weights(2, 3, 3, 3)],
        attributes: { strides: [0, 1] },
        expected: [],
      },
      /has 0 in strides, where at least 1 makes sense/,
    ],
    [
      {
        op: 'Conv',
        inputs: [['N', 3, 8, 8], weights(2, 3, 3, 3)],
        attributes: { pads: [1, 1] },
        expected: [],
      },
      /pads of length 2 where 4 fits/,
    ],
    [
      {
        op: 'Add',
        inputs: [
          [2, 3],
          [2, 4],
        ],
        expected: [],
      },
      /cannot combine \[2, 3\] with \[2, 4\]/,
    ],
    [{ op: 'Gemm', inputs: [['N', 8], weights(9, 3)], expected: [] }, /inner sizes that differ: 8 and 9/],
    [{ op: 'Reshape', inputs: [[4, 4], shape(5, -1)], expected: [] }, /cannot reshape \[4, 4\] to \[5, -1\]/],
    [
      { op: 'Flatten', inputs: [[4, 4]], attributes: { axis: 5 }, expected: [] },
      /along axis 5, but its input has 2 axes/,
    ],
    [
      { op: 'Flatten', inputs: [[4, 4]], attributes: { axis: 'one' }, expected: [] },
      /"axis" that is not an integer/,
    ],
    [
      { op: 'Transpose', inputs: [[4, 4]], attributes: { perm: [0, 0] }, expected: [] },
      /cannot reorder \[4, 4\] by \[0, 0\]/,
    ],
  ];
  for (const [rule, sentence] of contradictions) {
    it(`says: ${sentence.source}`, () => {
      const shapes = inferShapes(modelOf(rule));
      assert.equal(shapes.problems.length, 1);
      assert.match(shapes.problems[0], sentence);
      assert.equal(shapes.values.get('y')?.dims, undefined);
    });
  }

  it('names an unknown operator and goes on behind it', () => {
    const model = buildModel({
      name: 'g',
      nodes: [
        { ...buildNode('Magic', 'm', ['x'], ['a']), domain: 'my.domain' },
        buildNode('Conv', 'c', ['a', 'w'], ['b']),
        buildNode('Relu', 'r', ['x'], ['c']),
      ],
      initializers: [weights(8, 3, 3, 3)],
      inputs: [{ name: 'x', dtype: 'float32', dims: ['N', 3, 8, 8] }],
      outputs: [],
    });
    const shapes = inferShapes(model);
    assert.deepEqual(shapes.unknownOperators, ['my.domain.Magic']);
    assert.deepEqual(shapes.problems, []);
    assert.equal(shapes.values.get('b')?.dims, undefined);
    assert.deepEqual(shapes.values.get('c')?.dims, ['N', 3, 8, 8]);
    const noted = {
      ...model,
      graph: { ...model.graph, valueInfos: [{ name: 'a', dtype: 'float32' as const, dims: ['N', 3, 5, 5] }] },
    };
    assert.deepEqual(
      inferShapes(noted).values.get('b')?.dims,
      ['N', 8, 3, 3],
      'the exporter’s note fills the gap',
    );
  });
});

describe('inferred shapes equal those of computed tensors', () => {
  const stored = buildResnet({ widths: [8, 16, 16, 32], classes: 7 });
  const ranges = Object.fromEntries(
    [...inferShapes(stored).values.keys()].map((name) => [name, [-3, 3]] as [string, [number, number]]),
  );
  const models: [string, Model][] = [
    ['as stored', stored],
    ['float32', dequantizeWeights(stored)],
    ['QDQ int8', quantizeActivations(stored, ranges)],
  ];
  for (const [name, model] of models) {
    it(name, async () => {
      const batch = 3;
      const { values, problems, unknownOperators } = inferShapes(model);
      assert.deepEqual([problems, unknownOperators], [[], []]);
      const computed = model.graph.nodes
        .flatMap((node) => node.outputs)
        .filter((value) => value !== 'logits');
      const results = await runModel(
        writeModel(model),
        randomPictures(3, batch),
        computed.map((value) => ({ name: value, ...values.get(value) })),
      );
      assert.equal(results.size, computed.length + 1);
      for (const [value, { dims, dtype }] of results) {
        const inferred = values.get(value) ?? {};
        assert.deepEqual(
          inferred.dims?.map((dim) => (dim === 'N' ? batch : dim)),
          dims,
          value,
        );
        assert.equal(inferred.dtype, dtype, value);
      }
    });
  }
});
