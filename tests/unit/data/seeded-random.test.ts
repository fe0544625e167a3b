import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seedRandom } from '../../../src/data/seeded-random.ts';

const take = (seed: number, ...purpose: (string | number)[]) => {
  const random = seedRandom(seed, ...purpose);
  return Array.from({ length: 20_000 }, () => random.next());
};

test('a seed and a purpose fix the stream; another of either gives another stream', () => {
  assert.deepEqual(take(3, 'head'), take(3, 'head'));
  const others = [take(4, 'head'), take(3, 'batches'), take(3, 'head', 1), take(3)];
  const stream = take(3, 'head');
  for (const other of others)
    assert.deepEqual(
      other.filter((value, at) => value === stream[at]),
      [],
    );
});

test('numbers are even over their range, and neighbours do not follow each other', () => {
  for (const seed of [0, 1, -7, 2 ** 31]) {
    const values = take(seed);
    const bins = Array.from({ length: 10 }, () => 0);
    for (const value of values) bins[Math.floor(value * 10)]++;
    // χ² with 9 degrees of freedom exceeds 30 once in 2,300 streams
    const chi = bins.reduce((sum, count) => sum + (count - 2000) ** 2 / 2000, 0);
    assert.ok(chi < 30, `seed ${seed}: χ² ${chi}`);
    const products = values.slice(1).map((value, at) => (value - 0.5) * (values[at] - 0.5));
    const correlation = products.reduce((sum, one) => sum + one, 0) / products.length / (1 / 12);
    assert.ok(Math.abs(correlation) < 0.03, `seed ${seed}: correlation ${correlation}`);
  }
});

test('normal numbers have mean 0 and deviation 1', () => {
  const random = seedRandom(5);
  const values = Array.from({ length: 20_000 }, () => random.normal());
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  assert.ok(Math.abs(mean) < 0.03, `mean ${mean}`);
  assert.ok(Math.abs(variance - 1) < 0.05, `variance ${variance}`);
});

test('every order of three comes up about equally often', () => {
  const random = seedRandom(9);
  const counts = new Map<string, number>();
  for (let round = 0; round < 6000; round++) {
    const order = random.shuffled(['a', 'b', 'c']).join('');
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  assert.equal(counts.size, 6);
  for (const [order, count] of counts) assert.ok(Math.abs(count - 1000) < 150, `${order}: ${count}`);
});

test('a number below n is one of n', () => {
  const random = seedRandom(1);
  const seen = new Set(Array.from({ length: 200 }, () => random.below(5)));
  assert.deepEqual([...seen].sort(), [0, 1, 2, 3, 4]);
});
