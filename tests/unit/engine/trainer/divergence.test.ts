import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeDivergence, isSound } from '../../../../src/engine/trainer/divergence.ts';

test('a loss is sound up to twenty times the first one, or guessing', () => {
  assert.equal(isSound(31, 0.1, 5), true, 'guessing among five costs 1.6');
  assert.equal(isSound(33, 0.1, 5), false);
  assert.equal(isSound(99, 5, 5), true);
  assert.equal(isSound(NaN, 5, 5), false);
});

test('a reader is told a loss in numbers that can be read', () => {
  const said = (loss: number) => describeDivergence(3, loss, 100).message;
  assert.match(said(33.4), /step 3: the loss rose to 33\.$/);
  assert.match(said(5123), /rose to 5,100\.$/);
  assert.match(said(2.1e12), /rose to 2\.1 · 10\^12\.$/);
  assert.match(said(Infinity), /numbers became too large\.$/);
});
