import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '../../../src/engine/seeded-random.ts';

const take = (count: number, next: () => number) => Array.from({ length: count }, next);

test('a seed gives the same numbers each time, another seed and another path others', () => {
  const first = take(5, createRandom(7).next);
  assert.deepEqual(take(5, createRandom(7).next), first);
  assert.notDeepEqual(take(5, createRandom(8).next), first);
  assert.notDeepEqual(take(5, createRandom(7, 'weights').next), first);
  // Fixed for good: shared links name seeds
  const { below } = createRandom(1);
  assert.deepEqual(
    take(5, () => below(1000)),
    [457, 586, 747, 324, 941],
  );
});

test('uniform numbers fill their range evenly', () => {
  const random = createRandom(3);
  const counts = new Array<number>(10).fill(0);
  for (let i = 0; i < 20_000; i++) counts[random.below(10)]++;
  // Each count is binomial: mean 2000, deviation 42
  for (const count of counts) assert.ok(Math.abs(count - 2000) < 5 * 42, String(count));
});

test('normal numbers have mean 0, deviation 1 and the right tails', () => {
  const { normal } = createRandom(11);
  const values = take(20_000, normal);
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length;
  const outside = values.filter((value) => Math.abs(value) > 1.96).length / values.length;
  assert.ok(Math.abs(mean) < 0.03 && Math.abs(variance - 1) < 0.05, `${mean}, ${variance}`);
  assert.ok(Math.abs(outside - 0.05) < 0.008, String(outside));
});

test('a shuffle keeps every item once and leaves the list alone', () => {
  const items = [1, 2, 3, 4, 5, 6, 7, 8, 9];
  const mixed = createRandom(5).shuffle(items);
  assert.deepEqual(items, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
  assert.notDeepEqual(mixed, items);
  assert.deepEqual([...mixed].sort(), items);
  // Every item comes first about equally often
  const firsts = new Set(Array.from({ length: 200 }, (_, seed) => createRandom(seed).shuffle(items)[0]));
  assert.equal(firsts.size, items.length);
});
