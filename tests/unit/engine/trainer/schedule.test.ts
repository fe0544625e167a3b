import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batchAt } from '../../../../src/engine/trainer/batches.ts';
import { rateFactor } from '../../../../src/engine/trainer/schedule.ts';
import type { Schedule } from '../../../../src/engine/trainer/schedule.ts';

const curve = (schedule: Schedule, steps: number) =>
  Array.from({ length: steps }, (_, at) => rateFactor(schedule, at, steps));

function assertClose(actual: readonly number[], expected: readonly number[]): void {
  assert.equal(actual.length, expected.length);
  for (const [at, value] of expected.entries())
    assert.ok(Math.abs(actual[at] - value) < 1e-9, `step ${at}: ${actual[at]}, expected ${value}`);
}

test('one-cycle and cosine go as in torch.optim.lr_scheduler', () => {
  // OneCycleLR(max_lr=1, total_steps=10, pct_start=0.3) of PyTorch 2.13
  assertClose(
    curve({ kind: 'one-cycle' }, 10),
    [
      0.04, 0.52, 1, 0.9504846320134737, 0.8117456539497631, 0.6112620219362893, 0.38874197806371075,
      0.18825834605023697, 0.049519367986526286, 4e-6,
    ],
  );
  // CosineAnnealingLR(T_max=6)
  assertClose(
    curve({ kind: 'cosine' }, 6),
    [1, 0.9330127018922194, 0.75, 0.5, 0.2500000000000001, 0.06698729810778065],
  );
});

test('warm-up rises in equal steps to the full rate, and may lead into a cosine', () => {
  assertClose(curve({ kind: 'warm-up', warmUp: 0.4 }, 10), [0.25, 0.5, 0.75, 1, 1, 1, 1, 1, 1, 1]);
  const both = curve({ kind: 'cosine', warmUp: 0.2 }, 10);
  assertClose(both.slice(0, 3), [0.5, 1, 1]);
  assert.ok(both.slice(3).every((value, at) => value < both[at + 2]));
  assert.deepEqual(curve({ kind: 'constant' }, 3), [1, 1, 1]);
});

test('a schedule over one step is the full rate or its start, never more', () => {
  for (const kind of ['constant', 'cosine', 'one-cycle'] as const) {
    const factor = rateFactor({ kind }, 0, 1);
    assert.ok(factor > 0 && factor <= 1, `${kind}: ${factor}`);
  }
});

test('every epoch shows each example once, in an order of its own', () => {
  const plan = { count: 10, batchSize: 4, views: 3, seed: 5 };
  const epochOf = (epoch: number) =>
    [0, 1, 2].flatMap((place) => {
      const { examples, size } = batchAt(plan, epoch * 3 + place);
      assert.equal(examples.length, 4, 'a batch is always full');
      return examples.slice(0, size);
    });
  const sorted = (list: number[]) => [...list].sort((a, b) => a - b);
  for (const epoch of [0, 1, 7]) assert.deepEqual(sorted(epochOf(epoch)), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  assert.notDeepEqual(epochOf(0), epochOf(1));
  assert.deepEqual(batchAt(plan, 5), batchAt(plan, 5));
  const views = new Set(Array.from({ length: 30 }, (_, step) => batchAt(plan, step).views).flat());
  assert.deepEqual(sorted([...views]), [0, 1, 2]);
});

test('what fills the last batch has been in this epoch and does not count', () => {
  const { examples, size } = batchAt({ count: 5, batchSize: 4, views: 1, seed: 1 }, 1);
  const first = batchAt({ count: 5, batchSize: 4, views: 1, seed: 1 }, 0);
  assert.equal(size, 1);
  assert.deepEqual(examples.slice(1), first.examples.slice(0, 3));
});
