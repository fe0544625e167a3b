/** Branches, loops and local functions: types inside and behind them, against ONNX Runtime where it can run them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { buildModel, buildNode, float32Value } from '../../../../../src/engine/onnx/build.ts';
import { measureCost } from '../../../../../src/engine/onnx/cost.ts';
import { evaluateDim } from '../../../../../src/engine/onnx/dimensions.ts';
import { inferShapes } from '../../../../../src/engine/onnx/shapes.ts';
import { float32Tensor, int64Tensor } from '../../../../../src/engine/onnx/tensor-values.ts';
import type {
  Graph,
  LocalFunction,
  Model,
  Node,
  Tensor,
  ValueInfo,
} from '../../../../../src/engine/onnx/types.ts';
import { writeModel } from '../../../../../src/engine/onnx/writer.ts';

const graphOf = (
  inputs: ValueInfo[],
  nodes: Node[],
  outputs: string[],
  initializers: Tensor[] = [],
): Graph => ({
  name: 'body',
  nodes,
  initializers: new Map(initializers.map((tensor) => [tensor.name, tensor])),
  inputs,
  outputs: outputs.map((name) => ({ name })),
  valueInfos: [],
});
const body = (graph: Graph) => ({ type: 'graph', value: graph }) as const;
const bool = (name: string, value: boolean): Tensor => ({
  name,
  dtype: 'bool',
  dims: [],
  bytes: Uint8Array.of(Number(value)),
});
const weights = (name: string, ...dims: number[]): Tensor =>
  float32Tensor(name, dims, new Float32Array(dims.reduce((a, b) => a * b, 1)));
const modelOf = (nodes: Node[], initializers: Tensor[] = [], outputs = ['y']): Model =>
  buildModel({
    name: 'g',
    nodes,
    initializers,
    inputs: [float32Value('x', ['N', 6, 4])],
    outputs: outputs.map((name) => ({ name })),
  });

/** Compares the inferred types of a model's outputs with those of a run on x [2, 6, 4]. */
async function compare(model: Model): Promise<void> {
  const { values, problems } = inferShapes(model);
  assert.deepEqual(problems, []);
  const session = await InferenceSession.create(writeModel(model), { logSeverityLevel: 4 });
  const results = await session.run({ x: new OrtTensor('float32', new Float32Array(48), [2, 6, 4]) });
  for (const [name, { dims, type }] of Object.entries(results)) {
    const inferred = values.get(name);
    assert.equal(inferred?.dtype, type, name);
    assert.deepEqual(
      inferred?.dims?.map((dim) => evaluateDim(dim, () => 2)),
      dims,
      name,
    );
  }
  await session.release();
}

describe('branches', () => {
  const yes = graphOf([], [buildNode('Relu', 'r', ['x'], ['t'])], ['t']);
  const no = graphOf([], [buildNode('Flatten', 'f', ['x'], ['e'])], ['e']);
  const node = buildNode('If', 'if', ['c'], ['y'], { then_branch: body(yes), else_branch: body(no) });

  it('give the type of the branch that is taken', async () => {
    await compare(modelOf([node], [bool('c', true)]));
    assert.deepEqual(inferShapes(modelOf([node], [bool('c', false)])).values.get('y')?.dims, ['N', 24]);
  });

  it('give what both have in common when the condition is not known', () => {
    const model = {
      ...modelOf([node]),
      graph: {
        ...modelOf([node]).graph,
        inputs: [float32Value('x', ['N', 6, 4]), { name: 'c', dtype: 'bool' as const, dims: [] }],
      },
    };
    const shapes = inferShapes(model);
    assert.deepEqual(shapes.values.get('y'), { dtype: 'float32' });
    assert.deepEqual(shapes.inner.get(yes)?.values.get('t')?.dims, ['N', 6, 4]);
    assert.deepEqual(shapes.inner.get(no)?.values.get('e')?.dims, ['N', 24]);
  });

  it('cost as much as the dearer one', () => {
    const [small, large] = [2, 5].map((width) =>
      graphOf(
        [],
        [buildNode('MatMul', 'm', ['x', `w${width}`], [`p${width}`])],
        [`p${width}`],
        [weights(`w${width}`, 4, width)],
      ),
    );
    const choice = buildNode('If', 'if', ['c'], ['y'], {
      then_branch: body(small),
      else_branch: body(large),
    });
    const { total } = measureCost(modelOf([choice], [bool('c', true)]));
    assert.equal(total.macs, 6 * 4 * 5);
    assert.equal(total.parameters, 4 * 2 + 4 * 5);
  });
});

