import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertPrinted, choose, meanOfLargest, readChapter, signTest } from './page-text.ts';

const text = readChapter('07-teach-it-yourself');

test('the table of largest normal numbers is computed', () => {
  const row = [2, 5, 10, 20, 50].map((k) => meanOfLargest(k).toFixed(3)).join(' | ');
  assertPrinted(text, [`| $m_k$ | ${row} |`]);
});

test("the winner's bias of the text follows", () => {
  const sigma = (p: number, n: number): number => Math.sqrt((p * (1 - p)) / n);
  const best = 0.8 + sigma(0.8, 100) * meanOfLargest(20);
  const exercise = 0.9 + sigma(0.9, 400) * meanOfLargest(10);
  assertPrinted(text, [
    `=${sigma(0.8, 100).toFixed(2)}$`,
    `\\approx${best.toFixed(3)}$`,
    `=${sigma(0.9, 400).toFixed(3)}$`,
    `\\approx${exercise.toFixed(3)}$`,
  ]);
});

test('the paired comparisons of the text are exact', () => {
  assertPrinted(text, [
    `$b=18$ and $c=7$ this is $${signTest(18, 7).toFixed(3)}$`,
    `$b=14$ and $c=11$, $${signTest(14, 11).toFixed(3)}$`,
    `=2\\cdot${choose(7, 6) + choose(7, 7)}/128=${signTest(6, 1)}$`,
  ]);
  assert.equal(150 + 18, 168);
  assert.equal(150 + 7, 157);
});

test('means over classes and learning curves of the text are computed', () => {
  const mean = (88 / 90 + 4 / 10) / 2;
  assertPrinted(text, [
    `\\approx${mean.toFixed(3)}`,
    `with mean $${((45 / 50 + 24 / 30 + 8 / 20) / 3).toFixed(1)}$`,
  ]);
  const floor = (e: readonly [number, number, number]): number => {
    const [a, b, c] = e;
    const ratio = (b - c) / (a - b);
    return c - ((b - c) * ratio) / (1 - ratio);
  };
  assertPrinted(text, [
    `e_\\infty\\approx${floor([0.28, 0.2, 0.16]).toFixed(2)}`,
    `so the floor is $${floor([0.3, 0.22, 0.18]).toFixed(2)}$`,
  ]);
});
