import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildModel, buildNode, float32Value } from '../../../../src/engine/onnx/build.ts';
import { MessageWriter } from '../../../../src/engine/onnx/protobuf-writer.ts';
import { readModel } from '../../../../src/engine/onnx/reader.ts';
import {
  float32Tensor,
  float32Values,
  int64Tensor,
  numberValues,
} from '../../../../src/engine/onnx/tensor-values.ts';
import type { Attribute, Model, Tensor } from '../../../../src/engine/onnx/types.ts';
import { writeModel } from '../../../../src/engine/onnx/writer.ts';
import { buildResnet } from '../../../fixtures/onnx/resnet.ts';
import { randomPictures, runModel } from '../../../fixtures/onnx/run.ts';

/** The bytes of a model with one initializer, encoded field by field. */
function fileWithTensor(write: (tensor: MessageWriter) => void): Uint8Array {
  const writer = new MessageWriter();
  writer.int(1, 8);
  writer.message(7, (graph) => graph.message(5, write));
  return writer.finish();
}

function readTensorWith(write: (tensor: MessageWriter) => void): Tensor {
  const tensor = readModel(fileWithTensor(write)).graph.initializers.get('t');
  assert.ok(tensor);
  return tensor;
}

function modelWith(attributes: Record<string, Attribute>): Model {
  return buildModel({
    name: 'g',
    nodes: [buildNode('Custom', 'n', ['x', '', 'w'], ['y', ''], attributes)],
    initializers: [float32Tensor('w', [2, 2], [1, -2, 0.5, 3e-40])],
    inputs: [float32Value('x', ['N', 2, '?'])],
    outputs: [{ name: 'y' }],
  });
}

describe('reading what was written', () => {
  it('gives back every attribute type', () => {
    const attributes: Record<string, Attribute> = {
      float: { type: 'float', value: Math.fround(0.1) },
      int: { type: 'int', value: -3 },
      end: { type: 'int', value: 2 ** 63 },
      start: { type: 'int', value: -(2 ** 63) },
      large: { type: 'int', value: Number.MAX_SAFE_INTEGER },
      string: { type: 'string', value: 'Größe ✓' },
      bytes: { type: 'bytes', value: Uint8Array.of(0xff, 0xfe) },
      tensor: { type: 'tensor', value: int64Tensor('t', [2], [-1, 5]) },
      graph: { type: 'graph', value: modelWith({}).graph },
      floats: { type: 'floats', value: [1.5, -0] },
      ints: { type: 'ints', value: [0, -1, 300, 2 ** 40] },
      strings: { type: 'strings', value: ['a', ''] },
    };
    const model = modelWith(attributes);
    assert.deepEqual(readModel(writeModel(model)), model);
  });

  it('gives back a whole ResNet, and writing it again gives the same bytes', () => {
    const model = buildResnet({ widths: [4, 4, 8, 8] });
    const bytes = writeModel(model);
    assert.deepEqual(readModel(bytes), model);
    assert.deepEqual(writeModel(readModel(bytes)), bytes);
  });

  it('keeps fields that it does not interpret', () => {
    const writer = new MessageWriter();
    writer.raw(
      writeModel({ ...modelWith({}), metadata: new Map([['key', '']]), docString: 'doc', modelVersion: -1 }),
    );
    writer.string(20, 'training information');
    writer.message(7, (graph) => {
      graph.string(14, 'an annotation');
      graph.message(1, (node) => {
        node.string(4, 'Op');
        node.string(10, 'a device');
        node.message(5, (attribute) => {
          attribute.string(1, 'ref');
          attribute.string(21, 'outer');
        });
      });
      graph.message(13, (value) => {
        value.string(1, 'sequence');
        value.message(2, (type) => type.string(7, 'opaque type'));
      });
    });
    const model = readModel(writer.finish());
    const again = readModel(writeModel(model));
    assert.deepEqual(again, model);
    const text = new TextDecoder().decode(writeModel(model));
    for (const kept of ['training information', 'an annotation', 'a device', 'outer', 'opaque type'])
      assert.ok(text.includes(kept), kept);
  });

  it('changes no output bit', async () => {
    const bytes = writeModel(buildResnet({ widths: [8, 8, 8, 8], classes: 5 }));
    const input = randomPictures(1, 2);
    assert.deepEqual(await runModel(writeModel(readModel(bytes)), input), await runModel(bytes, input));
  });
});

