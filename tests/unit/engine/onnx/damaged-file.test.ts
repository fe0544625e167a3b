import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findBlocks } from '../../../../src/engine/onnx/blocks.ts';
import { measureCost } from '../../../../src/engine/onnx/cost.ts';
import { dequantizeWeights } from '../../../../src/engine/onnx/dequantize-weights.ts';
import { OnnxError } from '../../../../src/engine/onnx/onnx-error.ts';
import { MessageWriter } from '../../../../src/engine/onnx/protobuf-writer.ts';
import { quantizeActivations } from '../../../../src/engine/onnx/quantize-activations.ts';
import { readModel } from '../../../../src/engine/onnx/reader.ts';
import { inferShapes } from '../../../../src/engine/onnx/shapes.ts';
import { planTraining } from '../../../../src/engine/onnx/trainable.ts';
import { writeModel } from '../../../../src/engine/onnx/writer.ts';
import { seededRandom } from '../../../fixtures/onnx/random.ts';
import { buildResnet } from '../../../fixtures/onnx/resnet.ts';

/** A file of a few kilobytes, most of them structure and not weights, so that mutations hit structure. */
const small = writeModel(buildResnet({ widths: [1, 1, 2, 2], classes: 2 }));

function graphFile(write: (graph: MessageWriter) => void): Uint8Array {
  const writer = new MessageWriter();
  writer.int(1, 8);
  writer.message(7, write);
  return writer.finish();
}

/** Everything a page does with a file that a reader drops on it. Edits need what they find; their refusals count as errors. */
function useFile(file: Uint8Array): 'read' | OnnxError {
  try {
    const model = readModel(file);
    const shapes = inferShapes(model);
    const cost = measureCost(model, shapes);
    planTraining(findBlocks(model, shapes, cost), 'fine-tuning');
    writeModel(model);
    dequantizeWeights(model);
    quantizeActivations(model, ranges);
    return 'read';
  } catch (error) {
    if (error instanceof OnnxError) return error;
    throw error;
  }
}
const ranges = Object.fromEntries(
  [...inferShapes(readModel(small)).values.keys()].map(
    (name) => [name, [-1, 1]] as [string, [number, number]],
  ),
);

describe('damaged files', () => {
  it('are named with what is wrong and where', () => {
    const cases: [string, Uint8Array, RegExp][] = [
      [
        'cut in a field',
        small.subarray(0, 1500),
        /damaged: .* bytes long where only \d+ are left \(byte \d+\)/,
      ],
      [
        'group',
        Uint8Array.of(0x08, 0x08, 0x3b),
        /the model has a field of wire type "group start".*\(byte 2\)/,
      ],
      ['field 0', Uint8Array.of(0x08, 0x08, 0x00), /field with number 0/],
      ['endless varint', Uint8Array.of(0x08, ...Array<number>(11).fill(0xff)), /longer than ten bytes/],
      ['cut varint', Uint8Array.of(0x08, 0x80), /ends in the middle of a number/],
      ['no graph', Uint8Array.of(0x08, 0x08), /holds no graph/],
      [
        'wrong wire',
        graphFile((graph) => graph.int(1, 5)),
        /the graph stores field 1 as "varint" where "bytes" belongs/,
      ],
      [
        'no operator',
        graphFile((graph) => graph.message(1, (node) => node.string(3, 'a'))),
        /does not say which operator/,
      ],
      ['bad text', graphFile((graph) => graph.bytes(2, Uint8Array.of(0xff))), /not UTF-8/],
    ];
    for (const [name, file, sentence] of cases) {
      const error = useFile(file);
      assert.ok(error instanceof OnnxError, name);
      assert.match(error.message, sentence, name);
      assert.match(error.message, /\.$/, name);
    }
  });

  it('say which tensor does not fit its shape, however large it claims to be', () => {
    const claim = (dims: number[], dtype = 1) =>
      graphFile((graph) =>
        graph.message(5, (tensor) => {
          for (const size of dims) tensor.int(1, size);
          tensor.int(2, dtype);
          tensor.string(8, 'w');
          tensor.bytes(9, new Uint8Array(8));
        }),
      );
    assert.throws(() => readModel(claim([3])), /"w", float32 \[3\], with 8 bytes where 12 belong/);
    assert.throws(() => readModel(claim([2 ** 40, 2 ** 40, 2 ** 40])), /where [\de.+]+ belong/);
    assert.throws(() => readModel(claim([-2])), /negative size/);
    assert.throws(() => readModel(claim([2], 99)), /unknown element type 99/);
    assert.equal(useFile(claim([2])), 'read');
  });

  it('refuse endless nesting before the stack overflows', () => {
    let graph = new Uint8Array(0);
    for (let depth = 0; depth < 3000; depth++) {
      const inner = graph;
      const outer = new MessageWriter();
      outer.message(1, (node) => {
        node.string(4, 'If');
        node.message(5, (attribute) => {
          attribute.string(1, 'then_branch');
          attribute.bytes(6, inner);
          attribute.int(20, 5);
        });
      });
      graph = outer.finish();
    }
    const file = graphFile((writer) => writer.raw(graph));
    assert.throws(() => readModel(file), /nested more than 64 messages deep/);
  });

  it('name nodes that contradict themselves', () => {
    const loop = graphFile((graph) => {
      for (const output of ['a', 'a']) {
        graph.message(1, (node) => {
          node.string(1, 'b');
          node.string(2, output);
          node.string(4, 'Relu');
        });
      }
    });
    assert.match(String(useFile(loop)), /Two nodes compute the value "a"/);
    const shapes = inferShapes(readModel(loop));
    assert.match(shapes.problems[0], /Relu → a reads "b", which nothing before it computes/);
  });

  it('never crash or hang: 500 cuts, 1,600 changed bytes, 500 shuffled pieces', () => {
    const random = seededRandom(20);
    const below = (limit: number) => Math.floor(random() * limit);
    let slowestMs = 0;
    const errors = new Map<string, number>();
    const attempt = (file: Uint8Array) => {
      const start = performance.now();
      const result = useFile(file);
      slowestMs = Math.max(slowestMs, performance.now() - start);
      const kind = result === 'read' ? result : result.message.replaceAll(/"[^"]*"|\d+/g, '…').slice(0, 60);
      errors.set(kind, (errors.get(kind) ?? 0) + 1);
      if (result !== 'read') assert.match(result.message, /^[^]{20,600}\.$/);
    };
    for (let i = 0; i < 500; i++) attempt(small.slice(0, below(small.length)));
    for (let i = 0; i < 1600; i++) {
      const file = small.slice();
      for (let change = below(4); change >= 0; change--)
        file[below(file.length)] = random() < 0.5 ? below(256) : 0xff;
      attempt(file);
    }
    for (let i = 0; i < 500; i++) {
      const file = small.slice();
      const length = below(40);
      file.copyWithin(below(file.length), below(file.length), below(file.length) + length);
      attempt(file);
    }
    assert.ok(errors.get('read')! > 100, 'harmless changes are still read');
    assert.ok(errors.size > 20, `only ${errors.size} kinds of outcome`);
    assert.ok(slowestMs < 1000, `slowest file took ${slowestMs} ms`);
  });
});
