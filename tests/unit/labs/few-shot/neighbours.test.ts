import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  accuracyOf,
  accuracyOfAnswers,
  spreadOf,
  wilsonInterval,
} from '../../../../src/labs/few-shot/accuracy.ts';
import {
  findNeighbours,
  voteOfNeighbours,
  type Embedding,
} from '../../../../src/labs/few-shot/neighbours.ts';

const embed = (...rows: number[][]): Embedding => ({
  count: rows.length,
  size: rows[0].length,
  data: Float32Array.from(rows.flat()),
});

test('neighbours are nearest by direction, whatever the length, and never the picture itself', () => {
  const { k, places, similarities } = findNeighbours(embed([1, 0], [10, 1], [0, 3], [-1, 0]), 2);
  assert.equal(k, 2);
  assert.deepEqual([...places], [1, 2, 0, 2, 1, 0, 2, 1]);
  assert.ok(Math.abs(similarities[0] - 10 / Math.sqrt(101)) < 1e-7);
});

test('with known pictures each asked one is compared with all of those', () => {
  const { places } = findNeighbours(embed([1, 0.1]), 5, embed([0, 1], [1, 0]));
  assert.deepEqual([...places], [1, 0]);
});

test('most neighbours win, and among equals the nearest', () => {
  const vote = (places: number[], labels: number[]) =>
    voteOfNeighbours(
      { k: places.length, places: Int32Array.from(places), similarities: new Float64Array() },
      labels,
    );
  assert.deepEqual([...vote([0, 1, 2], [4, 7, 7])], [7]);
  assert.deepEqual([...vote([0, 1, 2], [4, 7, 9])], [4]);
  assert.deepEqual([...vote([2, 1, 0, 3], [7, 7, 4, 4])], [4]);
});

test('one picture has no neighbours, and zeros compare with nothing', () => {
  assert.equal(findNeighbours(embed([1, 2]), 3).k, 0);
  assert.deepEqual([...findNeighbours(embed([0, 0], [1, 0]), 1).similarities], [0, 0]);
});

test('the interval is Wilson’s', () => {
  // Newcombe 1998, table I: 81 of 263 and 0 of 20
  const [low, high] = wilsonInterval(81, 263);
  assert.deepEqual([low.toFixed(4), high.toFixed(4)], ['0.2553', '0.3662']);
  assert.deepEqual(
    wilsonInterval(0, 20).map((end) => end.toFixed(4)),
    ['0.0000', '0.1611'],
  );
  assert.deepEqual(wilsonInterval(0, 0), [0, 1]);
  const { share, low: least, high: most } = accuracyOf(20, 20);
  assert.ok(share === 1 && Math.abs(most - 1) < 1e-9 && Math.abs(least - 20 / (20 + 1.96 ** 2)) < 1e-9);
});

test('answers are counted against the truth, and accuracies have a spread', () => {
  assert.equal(accuracyOfAnswers([1, 2, 3, 4], [1, 2, 0, 4]).correct, 3);
  const { mean, deviation } = spreadOf([0.4, 0.6]);
  assert.ok(Math.abs(mean - 0.5) + Math.abs(deviation - Math.sqrt(0.02)) < 1e-12);
  assert.deepEqual(spreadOf([0.4]), { mean: 0.4, deviation: 0 });
});
