import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { before, describe, it } from 'node:test';
import { InferenceSession } from 'onnxruntime-node';
import { addOutputs } from '../../../../src/engine/onnx/add-outputs.ts';
import { buildModel, buildNode, float32Value, withGraph } from '../../../../src/engine/onnx/build.ts';
import { dequantizeWeights, storedInt8 } from '../../../../src/engine/onnx/dequantize-weights.ts';
import { foldAffine, quantizeBias } from '../../../../src/engine/onnx/fold-batch-norm.ts';
import { quantizeActivations } from '../../../../src/engine/onnx/quantize-activations.ts';
import type { ActivationRanges } from '../../../../src/engine/onnx/quantize-activations.ts';
import { readModel } from '../../../../src/engine/onnx/reader.ts';
import { inferShapes } from '../../../../src/engine/onnx/shapes.ts';
import { float32Tensor, float32Values, int8Tensor } from '../../../../src/engine/onnx/tensor-values.ts';
import type { Model } from '../../../../src/engine/onnx/types.ts';
import { writeModel } from '../../../../src/engine/onnx/writer.ts';
import { buildResnet } from '../../../fixtures/onnx/resnet.ts';
import { randomPictures, rangesOf, runModel } from '../../../fixtures/onnx/run.ts';
import type { RunResult } from '../../../fixtures/onnx/run.ts';

const stored = buildResnet({ classes: 10 });

/** Root mean square of the difference, relative to that of the expected values. */
function relativeError(actual: Float32Array, expected: Float32Array): number {
  let difference = 0;
  let size = 0;
  expected.forEach((value, index) => {
    difference += (value - actual[index]) ** 2;
    size += value ** 2;
  });
  return Math.sqrt(difference / size);
}

function computedValues(model: Model) {
  const { values } = inferShapes(model);
  const names = model.graph.nodes.flatMap((node) => node.outputs).filter((name) => name !== 'logits');
  return names.map((name) => ({ name, ...values.get(name) }));
}

describe('unpacked weights', () => {
  const plain = dequantizeWeights(stored);

  it('leave no trace of int8', () => {
    assert.ok(!plain.graph.nodes.some(({ opType }) => opType === 'DequantizeLinear'));
    assert.ok(![...plain.graph.initializers.keys()].some((name) => /\.(int8|scale)$/.test(name)));
    assert.ok(plain.graph.initializers.has('layer3.1.conv2.weight'));
    assert.equal(stored.graph.nodes.length - plain.graph.nodes.length, 21);
  });

  it('equal those that the runtime unpacks, bit for bit', async () => {
    const names = ['stem.conv.weight', 'layer4.0.downsample.0.weight', 'head.weight'];
    const types = inferShapes(stored).values;
    const results = await runModel(
      writeModel(stored),
      randomPictures(1, 1),
      names.map((name) => ({ name, ...types.get(name) })),
    );
    for (const name of names) {
      assert.deepEqual(results.get(name)?.values, float32Values(plain.graph.initializers.get(name)!), name);
    }
  });

  it('give the same answers', async () => {
    const input = randomPictures(2, 4);
    const before = (await runModel(writeModel(stored), input)).get('logits')!;
    const after = (await runModel(writeModel(plain), input)).get('logits')!;
    assert.ok(relativeError(after.values, before.values) < 1e-5);
  });

  it('honour axis, zero points and a single scale', () => {
    const q = int8Tensor('q', [2, 3], Int8Array.of(1, 2, 3, -4, -5, -6));
    const cases: [number[], number[] | undefined, number, number[]][] = [
      [[2, 10], undefined, 0, [2, 4, 6, -40, -50, -60]],
      [[1, 10, 100], [1, 0, -1], 1, [0, 20, 400, -5, -50, -500]],
      [[0.5], undefined, 1, [0.5, 1, 1.5, -2, -2.5, -3]],
    ];
    for (const [scales, zeros, axis, expected] of cases) {
      const inputs = ['q', 's', ...(zeros ? ['z'] : [])];
      const model = buildModel({
        name: 'g',
        nodes: [buildNode('DequantizeLinear', 'd', inputs, ['w'], { axis })],
        initializers: [
          q,
          float32Tensor('s', [scales.length], scales),
          ...(zeros ? [int8Tensor('z', [zeros.length], Int8Array.from(zeros))] : []),
        ],
        inputs: [],
        outputs: [float32Value('w', [2, 3])],
      });
      assert.deepEqual([...float32Values(dequantizeWeights(model).graph.initializers.get('w')!)], expected);
    }
  });

  it('refuse scales that do not fit', () => {
    const scales = float32Tensor('head.weight.scale', [3], [1, 1, 1]);
    const wrong = withGraph(stored, {
      initializers: new Map(stored.graph.initializers).set(scales.name, scales),
    });
    assert.throws(
      () => dequantizeWeights(wrong),
      /"head.weight.int8" \[10, 256\] have 3 scales .* where 10 fit along axis 0/,
    );
  });
});

