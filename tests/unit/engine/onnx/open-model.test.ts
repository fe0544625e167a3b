import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildModel, buildNode, float32Value } from '../../../../src/engine/onnx/build.ts';
import type { ByteSource } from '../../../../src/engine/onnx/byte-source.ts';
import { blobSource, bytesSource } from '../../../../src/engine/onnx/byte-source.ts';
import { measureCost } from '../../../../src/engine/onnx/cost.ts';
import { loadTensor, loadWeights } from '../../../../src/engine/onnx/load-weights.ts';
import { OnnxError } from '../../../../src/engine/onnx/onnx-error.ts';
import { openModel } from '../../../../src/engine/onnx/open-model.ts';
import { readModel } from '../../../../src/engine/onnx/reader.ts';
import { readNumbers } from '../../../../src/engine/onnx/read-values.ts';
import { float32Values, int64Tensor } from '../../../../src/engine/onnx/tensor-values.ts';
import type { Model, Tensor } from '../../../../src/engine/onnx/types.ts';
import { writeModel } from '../../../../src/engine/onnx/writer.ts';
import { seededRandom } from '../../../fixtures/onnx/random.ts';
import { buildResnet } from '../../../fixtures/onnx/resnet.ts';

const resnet = writeModel(buildResnet());

/** A source that remembers what was read. */
function watched(bytes: Uint8Array): ByteSource & { bytesRead: number; reads: number } {
  const inner = bytesSource(bytes, 'model.onnx');
  return {
    ...inner,
    bytesRead: 0,
    reads: 0,
    async read(offset, length) {
      this.bytesRead += length;
      this.reads++;
      return inner.read(offset, length);
    },
  };
}

/** Four layers of a megabyte each in every place where a file can hold weights. */
function largeModel(count = 4): Model {
  const weights = (name: string, seed: number): Tensor => {
    const random = seededRandom(seed);
    const values = Float32Array.from({ length: 2 ** 18 }, random);
    return { name, dtype: 'float32', dims: [512, 512], bytes: new Uint8Array(values.buffer) };
  };
  const names = Array.from({ length: count }, (_, index) => `w${index}`);
  const branch = buildModel({
    name: 'branch',
    nodes: [buildNode('Identity', 'i', ['inner'], ['out'])],
    initializers: [weights('inner', 50)],
    inputs: [],
    outputs: [float32Value('out', [512, 512])],
  }).graph;
  const model = buildModel({
    name: 'large',
    nodes: [
      ...names.map((name, index) => buildNode('MatMul', `m${index}`, [`x${index}`, name], [`x${index + 1}`])),
      buildNode('Constant', 'c', [], ['k'], { value: { type: 'tensor', value: weights('', 60) } }),
      buildNode('If', 'if', ['flag'], ['out'], {
        then_branch: { type: 'graph', value: branch },
        else_branch: { type: 'graph', value: branch },
      }),
    ],
    initializers: [
      ...names.map(weights),
      int64Tensor('shape', [2], [-1, 512]),
      {
        ...int64Tensor(
          'counts',
          [20000],
          Array.from({ length: 20000 }, (_, index) => index - 9000),
        ),
        dataField: 7,
      },
    ],
    inputs: [float32Value('x0', ['N', 512])],
    outputs: [float32Value(`x${count}`, ['N', 512])],
  });
  return {
    ...model,
    functions: [
      {
        name: 'F',
        domain: 'local',
        inputs: [],
        outputs: ['o'],
        attributeNames: [],
        attributeDefaults: new Map(),
        nodes: [
          buildNode('Constant', 'fc', [], ['o'], { value: { type: 'tensor', value: weights('', 70) } }),
        ],
        opsets: new Map([['', 17]]),
        valueInfos: [],
      },
    ],
  };
}