describe('reading tensors', () => {
  it('views the bytes of the file', () => {
    const bytes = writeModel(modelWith({}));
    const tensor = readModel(bytes).graph.initializers.get('w');
    assert.equal(tensor?.bytes.buffer, bytes.buffer);
  });

  it('reads floats at any alignment, from a Node Buffer too', () => {
    const bytes = writeModel(modelWith({ floats: { type: 'floats', value: [1.5, -2] } }));
    for (let shift = 0; shift < 4; shift++) {
      const file = Buffer.alloc(bytes.length + shift);
      file.set(bytes, shift);
      const model = readModel(file.subarray(shift));
      assert.deepEqual(model, readModel(bytes));
      assert.deepEqual(
        [...float32Values(model.graph.initializers.get('w')!)],
        [1, -2, 0.5, Math.fround(3e-40)],
      );
    }
  });

  it('reads the typed data fields, packed and unpacked', () => {
    const floats = readTensorWith((tensor) => {
      tensor.int(1, 2);
      tensor.int(2, 1);
      tensor.float(4, 1.5);
      tensor.float(4, -2);
      tensor.string(8, 't');
    });
    assert.deepEqual([...float32Values(floats)], [1.5, -2]);
    const cases: [number, number, number[]][] = [
      [7, 7, [-1, 2 ** 40]],
      [6, 5, [-7, 2 ** 31 - 1]],
      [3, 5, [-128, 127]],
      [2, 5, [0, 255]],
      [5, 5, [-300, 300]],
      [13, 11, [0, 2 ** 50]],
    ];
    for (const [dtype, field, values] of cases) {
      for (const packed of [true, false]) {
        const tensor = readTensorWith((writer) => {
          writer.packedInts(1, [values.length]);
          writer.int(2, dtype);
          if (packed) writer.packedInts(field, values);
          else for (const value of values) writer.int(field, value);
          writer.string(8, 't');
        });
        assert.deepEqual(numberValues(tensor), values, tensor.dtype);
      }
    }
  });

  it('reads texts, 4-bit numbers and the place of external data', () => {
    const texts = readTensorWith((tensor) => {
      tensor.int(1, 2);
      tensor.int(2, 8);
      tensor.bytes(6, Uint8Array.of(65));
      tensor.bytes(6, Uint8Array.of());
      tensor.string(8, 't');
    });
    assert.deepEqual(texts.strings, [Uint8Array.of(65), Uint8Array.of()]);
    const nibbles = readTensorWith((tensor) => {
      tensor.int(1, 3);
      tensor.int(2, 22);
      tensor.bytes(9, Uint8Array.of(0x21, 0x03));
      tensor.string(8, 't');
    });
    assert.equal(nibbles.dtype, 'int4');
    const external = readTensorWith((tensor) => {
      tensor.int(1, 1000);
      tensor.int(2, 1);
      tensor.string(8, 't');
      tensor.message(13, (entry) => {
        entry.string(1, 'location');
        entry.string(2, 'weights.bin');
      });
      tensor.int(14, 1);
    });
    assert.equal(external.external?.get('location'), 'weights.bin');
    assert.throws(() => float32Values(external), /elements of "t" are in another file/);
  });

  it('merges a graph that comes in two parts', () => {
    const bytes = new MessageWriter();
    bytes.raw(writeModel(modelWith({})));
    bytes.message(7, (graph) => graph.message(12, (output) => output.string(1, 'more')));
    const { graph } = readModel(bytes.finish());
    assert.deepEqual(
      graph.outputs.map(({ name }) => name),
      ['y', 'more'],
    );
    assert.equal(graph.nodes.length, 1);
  });
});