describe('BatchNorm folded into int8 weights', () => {
  const node = buildNode('DequantizeLinear', 'd', ['q', 's'], ['w'], { axis: 0 });
  const { graph } = buildModel({
    name: 'g',
    nodes: [node],
    initializers: [
      int8Tensor('q', [4, 2], Int8Array.of(3, -4, 5, 127, 7, 8, -128, 2)),
      float32Tensor('s', [4], [0.5, 0.25, 1, 1]),
    ],
    inputs: [],
    outputs: [],
  });
  const packed = storedInt8(graph, node)!;
  const fold = () =>
    foldAffine(
      packed,
      { multiplier: Float64Array.of(2, -3, 1e-60, -1), offset: Float64Array.of(1, 2, 3, 4) },
      Float32Array.of(10, 10, 10, 10),
    );

  it('moves size into the scale and sign into q, exactly', () => {
    const { q, scales, bias } = fold();
    assert.deepEqual([...q.slice(0, 4)], [3, -4, -5, -127]);
    assert.deepEqual([...scales.slice(0, 2)], [1, 0.75]);
    assert.deepEqual([bias[0], bias[1]], [21, -28]);
  });

  it('keeps only the bias of a dead channel, and stays within int8', () => {
    const { q, scales, bias } = fold();
    assert.deepEqual([...q.slice(4)], [0, 0, 127, -2]);
    assert.equal(scales[2], 1);
    assert.equal(bias[2], 3);
  });

  it('coarsens the scale of a channel whose bias does not fit into int32', () => {
    const weights = {
      q: Int8Array.of(100, 100),
      scales: Float32Array.of(1e-9, 1),
      bias: Float64Array.of(4, -0.5),
    };
    const bias = quantizeBias(weights, 0.25);
    assert.ok(Math.abs(bias[0]) <= 2 ** 30 + 64);
    assert.ok(Math.abs(bias[0] * weights.scales[0] * 0.25 - 4) < 1e-6);
    assert.ok(Math.abs(weights.q[0] * weights.scales[0] - 1e-7) < weights.scales[0]);
    assert.deepEqual([bias[1], weights.q[1], weights.scales[1]], [-2, 100, 1]);
  });
});

