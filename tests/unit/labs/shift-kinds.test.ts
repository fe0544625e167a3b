/** The kinds of shift: each changes the factor that it is named after and no other. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crossingPoint, excessFromScratch, excessOfTransfer } from '../../../src/labs/excess-risk.ts';
import { bestBoundary, errorAt, joints, type Joint } from '../../../src/labs/shift-kinds.ts';

const grid = Array.from({ length: 41 }, (_, i) => -4 + i / 5);
const near = (actual: number, expected: number, within = 1e-6) =>
  assert.ok(Math.abs(actual - expected) < within, `${actual} is not ${expected}`);
const inputs = (joint: Joint, x: number) => joint(x)[0] + joint(x)[1];
const rule = (joint: Joint, x: number) => joint(x)[1] / inputs(joint, x);

test('each joint density holds one unit of probability', () => {
  for (const joint of Object.values(joints)) near(errorAt(joint, 9) + errorAt(joint, -9), 1);
});

test('marginal shift keeps the rule, conditional shift keeps the inputs, label shift keeps each class', () => {
  for (const x of grid) {
    near(rule(joints.marginal, x), rule(joints.source, x));
    near(inputs(joints.conditional, x), inputs(joints.source, x));
    near(joints.label(x)[0] / 0.1, joints.source(x)[0] / 0.5);
    near(joints.label(x)[1] / 0.9, joints.source(x)[1] / 0.5);
  }
  assert.ok(Math.abs(inputs(joints.marginal, 0) - inputs(joints.source, 0)) > 0.1);
  assert.ok(Math.abs(rule(joints.conditional, 0) - rule(joints.source, 0)) > 0.1);
});

test('boundaries and errors of the source and of label shift have closed forms', () => {
  near(bestBoundary(joints.source), 0);
  near(errorAt(joints.source, 0), 0.158655);
  near(bestBoundary(joints.label), -Math.log(9) / 2);
  near(errorAt(joints.label, 0), 0.158655);
  near(bestBoundary(joints.conditional), 1);
});

test('the two learning curves meet where the formula says', () => {
  near(crossingPoint(), 300);
  near(excessFromScratch(crossingPoint()), excessOfTransfer(crossingPoint()));
  assert.ok(excessOfTransfer(150) < excessFromScratch(150));
  assert.ok(excessOfTransfer(1000) > excessFromScratch(1000));
});
