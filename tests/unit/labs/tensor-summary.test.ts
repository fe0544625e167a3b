import assert from 'node:assert/strict';
import { test } from 'node:test';
import { summariseTensor } from '../../../src/labs/tensor-summary.ts';

test('statistics of finite values, with a count of all others', () => {
  const data = Float32Array.of(1, -1, 0, 0, NaN, Infinity, 4, NaN);
  const { statistics, histogram } = summariseTensor('x', { dtype: 'float32', shape: [8], data });
  assert.deepEqual(statistics, {
    count: 8,
    least: -1,
    largest: 4,
    mean: 0.8,
    deviation: Math.sqrt(((1 - 0.8) ** 2 + 1.8 ** 2 + 2 * 0.8 ** 2 + 3.2 ** 2) / 5),
    zeroShare: 0.25,
    notNumbers: 2,
    infinite: 1,
  });
  assert.equal(
    histogram?.counts.reduce((sum, count) => sum + count, 0),
    5,
  );
});

test('slices of a large tensor are means of what they cover, and at most sixteen', () => {
  const shape = [1, 20, 96, 96];
  const data = new Float32Array(20 * 96 * 96).map((_, index) => Math.floor(index / (96 * 96)));
  const { maps } = summariseTensor('x', { dtype: 'float32', shape, data });
  assert.deepEqual([maps?.width, maps?.height, maps?.total, maps?.maps.length], [48, 48, 20, 16]);
  assert.ok(maps?.maps[7].every((value) => value === 7));
});

test('weights of a 1×1 convolution are one map of outputs by inputs', () => {
  const data = Int8Array.from({ length: 12 }, (_, index) => index);
  const { maps } = summariseTensor('w', { dtype: 'int8', shape: [4, 3, 1, 1], data });
  assert.deepEqual([maps?.width, maps?.height, maps?.total], [3, 4, 1]);
  assert.deepEqual(maps?.maps[0], [...data]);
});

test('a row of scores names its largest; texts are shown as they are', () => {
  const row = summariseTensor('y', { dtype: 'float32', shape: [1, 4], data: Float32Array.of(0, 3, 1, 3) });
  assert.deepEqual(
    row.largest.map(({ index }) => index),
    [1, 3, 2, 0],
  );
  assert.equal(row.maps, undefined);
  const texts = summariseTensor('t', { dtype: 'string', shape: [2], data: ['<b>', 'two'] });
  assert.deepEqual([texts.first, texts.statistics], [['<b>', 'two'], undefined]);
  const half = summariseTensor('h', { dtype: 'float16', shape: [2], data: Uint16Array.of(0x3c00, 0x7e00) });
  assert.deepEqual([half.statistics?.largest, half.statistics?.notNumbers], [1, 1]);
  const long = summariseTensor('i', { dtype: 'int64', shape: [1], data: BigInt64Array.of(-5n) });
  assert.equal(long.statistics?.mean, -5);
});
