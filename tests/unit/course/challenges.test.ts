/** Chapter 5: the numbers in its formulas, lists and answers are computed here and must stand in the text. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bestBoundary, errorAt, joints, type Joint } from '../../../src/labs/shift-kinds.ts';
import { normalBelow } from './normal.ts';
import { assertPrinted, meanOfLargest, readChapter } from './page-text.ts';

const text = readChapter('05-challenges');
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

test('kinds of shift', () => {
  const { marginal, label, conditional } = joints;
  const best = (joint: Joint) => errorAt(joint, bestBoundary(joint));
  assertPrinted(text, [
    `$\\Phi(-1)=${(100 * normalBelow(-1)).toFixed(1)}$ %`,
    `now errs on ${percent(errorAt(marginal, 0))}`,
    `to $${bestBoundary(label).toFixed(2)}$`,
    `still errs on ${percent(errorAt(label, 0))}, the new one on ${percent(best(label))}`,
    `errs on ${percent(errorAt(conditional, 0))}, the best on ${percent(best(conditional))}`,
    `=${(100 * (normalBelow(-2) / 2 + normalBelow(0) / 2)).toFixed(1)}$ %`,
  ]);
  assert.ok(Math.abs(best(marginal) - errorAt(marginal, 0)) < 1e-9, 'no other boundary does better');
});

test('detectors', () => {
  const [positive, negative] = [normalBelow(1), normalBelow(-1)];
  const rate = 0.9 * positive + 0.1 * negative;
  assertPrinted(text, [
    `$0.12/0.025=${(0.12 / Math.sqrt(0.25 / 400)).toFixed(1)}$`,
    `$\\Phi(1)=${positive.toFixed(3)}$ and class 0 with ${negative.toFixed(3)}`,
    `${percent(rate)} come out positive`,
    `$q=${((0.773 - 0.159) / (0.841 - 0.159)).toFixed(2)}$`,
    `$q=0.07/0.70=${(0.07 / 0.7).toFixed(2)}$`,
  ]);
});

test('repairs', () => {
  const centred = 0.9 * normalBelow(-0.2) + 0.1 * normalBelow(-1.8);
  const square = 0.9 * (0.2 / 0.9) ** 2 + 0.1 * 8 ** 2;
  assertPrinted(text, [
    `$0.9\\,\\Phi(-0.2)+0.1\\,\\Phi(-1.8)=${(100 * centred).toFixed(1)}$ %`,
    `mean square ${square.toFixed(2)}, so $n_{\\text{eff}}/n=1/${square.toFixed(2)}=${(1 / square).toFixed(3)}$`,
    `=2{,}000/1.64\\approx1{,}${Math.round(2000 / 1.64 / 10) * 10 - 1000}$`,
  ]);
  assert.equal(((0.2 ** 2 + 1.8 ** 2) / 2).toFixed(2), '1.64');
});

test('where transfer turns negative', () => {
  const [source, delta] = [1000, 0.2];
  const pooled = (n: number) => ((source * delta) / (source + n)) ** 2 + 1 / (source + n);
  const threshold = (n: number) => Math.sqrt(1 / source + 1 / n);
  const mix = (n: number) => 1 / n / (1 / n + 1 / source + delta ** 2);
  const mixed = (n: number) => (1 - mix(n)) ** 2 / n + mix(n) ** 2 * (1 / source + delta ** 2);
  assertPrinted(text, [
    `threshold for $|\\delta|$ is ${threshold(10).toFixed(3)}: transfer helps, with squared error ${pooled(10).toFixed(3)} against ${(1 / 10).toFixed(3)}`,
    `With $n_T=100$ it is ${threshold(100).toFixed(3)}, and the same source hurts: ${pooled(100).toFixed(3)} against ${(1 / 100).toFixed(3)}`,
    `$w^*=${mix(10).toFixed(2)}$ with error ${mixed(10).toFixed(3)}`,
    `$w^*=${mix(100).toFixed(2)}$ with error ${mixed(100).toFixed(4)}`,
    `$1-0.95^{12}=${(1 - 0.95 ** 12).toFixed(2)}$`,
    `$p<${(0.05 / 12).toFixed(4)}$`,
    `$p<${(0.05 / 30).toFixed(4)}$`,
    `$n_T\\approx${Math.round(1 / (0.01 - 1 / 10_000))}$`,
  ]);
  const helps = (n: number) => 0.01 < 1 / 10_000 + 1 / n;
  assert.ok(helps(101) && !helps(102));
});

test('tuning', () => {
  const tries = Math.log(0.05) / Math.log(0.9);
  const rounds = (settings: number, keep: number) => {
    let epochs = 0;
    for (let left = settings, length = 1; left >= 1; left /= keep, length *= keep) epochs += left * length;
    return epochs;
  };
  const error = Math.sqrt((0.8 * 0.2) / 200);
  assertPrinted(text, [
    `every rate above $${2 / 50}$`,
    `$10^{0.06}\\approx${(10 ** 0.06).toFixed(3)}$ a step`,
    `$1-0.95^{60}=${(1 - 0.95 ** 60).toFixed(3)}$`,
    `$0.09/0.09999=${(0.09 / 0.09999).toFixed(2)}$`,
    `$4\\cdot27=${rounds(27, 3)}$, where training all to the end costs $27\\cdot27=${27 ** 2}$`,
    `$k=\\ln0.05/\\ln0.9\\approx${tries.toFixed(1)}$, so ${Math.ceil(tries)} tries`,
    `=${rounds(16, 2)}$, against $16\\cdot16=${16 ** 2}$`,
    `standard error is ${(100 * error).toFixed(2)} points`,
    `look ${(100 * error * meanOfLargest(50)).toFixed(1)} points too good`,
  ]);
});
