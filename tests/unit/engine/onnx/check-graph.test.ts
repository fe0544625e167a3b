import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { buildModel, buildNode, float32Value, withGraph } from '../../../../src/engine/onnx/build.ts';
import { checkGraph } from '../../../../src/engine/onnx/check-graph.ts';
import { MessageWriter } from '../../../../src/engine/onnx/protobuf-writer.ts';
import { readModel } from '../../../../src/engine/onnx/reader.ts';
import { float32Tensor } from '../../../../src/engine/onnx/tensor-values.ts';
import type { Node } from '../../../../src/engine/onnx/types.ts';
import { writeModel } from '../../../../src/engine/onnx/writer.ts';
import { bundledModel, fixtureNames, readFixture } from '../../../fixtures/onnx/models.ts';

const model = (nodes: Node[], outputs = ['y']) =>
  buildModel({
    name: 'g',
    nodes,
    initializers: [float32Tensor('w', [1], [1])],
    inputs: [float32Value('x', [1])],
    outputs: outputs.map((name) => float32Value(name, [1])),
  });

describe('checking a graph', () => {
  it('finds nothing wrong with sound models', () => {
    for (const name of fixtureNames) assert.deepEqual(checkGraph(readModel(readFixture(name))), [], name);
    assert.deepEqual(checkGraph(readModel(new Uint8Array(readFileSync(bundledModel)))), []);
  });

  it('names what is wrong and where', () => {
    const relu = (name: string, from: string, to: string) => buildNode('Relu', name, [from], [to]);
    const cases: [Node[], string, RegExp][] = [
      [[relu('a', 'z', 'y')], 'missing-value', /the graph, a \(Relu\) reads "z", which nothing computes/],
      [[relu('a', 'x', 'v')], 'missing-value', /the output "y" is computed by nothing/],
      [
        [relu('a', 'v', 'y'), relu('b', 'x', 'v')],
        'wrong-order',
        /a \(Relu\) stands before the node that computes "v"/,
      ],
      [
        [relu('a', 'x', 'y'), relu('b', 'x', 'y')],
        'duplicate-name',
        /an output of b \(Relu\) has the name "y", which is taken/,
      ],
      [
        [relu('a', 'x', 'y'), relu('b', 'y', 'w')],
        'duplicate-name',
        /an output of b \(Relu\) has the name "w"/,
      ],
      [
        [relu('a', 'u', 'v'), relu('b', 'v', 'u'), relu('c', 'x', 'y')],
        'cycle',
        /a \(Relu\) and b \(Relu\) read one another in a circle/,
      ],
      [[relu('a', 'y', 'y')], 'cycle', /a \(Relu\) and itself read one another/],
      [[{ ...relu('a', 'x', 'y'), domain: 'com.example' }], 'unknown-opset', /operators of "com.example"/],
    ];
    for (const [nodes, kind, sentence] of cases) {
      const found = checkGraph(model(nodes)).filter((problem) => problem.kind === kind);
      assert.equal(found.length, 1, String(sentence));
      assert.match(found[0].message, sentence);
    }
  });

  it('looks into subgraphs and local functions', () => {
    const control = readModel(readFixture('control-flow'));
    const broken = withGraph(control, {
      initializers: new Map([...control.graph.initializers].filter(([name]) => name !== 'one')),
    });
    assert.deepEqual(
      checkGraph(broken).map(({ message }) => message),
      [
        'In the graph, choose (If) reads "one", which nothing computes.',
        'In a subgraph of choose (If), Add → up reads "one", which nothing computes.',
      ],
    );
    const functions = readModel(readFixture('functions'));
    const [bent, limited] = functions.functions!;
    const call = { ...buildNode('Limited', '', ['x'], ['y']), domain: 'local' };
    const circle = { ...functions, functions: [{ ...bent, nodes: [call] }, limited] };
    assert.match(checkGraph(circle).at(-1)!.message, /local functions "Bent" and "Limited" call one another/);
  });

  it('shows files that cannot run: names taken or missing, types and versions of the future', () => {
    const writer = new MessageWriter();
    writer.raw(writeModel(model([buildNode('Relu', 'a', ['x'], ['y'])])));
    writer.message(7, (graph) => {
      for (const name of ['w', '']) {
        graph.message(5, (tensor) => {
          tensor.int(2, 1);
          tensor.string(8, name);
          tensor.int(1, 0);
        });
      }
      graph.message(11, (input) => {
        input.string(1, 'odd');
        input.message(2, (type) => type.message(1, (tensor) => tensor.int(1, 77)));
      });
    });
    writer.message(8, (opset) => opset.int(2, 99));
    const read = readModel(writer.finish());
    assert.deepEqual(
      checkGraph(read).map(({ kind, about }) => [kind, about]),
      [
        ['unknown-opset', ''],
        ['duplicate-name', 'w'],
        ['missing-name', ''],
        ['unknown-type', 'odd'],
      ],
    );
    assert.deepEqual(readModel(writeModel(read)), read, 'and nothing of it is lost in writing');
  });

  it('goes through a hundred thousand nodes in a row without overflow', () => {
    const nodes = Array.from({ length: 100_000 }, (_, at) =>
      buildNode('Relu', '', [`v${at + 1}`], [`v${at}`]),
    );
    const problems = checkGraph(model([...nodes, buildNode('Relu', '', ['x'], ['v100000'])], ['v0']));
    assert.equal(problems.length, 200, 'all in the wrong order; the list ends somewhere');
  });
});
