/**
 * Every gradient rule against central differences of its own forward graph, in double precision wherever onnxruntime has such a
 * kernel. The cases' inputs lie away from kinks (1/32 or more).
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backwardModel, forwardModel, inputsOf, numbersOf, openCase, readRuleCases } from './rule-case.ts';
import type { Precision, RuleCase } from './rule-case.ts';

/** Operators that onnxruntime's CPU provider computes in float32 only (LayerNormalization: its mean), and a cast that rounds. */
const singleOnly = new Set(
  'Conv AveragePool GlobalAveragePool LayerNormalization Erf Gelu HardSwish HardSigmoid LeakyRelu Softplus Sum Sin Cos Cast'.split(
    ' ',
  ),
);

/** Of these the output is linear in each input, or piecewise so: a difference is exact whatever the step, up to the next kink. */
const linear = new Set('Conv AveragePool GlobalAveragePool HardSigmoid LeakyRelu Sum'.split(' '));

interface Method {
  readonly precision: Precision;
  readonly step: number;
  /** Of the largest element of a gradient. */
  readonly tolerance: number;
}

function methodFor({ nodes }: RuleCase): Method {
  const single = nodes.filter(({ opType }) => singleOnly.has(opType));
  if (single.length === 0) return { precision: 'float64', step: 1e-3, tolerance: 1e-7 };
  if (single.every(({ opType }) => linear.has(opType)))
    return { precision: 'float32', step: 1 / 64, tolerance: 2e-4 };
  return { precision: 'float32', step: 1 / 40, tolerance: 2e-4 };
}

/** Five points: the error is of fourth order in the step (Abramowitz and Stegun 1964, 25.3.6). */
const stencil = [
  [-2, 1 / 12],
  [-1, -2 / 3],
  [1, 2 / 3],
  [2, -1 / 12],
] as const;

for (const one of readRuleCases()) {
  test(one.name, async () => {
    const { precision, step, tolerance } = methodFor(one);
    const backward = await openCase(backwardModel(one, precision, one.pools[0]), one, precision);
    // the runtime refuses BatchNormalization in training, which the step writes out in its forward pass
    const isWrittenOut = one.nodes.some(({ attributes }) => attributes['training_mode'] === 1);
    const forward = isWrittenOut ? backward : await openCase(forwardModel(one, precision), one, precision);
    const inputs = inputsOf(one);
    const flowing = numbersOf(one.flowing);
    const results = await backward.run(inputs);
    for (const [name, values] of Object.entries(inputs)) {
      const slopes: number[] = [];
      for (const at of values.keys()) {
        let slope = 0;
        for (const [place, weight] of stencil) {
          const moved = values.with(at, values[at] + place * step);
          const { y } = await forward.run({ ...inputs, [name]: moved });
          slope += (weight * dot(y, flowing)) / step;
        }
        slopes.push(slope);
      }
      const gradient = results[`gradient/${name}`];
      assert.equal(gradient?.length, values.length, name);
      const size = Math.max(...slopes.map(Math.abs));
      slopes.forEach((slope, at) => {
        const error = Math.abs(gradient[at] - slope);
        assert.ok(
          error <= tolerance * size + 1e-9,
          `d${name}[${at}] is ${gradient[at]}, the difference ${slope}, ${precision}`,
        );
      });
    }
    await backward.release();
    if (forward !== backward) await forward.release();
  });
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, at) => sum + value * b[at], 0);
}
