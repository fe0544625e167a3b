/** Arithmetic on elements, with broadcasting: the walk sums back what was repeated. */
import { divide, keepWhere, multiply, negate, subtract } from '../arithmetic.ts';
import type { GradientRow, GradientSite, InputGradient } from '../gradient-rule.ts';

export const elementwiseRows: readonly GradientRow[] = [
  ['Identity', ({ dY }) => [() => dY]],
  ['Add', ({ dY }) => [() => dY, () => dY]],
  ['Sum', ({ node, dY }) => node.inputs.map(() => () => dY)],
  ['Sub', ({ b, dY }) => [() => dY, () => negate(b, dY)]],
  [
    'Mul',
    ({
      node: {
        inputs: [x, y],
      },
      b,
      dY,
    }) => [() => multiply(b, dY, y), () => multiply(b, dY, x)],
  ],
  ['Div', division],
  ['Neg', ({ b, dY }) => [() => negate(b, dY)]],
  [
    'Abs',
    ({
      node: {
        inputs: [x],
      },
      b,
      dY,
    }) => [() => multiply(b, dY, b.op('Sign', [x]))],
  ],
  [
    'Reciprocal',
    ({
      node: {
        outputs: [y],
      },
      b,
      dY,
    }) => [() => negate(b, multiply(b, dY, y, y))],
  ],
  [
    'Sqrt',
    ({
      node: {
        outputs: [y],
      },
      b,
      dY,
    }) => [() => divide(b, multiply(b, dY, 0.5), y)],
  ],
  [
    'Exp',
    ({
      node: {
        outputs: [y],
      },
      b,
      dY,
    }) => [() => multiply(b, dY, y)],
  ],
  [
    'Log',
    ({
      node: {
        inputs: [x],
      },
      b,
      dY,
    }) => [() => divide(b, dY, x)],
  ],
  [
    'Sin',
    ({
      node: {
        inputs: [x],
      },
      b,
      dY,
    }) => [() => multiply(b, dY, b.op('Cos', [x]))],
  ],
  [
    'Cos',
    ({
      node: {
        inputs: [x],
      },
      b,
      dY,
    }) => [() => negate(b, multiply(b, dY, b.op('Sin', [x])))],
  ],
  ['Pow', power],
  ['Where', choice],
  // between float types; where the input is no float no gradient is wanted
  [
    'Cast',
    ({
      node: {
        inputs: [x],
      },
      b,
      dY,
    }) => [() => b.cast(dY, b.dtype(x))],
  ],
];

/** y = x / z: dx = dy/z, dz = −dy·y/z. */
function division({ node, b, dY }: GradientSite): InputGradient[] {
  const [, divisor] = node.inputs;
  return [
    () => divide(b, dY, divisor),
    () => negate(b, divide(b, multiply(b, dY, node.outputs[0]), divisor)),
  ];
}

/** y = x^e: dx = dy·e·x^(e−1), de = dy·y·ln x (for x > 0). */
function power({ node, b, dY }: GradientSite): InputGradient[] {
  const [x, exponent] = node.inputs;
  const e = b.cast(exponent, b.dtype(x));
  const known = b.numbers(exponent);
  const isSquare = known?.length === 1 && known[0] === 2;
  const slope = () =>
    isSquare ? multiply(b, x, 2) : multiply(b, b.op('Pow', [x, subtract(b, e, b.scalar(1, x))]), e);
  return [() => multiply(b, dY, slope()), () => multiply(b, dY, node.outputs[0], b.op('Log', [x]))];
}

/** The gradient goes to the side that was chosen. */
function choice({ node, b, dY }: GradientSite): InputGradient[] {
  const [condition] = node.inputs;
  return [
    undefined,
    () => keepWhere(b, condition, dY),
    () => b.op('Where', [condition, b.scalar(0, dY), dY]),
  ];
}
