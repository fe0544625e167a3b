/** What a network wants to be given, and the tensors that are made for it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isThawError } from '../../../../src/engine/errors.ts';
import { buildModel, buildNode, float32Value } from '../../../../src/engine/onnx/build.ts';
import { smallFloatDecoder } from '../../../../src/engine/onnx/small-floats.ts';
import { float32Tensor } from '../../../../src/engine/onnx/tensor-values.ts';
import { tensorOf } from '../../../../src/labs/own-model/cast-numbers.ts';
import { findInputs, parseShape } from '../../../../src/labs/own-model/graph-inputs.ts';
import { makeInputs, type RunMaterial } from '../../../../src/labs/own-model/make-inputs.ts';
import { readVocabulary } from '../../../../src/labs/own-model/text-input.ts';
import { named } from './native-engine.ts';

const graph = buildModel({
  name: 'both',
  nodes: [buildNode('Gather', 'lookup', ['table', 'input_ids'], ['h'])],
  initializers: [float32Tensor('table', [7, 2], new Float32Array(14))],
  inputs: [
    float32Value('pixels', ['N', 3, 4, 6]),
    { name: 'input_ids', dtype: 'int64', dims: ['batch', 'tokens'] },
    { name: 'attention_mask', dtype: 'int64', dims: ['batch', 'tokens'] },
    { name: 'rows', dtype: 'uint8', dims: [1, 2, 2, 3] },
  ],
  outputs: [float32Value('h', ['batch', 'tokens', 2])],
}).graph;

const inputs = findInputs(graph);
const material: RunMaterial = {
  seed: 3,
  text: '',
  pictureChoice: { fit: 'stretch', channels: 'rgb', layout: 'nchw', divisor: 255, mean: [0], std: [1] },
};
const [pixels, ids, mask, rows] = inputs;

test('each input says what may fill it, and how large it begins', () => {
  assert.deepEqual(pixels.shape, [1, 3, 4, 6]);
  assert.deepEqual(pixels.fills, ['picture', 'random', 'ones', 'zeros']);
  assert.deepEqual([ids.shape, ids.below], [[1, 16], 7], 'random ids stay in the table');
  assert.deepEqual([ids.guess, mask.guess], ['random', 'ones']);
  assert.deepEqual([pixels.isChannelsLast, rows.isChannelsLast], [false, true]);
});

test('random numbers repeat for a seed, keep to the table, and differ between inputs', () => {
  const choices = Object.fromEntries(
    inputs.map(({ name, guess, shape }) => [name, { fill: guess, shape: shape.join('×') }]),
  );
  const once = makeInputs(inputs, choices, material);
  assert.deepEqual(makeInputs(inputs, choices, material), once);
  const other = makeInputs(inputs, choices, { ...material, seed: 4 });
  assert.notDeepEqual(other['pixels'], once['pixels']);
  const tokens = [...(once['input_ids'].data as BigInt64Array)].map(Number);
  assert.ok(tokens.every((id) => id >= 0 && id < 7) && new Set(tokens).size > 2);
  assert.ok([...(once['attention_mask'].data as BigInt64Array)].every((one) => one === 1n));
});

const wrongShapes: [text: string, says: RegExp][] = [
  ['1×3×4', /takes N×3×4×6/],
  ['1×4×4×6', /takes N×3×4×6/],
  ['1×3×4×six', /“1×3×4×six” is no such shape/],
  ['0×3×4×6', /no such shape/],
  ['9000000×3×4×6', /elements/],
];
for (const [text, says] of wrongShapes)
  test(`the shape ${text} is refused by a sentence`, () => {
    assert.throws(() => parseShape(text, pixels), says);
  });

test('shapes may be typed with any usual sign', () => {
  for (const text of ['2×3×4×6', '2x3x4x6', '2, 3, 4, 6', '2 3 4 6', '2*3*4*6'])
    assert.deepEqual(parseShape(text, pixels), [2, 3, 4, 6], text);
});

test('a picture fills its input by the chosen layout, order, scale, mean and deviation', () => {
  // one red pixel, one blue one
  const picture = { width: 2, height: 1, data: Uint8Array.of(255, 0, 0, 255, 0, 0, 255, 255) };
  const run = (
    change: Partial<RunMaterial['pictureChoice']>,
    name = 'p',
    dims = [1, 3, 1, 2],
    dtype = 'float32',
  ) => {
    const [input] = findInputs({ ...graph, inputs: [{ name, dtype: dtype as 'float32', dims }] });
    const made = makeInputs(
      [input],
      { [name]: { fill: 'picture', shape: dims.join('×') } },
      { ...material, picture, pictureChoice: { ...material.pictureChoice, ...change } },
    );
    return [...(made[name].data as Float32Array)];
  };
  assert.deepEqual(run({}), [1, 0, 0, 0, 0, 1]);
  assert.deepEqual(run({ channels: 'bgr' }), [0, 1, 0, 0, 1, 0]);
  assert.deepEqual(run({ layout: 'nhwc' }, 'p', [1, 1, 2, 3]), [1, 0, 0, 0, 0, 1]);
  assert.deepEqual(run({ divisor: 127.5, mean: [1], std: [1] }), [1, -1, -1, -1, -1, 1]);
  assert.deepEqual(run({ mean: [1, 0, 0], std: [1, 1, 0.5] }), [0, -1, 0, 0, 0, 2]);
  assert.deepEqual(run({ divisor: 1, layout: 'nhwc' }, 'p', [1, 1, 2, 3], 'uint8'), [255, 0, 0, 0, 0, 255]);
  const [red, blue] = run({ channels: 'grey', divisor: 1 }, 'p', [1, 1, 1, 2]);
  assert.deepEqual([red.toFixed(3), blue.toFixed(3)], ['76.245', '29.070']);
  assert.throws(() => run({ layout: 'nhwc' }), /has 2 channels where the layout puts them/);
});

test('a text fills ids, mask and segments; what is missing is said', async () => {
  const vocabulary = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', 'thaw', '##s', 'ice'].join('\n');
  const file = named('vocab.txt', new TextEncoder().encode(vocabulary));
  const opened = await readVocabulary([file], true);
  const choices = {
    input_ids: { fill: 'ids' as const, shape: '1×7' },
    attention_mask: { fill: 'mask' as const, shape: '1×7' },
  };
  const made = makeInputs([ids, mask], choices, { ...material, text: 'Ice thaws', vocabulary: opened });
  assert.deepEqual([...(made['input_ids'].data as BigInt64Array)].map(Number), [2, 6, 4, 5, 3, 0, 0]);
  assert.deepEqual([...(made['attention_mask'].data as BigInt64Array)].map(Number), [1, 1, 1, 1, 1, 0, 0]);
  assert.throws(
    () => makeInputs([ids], choices, material),
    (error) => isThawError(error, 'bad-input') && /no vocabulary/.test(error.message),
  );
  await assert.rejects(
    readVocabulary([named('vocab.json', Uint8Array.of(123, 125))], true),
    /without its merges/,
  );
});

test('numbers become half precision as IEEE 754 rounds them', () => {
  const decode = smallFloatDecoder('float16');
  const numbers = [
    0,
    1,
    -2,
    0.1,
    65_504,
    65_519,
    65_520,
    1e-7,
    2 ** -24,
    2 ** -14,
    1 / 3,
    NaN,
    -Infinity,
    2049,
  ];
  const bits = tensorOf('float16', [numbers.length], numbers).data as Uint16Array;
  const back = [...bits].map((one) => decode?.(one));
  const near = 0.0999755859375;
  const third = 0.333251953125;
  assert.deepEqual(back, [
    0,
    1,
    -2,
    near,
    65_504,
    65_504,
    Infinity,
    2 ** -23,
    2 ** -24,
    2 ** -14,
    third,
    NaN,
    -Infinity,
    2048,
  ]);
});
