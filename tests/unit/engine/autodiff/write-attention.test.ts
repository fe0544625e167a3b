/** Fused attention written out: the numbers of ONNX Runtime's own kernels, rows that see nothing, and what stays fused. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildTrainingStep } from '../../../../src/engine/autodiff/training-step.ts';
import { writeOutAttention } from '../../../../src/engine/autodiff/write-attention.ts';
import { buildModel, buildNode } from '../../../../src/engine/onnx/build.ts';
import type { AttributeInput } from '../../../../src/engine/onnx/build.ts';
import { float32Tensor, int64Tensor } from '../../../../src/engine/onnx/tensor-values.ts';
import type { Model, Tensor } from '../../../../src/engine/onnx/types.ts';
import { backwardModel, forwardModel, inputsOf, openCase, readRuleCases } from './rule-case.ts';
import type { RuleCase } from './rule-case.ts';

const isFused = (opType: string): boolean => /Attention$/.test(opType);

const cases = readRuleCases().filter(({ nodes }) => nodes.some(({ opType }) => isFused(opType)));

async function run(model: Model, one: RuleCase): Promise<Record<string, number[]>> {
  const session = await openCase(model, one, 'float32');
  try {
    return await session.run(inputsOf(one));
  } finally {
    await session.release();
  }
}

for (const one of cases)
  test(`the same numbers as the fused kernel: ${one.name}`, async () => {
    const fused = forwardModel(one, 'float32');
    const written = writeOutAttention(fused);
    assert.deepEqual(
      written.graph.nodes.filter(({ opType, domain }) => isFused(opType) || domain !== ''),
      [],
    );
    const [expected, { y }] = [await run(fused, one), await run(written, one)];
    assert.equal(y.length, expected['y'].length);
    y.forEach((value, at) => assert.ok(Math.abs(value - expected['y'][at]) < 1e-6, `${at}: ${value}`));
  });

test('a query that may see no key gives zeros, and no gradient', async () => {
  const [masked] = cases.filter(({ name }) => name.includes('truth values'));
  // the second of three queries; with causality only a later key would be left to the first
  const blind = masked.constants['seen'].values
    .split(' ')
    .map((seen, at) => (at >= 4 && at < 8 ? '0' : seen));
  const leftPadded = blind.with(0, '0');
  for (const [values, isCausal, blindRows] of [
    [blind, 0, [1]],
    [leftPadded, 1, [0, 1]],
  ] as const) {
    const one: RuleCase = {
      ...masked,
      nodes: masked.nodes.map((node) => ({ ...node, attributes: { is_causal: isCausal } })),
      constants: { seen: { ...masked.constants['seen'], values: values.join(' ') } },
    };
    const results = await run(backwardModel(one, 'float32', 'indices'), one);
    for (const numbers of Object.values(results)) assert.ok(numbers.every(Number.isFinite));
    // y and q: [2 batches, 1 head, 3 queries, 2 numbers]
    for (const row of blindRows)
      for (const name of ['y', 'gradient/q'])
        assert.deepEqual(results[name].slice(row * 2, row * 2 + 2), [0, 0], `${name}, row ${row}`);
    assert.ok(results['y'].slice(4, 6).every((value) => value !== 0));
  }
});

/** x [1, 2, 4] → weight w → attention with itself → weight v → y. */
function selfAttention(
  opType: string,
  options: {
    domain?: string;
    inputs?: readonly string[];
    outputs?: readonly string[];
    attributes?: Readonly<Record<string, AttributeInput>>;
    more?: readonly Tensor[];
  } = {},
): Model {
  const { domain = '', inputs = ['a', 'a', 'a'], outputs = ['b'], attributes = {}, more = [] } = options;
  const square = (name: string) =>
    float32Tensor(
      name,
      [4, 4],
      Array.from({ length: 16 }, (_, at) => at / 16),
    );
  const model = buildModel({
    name: 'attending',
    nodes: [
      buildNode('MatMul', 'below', ['x', 'w'], ['a']),
      { ...buildNode(opType, 'looking around', inputs, outputs, attributes), domain },
      buildNode('MatMul', 'above', ['b', 'v'], ['scores']),
      buildNode('ReduceMean', 'pool', ['scores'], ['y'], { axes: [1], keepdims: 0 }),
    ],
    initializers: [square('w'), square('v'), ...more],
    inputs: [{ name: 'x', dtype: 'float32', dims: [1, 2, 4] }],
    outputs: [{ name: 'y', dtype: 'float32' }],
    opset: 17,
  });
  return { ...model, opsets: new Map([['', 17], ...(domain === '' ? [] : [[domain, 1] as const])]) };
}

