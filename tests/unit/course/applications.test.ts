import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertPrinted, readChapter, wilson } from './page-text.ts';

const text = readChapter('06-applications');
const ppv = (prevalence: number, sensitivity: number, specificity: number): number =>
  (prevalence * sensitivity) / (prevalence * sensitivity + (1 - prevalence) * (1 - specificity));

test('predictive values of the text follow from Bayes', () => {
  assertPrinted(text, [
    `\\frac{0.27}{0.34}\\approx${ppv(0.3, 0.9, 0.9).toFixed(2)}`,
    `\\frac{0.0045}{0.104}\\approx${ppv(0.005, 0.9, 0.9).toFixed(3)}`,
    `0.0095/0.0293\\approx${ppv(0.01, 0.95, 0.98).toFixed(3)}`,
    `0.01/(0.01+0.0198)\\approx${ppv(0.01, 1, 0.98).toFixed(3)}`,
    `0.0095/(0.0095+0.0099)\\approx${ppv(0.01, 0.95, 0.99).toFixed(3)}`,
  ]);
  assert.equal(Math.round(1 / ppv(0.005, 0.9, 0.9)), 23, 'one in twenty-three');
  assert.equal((0.3 * 0.9 + 0.7 * 0.1).toFixed(2), '0.34');
  assert.equal((0.0045 + 0.995 * 0.1).toFixed(3), '0.104');
});

test('intervals of the text are Wilson intervals', () => {
  const [few, many] = [wilson(19, 20), wilson(180, 200)].map((pair) => pair.map((edge) => edge.toFixed(3)));
  assertPrinted(text, [
    `from $${few[0]}$ to $${few[1]}$`,
    `${few[0]} to ${few[1]} and ${many[0]} to ${many[1]}`,
  ]);
  const [low, high] = wilson(40, 50);
  assert.equal(Math.round((100 * (high - low)) / 2), 11, '±11 points around 80 %');
});

test('mixtures, thresholds and pairs of the text are computed', () => {
  const shares = [0.8, 0.15, 0.05];
  const accuracies = [0.92, 0.86, 0.66];
  const pooled = shares.reduce((sum, share, i) => sum + share * (accuracies[i] ?? 0), 0);
  const mean = accuracies.reduce((sum, value) => sum + value, 0) / 3;
  const ill = [0.9, 0.6, 0.4];
  const well = [0.7, 0.5, 0.3, 0.1];
  const pairs = ill.flatMap((a) => well.map((b) => a > b)).filter(Boolean).length;
  assertPrinted(text, [
    `=${pooled.toFixed(3)} .`,
    `$${mean.toFixed(3)}$`,
    `so the area is $${pairs / (ill.length * well.length)}$`,
    `$1/20=${1 / 20}$`,
    `$1/(1+50)\\approx${(1 / 51).toFixed(4)}$`,
  ]);
  assert.equal((45 + 270) / 350, 0.9);
});

test('the arm of the text misses by what the formula says', () => {
  const hand = (a: number, b: number, alpha: number, beta: number): [number, number] => [
    a * Math.cos(alpha) + b * Math.cos(alpha + beta),
    a * Math.sin(alpha) + b * Math.sin(alpha + beta),
  ];
  const miss = (beta: number): number => {
    const [x, y] = hand(0.5, 0.5, 0.3, beta);
    const [u, v] = hand(0.6, 0.4, 0.3, beta);
    return Math.hypot(u - x, v - y);
  };
  assertPrinted(text, [
    `0.1\\cdot\\sqrt2\\approx${miss(Math.PI / 2).toFixed(3)}$ m`,
    `$${miss(Math.PI).toFixed(1)}$ m`,
  ]);
  assert.ok(miss(0) < 1e-12);
});
