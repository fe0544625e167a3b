import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findBoxes } from '../../../../src/engine/onnx/blocks-tree.ts';
import { buildModel, buildNode, float32Value } from '../../../../src/engine/onnx/build.ts';
import { constantValues, indexGraph } from '../../../../src/engine/onnx/graph-index.ts';
import { float32Tensor } from '../../../../src/engine/onnx/tensor-values.ts';
import type { Attribute, Graph, Node } from '../../../../src/engine/onnx/types.ts';

/** A branch that computes the opposite of a value from outside. */
function branch(read: string): Attribute {
  const value: Graph = {
    name: 'branch',
    nodes: [buildNode('Neg', 'opposite', [read], ['inside'])],
    initializers: new Map(),
    inputs: [],
    outputs: [float32Value('inside', [1])],
    valueInfos: [],
  };
  return { type: 'graph', value };
}

const choice: Node = {
  ...buildNode('If', 'choice', ['flag'], ['y']),
  attributes: new Map([
    ['then_branch', branch('h')],
    ['else_branch', branch('w')],
  ]),
};
const model = buildModel({
  name: 'branches',
  nodes: [buildNode('Relu', 'relu', ['x'], ['h']), choice],
  initializers: [float32Tensor('w', [1], [1]), float32Tensor('flag', [1], [1])],
  inputs: [float32Value('x', [1])],
  outputs: [float32Value('y', [1])],
});

test('a value that only a branch of an If reads has the If as its reader', () => {
  const { consumers } = indexGraph(model.graph);
  assert.deepEqual(
    consumers.get('h')?.map(({ name }) => name),
    ['choice'],
  );
  assert.deepEqual(
    consumers.get('w')?.map(({ name }) => name),
    ['choice'],
  );
  assert.equal(consumers.get('inside'), undefined, 'what a branch computes itself comes from nowhere else');
});

test('an If whose branches read the input is no constant, whatever its condition is', () => {
  assert.deepEqual([...constantValues(model.graph)].sort(), ['flag', 'w']);
});

test('the drawing leads an edge into the If for what its branches read', () => {
  const boxes = findBoxes(model);
  const operators = boxes.flatMap((box) => (box.children.length > 0 ? box.children : [box]));
  const relu = operators.find(({ nodes }) => nodes.at(-1)?.opType === 'Relu');
  const last = operators.find(({ nodes }) => nodes.at(-1)?.opType === 'If');
  assert.deepEqual(relu?.outputNames, ['h']);
  assert.ok(last?.inputNames.includes('h'));
});