describe('loops', () => {
  const loopInputs: ValueInfo[] = [
    { name: 'i', dtype: 'int64', dims: [] },
    { name: 'go', dtype: 'bool', dims: [] },
    { name: 'state' },
  ];
  const loop = (nodes: Node[], outputs: string[]): Node =>
    buildNode('Loop', 'loop', ['rounds', 'c', 'x'], outputs, {
      body: body(
        graphOf(
          loopInputs,
          [buildNode('Identity', 'k', ['go'], ['still']), ...nodes],
          ['still', 'next', 'each'],
        ),
      ),
    });
  const constants = [int64Tensor('rounds', [], [5]), bool('c', true), weights('w', 4, 4)];

  it('stack what each round gives and keep the shape of what they carry', async () => {
    const nodes = [
      buildNode('MatMul', 'm', ['state', 'w'], ['next']),
      buildNode('Flatten', 'f', ['next'], ['each']),
    ];
    const model = modelOf([loop(nodes, ['y', 'all'])], constants, ['y', 'all']);
    await compare(model);
    assert.deepEqual(inferShapes(model).values.get('all')?.dims, [5, 'N', 24]);
    assert.equal(measureCost(model).total.macs, 5 * 6 * 4 * 4);
  });

  it('forget the size that a round changes', () => {
    const nodes = [
      { ...buildNode('Concat', 'j', ['state', 'x'], ['next'], { axis: 1 }) },
      buildNode('Relu', 'r', ['x'], ['each']),
    ];
    const { values, problems } = inferShapes(modelOf([loop(nodes, ['y', 'all'])], constants));
    assert.deepEqual(problems, []);
    assert.deepEqual(values.get('y')?.dims, ['N', '?', 4]);
  });

  it('of Scan go along an axis', async () => {
    const scan = buildNode('Scan', 'scan', ['zero', 'x'], ['last', 'y'], {
      num_scan_inputs: 1,
      scan_input_axes: [1],
      scan_output_axes: [1],
      body: body(
        graphOf(
          [{ name: 'sum' }, { name: 'step' }],
          [
            buildNode('Add', 'a', ['sum', 'step'], ['more']),
            buildNode('MatMul', 'm', ['step', 'w'], ['out']),
          ],
          ['more', 'out'],
        ),
      ),
    });
    const model = modelOf([scan], [weights('zero', 2, 4), weights('w', 4, 3)], ['last', 'y']);
    await compare(model);
    assert.deepEqual(inferShapes(model).values.get('y')?.dims, ['N', 6, 3]);
  });
});

describe('local functions', () => {
  const called: LocalFunction = {
    name: 'Twice',
    domain: 'own',
    inputs: ['a', 'shape'],
    outputs: ['out'],
    attributeNames: ['along'],
    attributeDefaults: new Map(),
    nodes: [
      {
        ...buildNode('Concat', 'c', ['a', 'a'], ['both']),
        attributes: new Map([['axis', { type: 'reference', value: 'along', typeNumber: 2 }]]),
      },
      buildNode('Reshape', 'r', ['both', 'shape'], ['out']),
    ],
    opsets: new Map([['', 17]]),
    valueInfos: [],
  };
  const call = (name: string, input: string, output: string, along: number): Node => ({
    ...buildNode('Twice', name, [input, 'shape'], [output], { along }),
    domain: 'own',
  });
  const model: Model = {
    ...modelOf([call('one', 'x', 'h', 2), call('two', 'h', 'y', 1)], [int64Tensor('shape', [2], [0, -1])]),
    functions: [called],
  };

  it('are followed with the attributes and small tensors of each call', () => {
    const nodes = [call('one', 'x', 'h', 2), buildNode('Relu', 'r', ['h'], ['y'])];
    const shapes = inferShapes({ ...model, graph: { ...model.graph, nodes } });
    assert.deepEqual(shapes.problems, []);
    assert.deepEqual(shapes.values.get('y')?.dims, ['N', 48]);
    assert.deepEqual(shapes.inner.get(nodes[0])?.values.get('both')?.dims, ['N', 6, 8]);
    assert.deepEqual(inferShapes(model).values.get('y')?.dims, ['N', 96]);
  });

  it('that call themselves end in a sentence', () => {
    const circle: LocalFunction = { ...called, nodes: [call('again', 'a', 'out', 1)] };
    const { problems, values } = inferShapes({ ...model, functions: [circle] });
    assert.match(problems.join(' '), /nested more than 24 subgraphs or functions deep/);
    assert.equal(values.get('y')?.dims, undefined);
  });

  it('that call each other twice, twenty deep, end soon', () => {
    const functions = Array.from({ length: 20 }, (_, at): LocalFunction => ({
      ...called,
      name: `F${at}`,
      inputs: ['a'],
      nodes: ['p', 'out'].map((output, second) => ({
        ...buildNode(at === 19 ? 'Relu' : `F${at + 1}`, output, [second === 0 ? 'a' : 'p'], [output]),
        domain: at === 19 ? '' : 'own',
      })),
    }));
    const nodes = [{ ...buildNode('F0', 'f', ['x'], ['y']), domain: 'own' }];
    const start = process.cpuUsage().user;
    const { problems } = inferShapes({ ...model, functions, graph: { ...model.graph, nodes } });
    assert.match(problems.join(' '), /hold more than 15000 steps/);
    assert.ok(process.cpuUsage().user - start < 3e6);
  });
});
