/**
 * The kinds of shift on one feature and two classes, small enough to integrate. In the source both classes are equally frequent and lie
 * at −1 and +1 with spread 1, so the rule is P(Y=1|x) = 1/(1+exp(−2x)) and the best boundary is 0. Each kind changes one factor of P(X,Y)
 * (Moreno-Torres et al. 2012).
 */

export const shiftKinds = ['source', 'marginal', 'label', 'conditional'] as const;

export type ShiftKind = (typeof shiftKinds)[number];

/** Joint density of input and class at x: of class 0 and of class 1; the two integrate to 1 together. */
export type Joint = (x: number) => readonly [number, number];

/** Normal density. */
export function density(x: number, mean: number, spread: number): number {
  return Math.exp(-(((x - mean) / spread) ** 2) / 2) / (spread * Math.sqrt(2 * Math.PI));
}

/** The stated densities of each kind. */
export const joints: Readonly<Record<ShiftKind, Joint>> = {
  source: (x) => [0.5 * density(x, -1, 1), 0.5 * density(x, 1, 1)],
  // The inputs gather near the boundary, the rule stays
  marginal: (x) => split(density(x, 0.5, 0.6), rule(x)),
  // Class 1 becomes nine times as frequent as class 0, each class looks as before
  label: (x) => [0.1 * density(x, -1, 1), 0.9 * density(x, 1, 1)],
  // The inputs stay, what they mean moves by 1
  conditional: (x) => split(0.5 * density(x, -1, 1) + 0.5 * density(x, 1, 1), rule(x - 1)),
};

/** Share of wrong answers when everything right of the boundary is called class 1. */
export function errorAt(joint: Joint, boundary: number): number {
  return integrate((x) => joint(x)[0], boundary, 9) + integrate((x) => joint(x)[1], -9, boundary);
}

/** The boundary at which both classes are equally likely, by bisection; the joint densities here cross once. */
export function bestBoundary(joint: Joint): number {
  let [low, high] = [-4, 4];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    const [zero, one] = joint(middle);
    if (one > zero) high = middle;
    else low = middle;
  }
  return (low + high) / 2;
}

function rule(x: number): number {
  return 1 / (1 + Math.exp(-2 * x));
}

function split(input: number, one: number): readonly [number, number] {
  return [input * (1 - one), input * one];
}

/** Simpson's rule; the densities are smooth, so 2,000 intervals leave an error far below the printed digits. */
function integrate(f: (x: number) => number, from: number, to: number): number {
  const count = 2000;
  const step = (to - from) / count;
  let sum = f(from) + f(to);
  for (let i = 1; i < count; i++) sum += f(from + i * step) * (i % 2 ? 4 : 2);
  return (sum * step) / 3;
}