describe('a model that is opened lazily', () => {
  const file = writeModel(largeModel());

  it('has its structure from a small part of the file', async () => {
    const source = watched(file);
    const model = await openModel(source);
    assert.ok(source.bytesRead < 0.1 * file.length, `${source.bytesRead} of ${file.length} bytes were read`);
    assert.ok(source.reads < 30, `${source.reads} reads`);
    assert.equal(model.graph.initializers.get('w2')?.bytes.length, 0);
    assert.equal(model.graph.initializers.get('shape')?.bytes.length, 16, 'small tensors are there at once');
    assert.deepEqual(measureCost(model).total, measureCost(readModel(file)).total);
  });

  it('is the same model once its weights are loaded, from an array, a Blob, or in any window', async () => {
    const whole = readModel(file);
    for (const source of [bytesSource(file), blobSource(new Blob([file]))]) {
      assert.deepEqual(await loadWeights(await openModel(source)), whole);
    }
    assert.deepEqual(await loadWeights(await openModel(bytesSource(resnet))), readModel(resnet));
  });

  it('reads a weight when it is asked for, and only that', async () => {
    const source = watched(file);
    const model = await openModel(source);
    const weight = model.graph.initializers.get('w1')!;
    source.bytesRead = 0;
    const loaded = await loadTensor(weight);
    assert.equal(source.bytesRead, 2 ** 20);
    assert.deepEqual(float32Values(loaded), float32Values(readModel(file).graph.initializers.get('w1')!));
    assert.throws(() => float32Values(weight), /elements of "w1" have not been read/);
    assert.throws(() => writeModel(model), /weights ".*" have not been read yet/);
  });

  it('decodes variable-length integers that were left in the file', async () => {
    const model = await openModel(bytesSource(file));
    const counts = model.graph.initializers.get('counts')!;
    assert.equal(counts.place?.encoding, 'varints');
    const numbers = readNumbers(await loadTensor(counts));
    assert.deepEqual([numbers[0], numbers[9000], numbers[19999]], [-9000, 0, 10999]);
    const wrong = loadTensor({ ...counts, dims: [19999] });
    await assert.rejects(wrong, /"counts", int64 \[19999\], with 160000 bytes where 159992 belong/);
  });

  it('names damage behind large weights at its place in the file', async () => {
    // the last field of the file is cut, far behind megabytes that were never read
    for (const cut of [1, 40, 3000, 2 ** 20 + 77]) {
      const damaged = file.subarray(0, file.length - cut);
      const error = await openModel(bytesSource(damaged)).catch((reason: unknown) => reason);
      assert.ok(error instanceof OnnxError);
      assert.throws(
        () => readModel(damaged),
        (expected) => expected instanceof OnnxError && expected.message === error.message,
        `cut by ${cut}`,
      );
    }
  });

  it('can be called off, and says when its file is gone', async () => {
    const controller = new AbortController();
    controller.abort(new Error('enough'));
    const many = writeModel(largeModel(1));
    const nodes = Array.from({ length: 5000 }, (_, index) =>
      buildNode('Relu', '', [`v${index}`], [`v${index + 1}`]),
    );
    const long = writeModel(
      buildModel({ name: 'long', nodes, initializers: [], inputs: [float32Value('v0', [1])], outputs: [] }),
    );
    await assert.rejects(openModel(bytesSource(long), { signal: controller.signal }), /enough/);
    const blob = new Blob([many]);
    blob.slice = () => {
      throw new DOMException('gone', 'NotReadableError');
    };
    await assert.rejects(openModel(blobSource(blob, 'net.onnx')), /"net.onnx" can no longer be read/);
  });

  it('lets the page draw while it reads many nodes', async () => {
    const nodes = Array.from({ length: 10_000 }, (_, index) =>
      buildNode('Relu', `node ${index}`, [`v${index}`], [`v${index + 1}`]),
    );
    const long = writeModel(
      buildModel({ name: 'long', nodes, initializers: [], inputs: [float32Value('v0', [1])], outputs: [] }),
    );
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    const model = await openModel(bytesSource(long));
    clearInterval(timer);
    assert.equal(model.graph.nodes.length, 10_000);
    assert.ok(turns >= 2, `other work had ${turns} turns`);
  });
});

describe('ranges of a source', () => {
  it('that do not lie in it are refused', async () => {
    for (const source of [bytesSource(new Uint8Array(10), 'a'), blobSource(new Blob(['0123456789']), 'a')]) {
      assert.equal((await source.read(4, 6)).length, 6);
      for (const [offset, length] of [
        [5, 6],
        [-1, 2],
        [0, 11],
        [NaN, 1],
        [0.5, 1],
      ] as const) {
        await assert.rejects(source.read(offset, length), /"a" is 10 bytes long; .* do not lie within it/);
      }
    }
  });
});
