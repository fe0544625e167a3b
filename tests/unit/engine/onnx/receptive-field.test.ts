import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Tensor } from 'onnxruntime-node';
import { buildModel, buildNode, float32Value } from '../../../../src/engine/onnx/build.ts';
import { dequantizeWeights } from '../../../../src/engine/onnx/dequantize-weights.ts';
import { receptiveFields } from '../../../../src/engine/onnx/receptive-field.ts';
import { inferShapes } from '../../../../src/engine/onnx/shapes.ts';
import { float32Tensor } from '../../../../src/engine/onnx/tensor-values.ts';
import { writeModel } from '../../../../src/engine/onnx/writer.ts';
import { normal, seededRandom } from '../../../fixtures/onnx/random.ts';
import { readReference } from '../../../fixtures/onnx/references.ts';
import { buildResnet } from '../../../fixtures/onnx/resnet.ts';
import { runModel } from '../../../fixtures/onnx/run.ts';

describe('receptive fields of resnet-mixed', () => {
  const model = dequantizeWeights(buildResnet({ widths: [8, 8, 8, 8] }));
  const fields = receptiveFields(model.graph, inferShapes(model));

  it('follow 1 + Σ (k − 1) · (product of the strides before)', () => {
    // kernel and stride of the layers on the longest path, with the value that each ends
    const layers: [string, number, number][] = [
      ['stem.conv', 3, 2],
      ['stem.pool', 3, 2],
    ];
    for (let stage = 1; stage <= 4; stage++) {
      for (const block of [0, 1]) {
        layers.push(
          [`layer${stage}.${block}.conv1`, 3, stage > 1 && block === 0 ? 2 : 1],
          [`layer${stage}.${block}.relu2`, 3, 1],
        );
      }
    }
    let size = 1;
    let stride = 1;
    for (const [value, kernel, step] of layers) {
      size += (kernel - 1) * stride;
      stride *= step;
      const field = fields.get(value);
      assert.deepEqual(
        field?.map((axis) => [axis.size, axis.stride]),
        [
          [size, stride],
          [size, stride],
        ],
        value,
      );
    }
    assert.equal(size, 431);
  });

  it('cover the whole last map after pooling', () => {
    assert.equal(fields.get('pool')?.[0].size, 431 + 32);
    assert.deepEqual(fields.get('logits'), fields.get('pool'));
  });

  it('are the rows of the picture whose change a value notices', async () => {
    const size = 64;
    const values = [
      'stem.conv',
      'stem.pool',
      'layer1.0.add',
      'layer1.1.add',
      'layer2.0.downsample.0',
      'layer2.0.add',
    ];
    const types = inferShapes(model).values;
    const random = seededRandom(4);
    // picture 0 is the base; picture 1 + row has that row replaced; amplitudes vary so that a ReLU or maximum rarely hides a change
    const noticed = new Map<string, Set<number>>(values.map((value) => [value, new Set<number>()]));
    for (let trial = 0; trial < 2; trial++) {
      const base = Float32Array.from({ length: 3 * size * size }, () => normal(random));
      const pictures = new Float32Array((size + 1) * base.length);
      for (let picture = 0; picture <= size; picture++) {
        pictures.set(base, picture * base.length);
        for (let channel = 0; channel < 3 && picture > 0; channel++) {
          const start = picture * base.length + channel * size * size + (picture - 1) * size;
          for (let x = 0; x < size; x++) pictures[start + x] = normal(random) * 20;
        }
      }
      const input = new Tensor('float32', pictures, [size + 1, 3, size, size]);
      const results = await runModel(
        writeModel(model),
        input,
        values.map((name) => ({ name, ...types.get(name) })),
      );
      for (const value of values) {
        const { dims, values: computed } = results.get(value)!;
        const [, channels, height, width] = dims;
        const middle = Math.floor(height / 2);
        for (let row = 0; row < size; row++) {
          for (let channel = 0; channel < channels; channel++) {
            for (let x = 0; x < width; x++) {
              const at = (channel * height + middle) * width + x;
              if (computed[(row + 1) * channels * height * width + at] !== computed[at])
                noticed.get(value)!.add(row);
            }
          }
        }
      }
    }
    for (const value of values) {
      const [axis] = fields.get(value)!;
      const height = types.get(value)!.dims![2] as number;
      const first = axis.start + Math.floor(height / 2) * axis.stride;
      const rows = Array.from({ length: axis.size }, (_, index) => first + index).filter(
        (row) => row >= 0 && row < size,
      );
      // a strided 1×1 projection skips rows inside its field, so there the ends are compared
      const seen = [...noticed.get(value)!].sort((a, b) => a - b);
      assert.deepEqual([seen[0], seen.at(-1)], [rows[0], rows.at(-1)], value);
    }
  });
});

describe('receptive fields elsewhere', () => {
  const conv = (name: string, input: string, attributes: Parameters<typeof buildNode>[4]) =>
    buildNode('Conv', name, [input, 'w'], [name], attributes);
  const fieldsOf = (nodes: ReturnType<typeof conv>[]) => {
    const model = buildModel({
      name: 'g',
      nodes,
      initializers: [float32Tensor('w', [1, 1, 3, 3], new Float32Array(9))],
      inputs: [float32Value('x', ['N', 1, 32, 32])],
      outputs: [],
    });
    return receptiveFields(model.graph, inferShapes(model));
  };

  it('count dilation and padding per axis', () => {
    const fields = fieldsOf([conv('y', 'x', { dilations: [1, 2], pads: [0, 1, 2, 3], strides: [2, 1] })]);
    assert.deepEqual(fields.get('y'), [
      { size: 3, stride: 2, start: 0 },
      { size: 5, stride: 1, start: -1 },
    ]);
  });

  it('pad as SAME says', () => {
    // 32 places in steps of 2 under a window of 3: one place of padding, behind (UPPER) or before (LOWER)
    for (const [pad, start] of [
      ['SAME_UPPER', 0],
      ['SAME_LOWER', -1],
    ] as const) {
      const fields = fieldsOf([conv('y', 'x', { auto_pad: pad, strides: [2, 2] })]);
      assert.deepEqual(fields.get('y')?.[0], { size: 3, stride: 2, start });
    }
  });

  it('of a sum are the hull of both paths', () => {
    const nodes = [
      conv('a', 'x', { pads: [0, 0, 2, 2] }),
      conv('b', 'x', { pads: [2, 2, 0, 0] }),
      buildNode('Add', 's', ['a', 'b'], ['s']),
    ];
    assert.deepEqual(fieldsOf(nodes).get('s')?.[0], { size: 5, stride: 1, start: -2 });
  });

  it('of published networks are those that Araujo, Norris and Sim computed', () => {
    const published = { vgg16: 212, 'inception-v3': 1311 };
    for (const [name, size] of Object.entries(published)) {
      const { model } = readReference(name);
      const fields = receptiveFields(model.graph, inferShapes(model));
      const pool = model.graph.nodes.findLast(({ opType }) => /^(GlobalAverage|Average)Pool$/.test(opType));
      assert.ok(pool, name);
      assert.equal(fields.get(pool.inputs[0])?.[0].size, size, name);
    }
  });

  it('end where positions mix in unknown ways', () => {
    const nodes = [buildNode('Flatten', 'f', ['x'], ['f']), buildNode('Relu', 'r', ['f'], ['r'])];
    assert.equal(fieldsOf(nodes).get('r'), undefined);
  });
});