describe('the int8 network', () => {
  const input = randomPictures(3, 8);
  let expected: ReadonlyMap<string, RunResult>;
  let ranges: ActivationRanges;
  let int8: Model;
  before(async () => {
    const plain = dequantizeWeights(stored);
    expected = await runModel(writeModel(plain), input, computedValues(plain));
    ranges = {
      ...rangesOf(expected),
      ...rangesOf(new Map([['input', { dims: [], dtype: 'float32', values: input.data as Float32Array }]])),
    };
    int8 = quantizeActivations(stored, ranges);
  });

  it('answers as the float32 one within 3 %', async () => {
    const actual = await runModel(writeModel(int8), input);
    assert.ok(relativeError(actual.get('logits')!.values, expected.get('logits')!.values) < 0.03);
  });

  it('keeps value names, with values that stay close', async () => {
    const actual = await runModel(writeModel(int8), input, computedValues(int8));
    const gone = [...expected.keys()].filter((name) => !actual.has(name));
    const convolutions = stored.graph.nodes.filter(({ opType }) => opType === 'Conv').map(({ name }) => name);
    assert.deepEqual(
      gone.sort(),
      convolutions.sort(),
      'only convolutions before their BatchNorm are folded away',
    );
    for (const [name, { values }] of expected) {
      if (actual.has(name)) assert.ok(relativeError(actual.get(name)!.values, values) < 0.04, name);
    }
  });

  it('runs on integer kernels: every convolution, sum and pool', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'thaw-int8-'));
    try {
      const optimized = path.join(folder, 'optimized.onnx');
      const session = await InferenceSession.create(writeModel(int8), {
        optimizedModelFilePath: optimized,
        logSeverityLevel: 3,
      });
      await session.release();
      const { nodes } = readModel(await readFile(optimized)).graph;
      const count = (opType: string) => nodes.filter((node) => node.opType === opType).length;
      assert.deepEqual(
        [
          'QLinearConv',
          'QLinearAdd',
          'QLinearGlobalAveragePool',
          'Conv',
          'FusedConv',
          'Add',
          'Relu',
          'GlobalAveragePool',
        ].map(count),
        [20, 8, 1, 0, 0, 0, 0, 0],
      );
      assert.deepEqual(
        [count('QuantizeLinear'), count('DequantizeLinear')],
        [1, 1],
        'in at the picture, out before the head',
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('gives MaxPool the scale of its input, and ReLU the zero point 0', () => {
    const zero = (name: string) => int8.graph.initializers.get(`${name}.zero`)?.bytes[0];
    const scale = (name: string) => float32Values(int8.graph.initializers.get(`${name}.scale`)!)[0];
    assert.equal(scale('stem.pool'), scale('stem.relu'));
    for (const name of ['stem.relu', 'layer2.1.relu1', 'layer4.1.relu2']) assert.equal(zero(name), 0, name);
    assert.ok(zero('layer1.0.bn2')! > 0);
    const { graph } = quantizeActivations(stored, { ...ranges, 'stem.relu': [-0.5, 1] });
    assert.equal(graph.initializers.get('stem.relu.zero')?.bytes[0], 0, 'whatever the range says');
  });

  it('widens a range to that of the maximum taken from it', () => {
    const wider = quantizeActivations(stored, { ...ranges, 'stem.relu': [0, 1], 'stem.pool': [0, 2] });
    const scale = float32Values(wider.graph.initializers.get('stem.relu.scale')!)[0];
    assert.equal(scale, Math.fround(2 / 255));
  });

  it('does not touch the model it was made from', () => {
    assert.deepEqual(stored, buildResnet({ classes: 10 }));
  });

  it('names a range that is missing or infinite', () => {
    const missing = Object.fromEntries(Object.entries(ranges).filter(([name]) => name !== 'layer2.0.relu1'));
    assert.throws(() => quantizeActivations(stored, missing), /no activation range for "layer2.0.relu1"/);
    assert.throws(
      () => quantizeActivations(stored, { ...ranges, input: [-1, Infinity] }),
      /range of "input" is \[-1, Infinity\]/,
    );
  });
});

describe('added outputs', () => {
  it('are the values themselves, from bytes appended to the file', async () => {
    const file = writeModel(stored);
    const values = [
      { name: 'layer1.0.relu2', dtype: 'float32' as const },
      { name: 'pool', dtype: 'float32' as const, dims: ['N', 256, 1, 1] },
    ];
    const longer = addOutputs(file, values);
    assert.deepEqual(longer.subarray(0, file.length), file);
    assert.ok(longer.length - file.length < 120);
    assert.deepEqual(
      readModel(longer).graph.outputs.map(({ name }) => name),
      ['logits', 'layer1.0.relu2', 'pool'],
    );
    const results = await runModel(file, randomPictures(1, 2), values);
    assert.deepEqual(results.get('layer1.0.relu2')?.dims, [2, 32, 16, 16]);
    assert.deepEqual(results.get('pool')?.dims, [2, 256, 1, 1]);
    assert.deepEqual(addOutputs(file, []), file);
  });
});