const stepFor = (model: Model, weight: string) =>
  buildTrainingStep(model, {
    groups: [{ id: 'one', weights: [weight] }],
    sizes: {},
    loss: 'cross-entropy',
    optimizer: 'sgd',
    returns: 'gradients',
  });

const heads = { q_num_heads: 2, kv_num_heads: 2 };
const past = float32Tensor('past', [1, 2, 3, 2], Array<number>(12).fill(1));

test('a weight below fused attention trains', () => {
  for (const model of [
    selfAttention('Attention', { attributes: heads }),
    selfAttention('MultiHeadAttention', { domain: 'com.microsoft', attributes: { num_heads: 2 } }),
  ]) {
    const step = stepFor(model, 'w');
    assert.deepEqual([...step.gradients.keys()], ['w']);
    assert.ok(
      [...step.notes.values()].some(
        ({ phase, origin }) => phase === 'backward' && /looking around/.test(origin),
      ),
    );
    assert.deepEqual(
      step.model.graph.nodes.filter(({ opType }) => isFused(opType)),
      [],
    );
  }
});

const unwritten: Record<string, [model: Model, words: RegExp]> = {
  lengths: [
    selfAttention('Attention', {
      inputs: ['a', 'a', 'a', '', '', '', 'lengths'],
      attributes: heads,
      more: [int64Tensor('lengths', [1], [2])],
    }),
    /nonpad_kv_seqlen/,
  ],
  scores: [
    selfAttention('Attention', { outputs: ['b', '', '', 's'], attributes: heads }),
    /qk_matmul_output/,
  ],
  window: [selfAttention('Attention', { attributes: { ...heads, left_window_size: 1 } }), /left_window_size/],
  precision: [
    selfAttention('Attention', { attributes: { ...heads, softmax_precision: 11 } }),
    /softmax_precision/,
  ],
  'half a past': [
    selfAttention('Attention', { inputs: ['a', 'a', 'a', '', 'past'], attributes: heads, more: [past] }),
    /past_value/,
  ],
  'a short mask': [
    selfAttention('Attention', {
      inputs: ['a', 'a', 'a', 'mask'],
      attributes: heads,
      more: [float32Tensor('mask', [2, 1], [0, 0])],
    }),
    /attn_mask/,
  ],
  'a past of many heads': [
    selfAttention('MultiHeadAttention', {
      domain: 'com.microsoft',
      inputs: ['a', 'a', 'a', '', '', '', 'past', 'past'],
      attributes: { num_heads: 2 },
      more: [past],
    }),
    /past_key/,
  ],
  'keys in heads': [
    selfAttention('MultiHeadAttention', {
      domain: 'com.microsoft',
      inputs: ['a', 'past', 'past'],
      attributes: { num_heads: 2 },
      more: [past],
    }),
    /\(key, value\)/,
  ],
};

for (const [name, [model, words]] of Object.entries(unwritten))
  test(`a form that is not written out is named where it is in the way, and stays fused where not: ${name}`, () => {
    assert.throws(
      () => stepFor(model, 'w'),
      (error: Error) => /looking around \(.*Attention\)/.test(error.message) && words.test(error.message),
    );
    const { graph } = stepFor(model, 'v').model;
    assert.equal(graph.nodes.filter(({ opType }) => isFused(opType)).length, 1);
  });

test('a model without attention is left as it is', () => {
  const [one] = readRuleCases();
  const model = forwardModel(one, 'float32');
  assert.equal(writeOutAttention(model), model);
});
