/** A graph's gradients against central differences of the graph itself. */
import assert from 'node:assert/strict';
import { backwardModel, forwardModel, inputsOf, numbersOf, openCase } from './rule-case.ts';
import type { Precision, RuleCase } from './rule-case.ts';

/** How differences are taken. */
export interface DifferenceMethod {
  readonly precision: Precision;
  readonly step: number;
  /** Of the largest element of a gradient. */
  readonly tolerance: number;
}

/** What double precision allows: the step's error is below 1e-12, that of rounding below 1e-10. */
export const inDoublePrecision: DifferenceMethod = { precision: 'float64', step: 1e-3, tolerance: 1e-7 };

/** Five points: the error is of fourth order in the step (Abramowitz and Stegun 1964, 25.3.6). */
const stencil = [
  [-2, 1 / 12],
  [-1, -2 / 3],
  [1, 2 / 3],
  [2, -1 / 12],
] as const;

/** Fails where the gradient of an input's element is not the slope of Σ flowing · y along it. */
export async function checkGradients(
  one: RuleCase,
  { precision, step, tolerance }: DifferenceMethod,
): Promise<void> {
  const backward = await openCase(backwardModel(one, precision, one.pools[0]), one, precision);
  // the runtime refuses BatchNormalization in training, which the step writes out in its forward pass
  const isWrittenOut = one.nodes.some(({ attributes }) => attributes['training_mode'] === 1);
  const forward = isWrittenOut ? backward : await openCase(forwardModel(one, precision), one, precision);
  const inputs = inputsOf(one);
  const flowing = numbersOf(one.flowing);
  const results = await backward.run(inputs);
  const slopeAt = async (name: string, at: number): Promise<number> => {
    let slope = 0;
    for (const [place, weight] of stencil) {
      const moved = inputs[name].with(at, inputs[name][at] + place * step);
      const { y } = await forward.run({ ...inputs, [name]: moved });
      slope += (weight * dot(y, flowing)) / step;
    }
    return slope;
  };
  for (const [name, values] of Object.entries(inputs)) {
    const slopes: number[] = [];
    for (const at of values.keys()) slopes.push(await slopeAt(name, at));
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
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, at) => sum + value * b[at], 0);
}
