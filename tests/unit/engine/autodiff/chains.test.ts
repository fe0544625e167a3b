/** Rules together: chains, values that several nodes read, tied weights, broadcasts in a row; in double precision. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normal, seededRandom } from '../../../fixtures/onnx/random.ts';
import { checkGradients, inDoublePrecision } from './check-gradients.ts';
import { backwardModel } from './rule-case.ts';
import type { RuleCase } from './rule-case.ts';

type WrittenNode = RuleCase['nodes'][number];

const chains: readonly RuleCase[] = [
  chain(
    'a value that three nodes read',
    { x: [3, 4] },
    [3, 4],
    [node('Tanh', 'x', 'gate'), node('Mul', 'x gate', 'gated'), node('Add', 'gated x', 'y')],
  ),
  chain(
    'a weight used as a table and as a matrix',
    { w: [5, 3] },
    [2, 5],
    [
      node('Gather', 'w rows', 'picked'),
      node('Tanh', 'picked', 'hidden'),
      node('Transpose', 'w', 'turned', { perm: [1, 0] }),
      node('MatMul', 'hidden turned', 'y'),
    ],
  ),
  chain(
    'one matrix twice in a row',
    { x: [2, 3], w: [3, 3] },
    [2, 3],
    [node('MatMul', 'x w', 'once'), node('Tanh', 'once', 'bent'), node('MatMul', 'bent w', 'y')],
  ),
  chain(
    'broadcasts in a row',
    { x: [2, 3, 4], scale: [4], shift: [3, 1], single: [1] },
    [2, 3, 4],
    [
      node('Mul', 'x scale', 'scaled'),
      node('Add', 'shift scaled', 'shifted'),
      node('Div', 'shifted divisor', 'small'),
      node('Exp', 'small', 'raised'),
      node('Sub', 'raised single', 'y'),
    ],
  ),
  chain(
    'attention written out',
    { x: [2, 3, 4], query: [4, 4], key: [4, 4], value: [4, 4] },
    [2, 3, 4],
    [
      ...['query', 'key', 'value'].flatMap((part) => [
        node('MatMul', `x ${part}`, `${part}.all`),
        node('Reshape', `${part}.all heads`, `${part}.apart`),
        node('Transpose', `${part}.apart`, `${part}.heads`, {
          perm: part === 'key' ? [0, 2, 3, 1] : [0, 2, 1, 3],
        }),
      ]),
      node('MatMul', 'query.heads key.heads', 'scores'),
      node('Softmax', 'scores', 'shares', { axis: -1 }),
      node('MatMul', 'shares value.heads', 'mixed'),
      node('Transpose', 'mixed', 'together', { perm: [0, 2, 1, 3] }),
      node('Reshape', 'together width', 'context'),
      node('Add', 'context x', 'y'),
    ],
  ),
];

for (const one of chains) test(one.name, () => checkGradients(one, inDoublePrecision));

test('a value that leads to no weight gets no gradient', () => {
  const [, , twice] = chains;
  const onlyWeight: RuleCase = {
    ...twice,
    inputs: { w: twice.inputs['w'] },
    constants: { x: twice.inputs['x'] },
  };
  const { nodes } = backwardModel(onlyWeight, 'float64', 'indices').graph;
  assert.deepEqual(
    nodes.filter(({ outputs }) => outputs.includes('gradient/x')),
    [],
  );
  // of the first product only the weight's gradient, of the second both
  assert.equal(nodes.filter(({ opType }) => opType === 'Gemm').length, 3);
});

function chain(
  name: string,
  inputs: Readonly<Record<string, number[]>>,
  output: readonly number[],
  nodes: readonly WrittenNode[],
): RuleCase {
  const random = seededRandom(3);
  const numbers = (dims: readonly number[]) => {
    const count = dims.reduce((product, size) => product * size, 1);
    return Array.from({ length: count }, () => normal(random)).join(' ');
  };
  const int64 = (...items: number[]) => ({
    dtype: 'int64' as const,
    dims: [items.length],
    values: items.join(' '),
  });
  return {
    name,
    opset: 17,
    nodes,
    inputs: Object.fromEntries(
      Object.entries(inputs).map(([key, dims]) => [key, { dims, values: numbers(dims) }]),
    ),
    constants: {
      rows: int64(4, 1),
      heads: int64(0, 0, 2, 2),
      width: int64(0, 0, 4),
      divisor: { dims: [1], values: '3' },
    },
    flowing: numbers(output),
    gradients: {},
    pools: ['indices'],
  };
}

function node(
  opType: string,
  inputs: string,
  output: string,
  attributes: WrittenNode['attributes'] = {},
): WrittenNode {
  return { opType, domain: '', inputs: inputs.split(' '), outputs: [output], attributes };
}
