/** The binormal curve against its closed forms. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { areaUnderCurve, rocPoint, separation } from '../../../src/labs/roc-curve.ts';

const near = (actual: number, expected: number, within = 1e-6) =>
  assert.ok(Math.abs(actual - expected) < within, `${actual} is not ${expected}`);

test('thresholds give the tabulated values of the normal distribution', () => {
  near(rocPoint(0).specificity, 0.5);
  near(rocPoint(0).sensitivity, 0.9331928);
  near(rocPoint(1.5).specificity, 0.9331928);
  near(rocPoint(1.5).sensitivity, 0.5);
});

test('half-way between the groups both errors are equal', () => {
  const { sensitivity, specificity } = rocPoint(separation / 2);
  near(sensitivity, specificity);
});

test('the area is that of the curve, by trapezes over many thresholds', () => {
  const points = Array.from({ length: 2001 }, (_, i) => rocPoint(7 - (i * 13) / 2000));
  const area = points.slice(1).reduce((sum, point, i) => {
    const before = points[i];
    return sum + ((before.specificity - point.specificity) * (point.sensitivity + before.sensitivity)) / 2;
  }, 0);
  near(area, areaUnderCurve(), 1e-4);
});
