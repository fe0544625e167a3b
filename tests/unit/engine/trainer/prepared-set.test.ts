import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AnyTensors } from '../../../../src/engine/runtime/any-session.ts';
import { frozenSet } from '../../../../src/engine/trainer/prepared-set.ts';

/** Five rows of two numbers, and frozen layers that add them up, three rows at a time. */
function makeSet() {
  const batches: number[][] = [];
  const inputs = {
    input: {
      dtype: 'float32' as const,
      shape: [5, 2],
      data: Float32Array.from({ length: 10 }, (_, at) => at),
    },
  } satisfies AnyTensors;
  const layers = {
    batchSize: 3,
    sizes: new Map([['sum', [1, 1]]]),
    run(batch: AnyTensors) {
      const data = batch['input'].data as Float32Array;
      batches.push([...data.filter((_, at) => at % 2 === 0)].map((first) => first / 2));
      const sums = Float32Array.from({ length: 3 }, (_, row) => data[2 * row] + data[2 * row + 1]);
      return Promise.resolve({ sum: { dtype: 'float32' as const, shape: [3, 1, 1], data: sums } });
    },
  };
  return { set: frozenSet({ inputs, labels: new Int32Array(5) }, {}, layers), batches };
}

test('every row passes the frozen layers once, when it is first asked for', async () => {
  const { set, batches } = makeSet();
  assert.deepEqual(batches, [], 'nothing before anybody asks');
  await set.fill([4, 1, 4]);
  assert.deepEqual(batches, [[4, 1, 4]], 'a batch that is not full repeats its rows');
  await set.fill([1, 4]);
  assert.equal(batches.length, 1);
  await set.fill([0, 1, 2, 3]);
  assert.deepEqual(batches.slice(1), [[0, 2, 3]]);
  const { sum } = set.values;
  assert.deepEqual([...sum.data], [1, 5, 9, 13, 17]);
  assert.deepEqual(sum.shape, [5, 1, 1]);
});

test('more rows than a batch come in several', async () => {
  const { set, batches } = makeSet();
  await set.fill([0, 1, 2, 3, 4]);
  assert.deepEqual(batches, [
    [0, 1, 2],
    [3, 4, 3],
  ]);
  assert.deepEqual([...set.values['sum'].data], [1, 5, 9, 13, 17]);
});
