/** Chapter 2: the numbers in its formulas, tables and answers are computed here and must stand in the text. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { crossingPoint, excessFromScratch, excessOfTransfer } from '../../../src/labs/excess-risk.ts';
import { stated, whyExamples } from '../../../src/site/values/examples/why.ts';
import { assertPrinted, meanOfLargest, readChapter, signTest, wilson } from './page-text.ts';

const text = readChapter('02-why');
const skip = existsSync('public/models/resnet-mixed/manifest.json') ? false : 'no model in public/models';
const grouped = (value: number) => Math.round(value).toLocaleString('en-GB').replaceAll(',', '{,}');

test('the MACs of single convolutions', () => {
  assertPrinted(text, [
    `$9\\cdot64\\cdot64\\cdot8\\cdot8=${grouped(9 * 64 * 64 * 8 * 8)}$`,
    `$9\\cdot3\\cdot32\\cdot32\\cdot32=${grouped(9 * 3 * 32 ** 3)}$`,
    `=${grouped(2 * 9 * 3 * 32 ** 3)}$ in total`,
  ]);
});

test('the cost of whole runs keeps the stated proportions', { skip }, () => {
  const values = whyExamples();
  const number = (name: string) => Number(values[name]?.replaceAll(',', '').split('\u202f')[0]);
  assert.equal(stated.pictures, 12 * 40);
  // "Training everything falls a little short of three; keeping features saves about 3E"
  assert.ok(number('everythingRatio') > 2.9 && number('everythingRatio') < 3);
  assert.ok(number('runRatio') > 280 && number('runRatio') < 300);
  assert.equal(number('kept'), 2 * 256 * 12);
  const [scratch, kept, source] = [
    number('runScratch') * 1e12,
    number('runKept') * 1e9,
    number('source') * 1e12,
  ];
  assert.ok(Math.abs(number('breakEven') - source / (scratch - kept)) < 1);
  assert.ok(Math.abs(number('scratchSeconds') - scratch / 20e9) < 1);
  assert.ok(Math.abs(number('scratchWattHours') - (scratch / 20e9) * (15 / 3600)) < 0.06);
});

test('bias and variance, and the crossing', () => {
  assertPrinted(text, [
    `0.3+10/150=${excessOfTransfer(150).toFixed(3)}`,
    `0+100/150=${excessFromScratch(150).toFixed(3)}`,
    `$n=90/0.3=${crossingPoint()}$`,
    `transfer stands at ${excessOfTransfer(1000).toFixed(3)} and scratch at ${excessFromScratch(1000).toFixed(3)}`,
    `$10/0.05=${Math.round(10 / 0.05)}$ examples, scratch $100/0.35\\approx${Math.round(100 / 0.35)}$`,
    `$n=200/0.4=${(2 * (120 - 20)) / 0.4}$`,
  ]);
  assert.equal((1 * (120 - 20)) / 0.4, 250, 'half the noise');
});

test('the bound on examples', () => {
  const needed = (8 * 3084 * Math.LN2 + Math.log(2 / 0.05)) / (2 * 0.1 ** 2);
  assert.equal(257 * 12, 3084);
  assertPrinted(text, [`about ${(Math.round(needed / 1000) * 1000).toLocaleString('en-GB')} examples`]);
});

test('the best of k tries', () => {
  const row = [1, 2, 5, 10, 20, 50].map((k) => meanOfLargest(k).toFixed(2).replace('-', ''));
  assertPrinted(text, [
    `| ${row.join(' | ')} |`,
    `$1.5\\cdot${row[4]}\\approx${(1.5 * meanOfLargest(20)).toFixed(1)}$ points`,
  ]);
});

test('intervals and sizes of test sets', () => {
  const percent = (pair: readonly number[]) => pair.map((edge) => (100 * edge).toFixed(1));
  const [many, all, scans] = [percent(wilson(83, 100)), percent(wilson(20, 20)), percent(wilson(45, 50))];
  assertPrinted(text, [
    `83 right of 100 gives ${many[0]} % to ${many[1]} %`,
    `Twenty right of twenty gives ${all[0]} % to 100 %`,
    `from ${scans[0]} % to ${scans[1]} %`,
    `$N=1.96^2\\cdot0.16/0.02^2\\approx${grouped((1.96 ** 2 * 0.16) / 0.02 ** 2)}$`,
    `$N=1.96^2\\cdot0.09/0.01^2\\approx${grouped((1.96 ** 2 * 0.09) / 0.01 ** 2)}$`,
    `$(45+1.92)/53.84=${((45 + 1.92) / 53.84).toFixed(3)}$`,
    `=${((1.96 / 53.84) * Math.sqrt(4.5 + 0.96)).toFixed(3)}$: from`,
  ]);
});

test('the paired comparison and the five draws', () => {
  const [n, b, c] = [500, 35, 15];
  const gain = (b - c) / n;
  const paired = Math.sqrt(((b + c) / n - gain ** 2) / n);
  const apart = Math.sqrt((0.8 * 0.2 + 0.76 * 0.24) / n);
  assert.equal(380 + b - c, 400);
  const draws = [3.1, 4.0, 1.8, 5.2, 2.9];
  const mean = draws.reduce((sum, value) => sum + value, 0) / 5;
  const spread = Math.sqrt(draws.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 4);
  const half = (2.776 * spread) / Math.sqrt(5);
  assertPrinted(text, [
    `standard error of ${(100 * paired).toFixed(2)} points, so 4 is ${(gain / paired).toFixed(1)} standard errors`,
    `would be ${(100 * apart).toFixed(2)}, and the same gain ${(gain / apart).toFixed(1)} standard errors`,
    `by a fair coin: ${signTest(b, c).toFixed(4)}`,
    `mean ${mean.toFixed(1)} and standard deviation ${spread.toFixed(2)}: from ${(mean - half).toFixed(1)} to ${(mean + half).toFixed(1)} points`,
  ]);
});

test('the exercise on kept features', () => {
  const once = 35e6 * 1000;
  const steps = 2 * 3000 * 1000 * 50;
  assert.equal(once, 3.5e10);
  assertPrinted(text, [
    `=3\\cdot10^8$: together $${((once + steps) / 1e10).toFixed(2)}\\cdot10^{10}$`,
    `=${((50 * once) / 1e12).toFixed(2)}\\cdot10^{12}$, some ${Math.round((50 * once) / (once + steps) / 10) * 10} times more`,
  ]);
  assert.equal(steps, 3e8);
});
