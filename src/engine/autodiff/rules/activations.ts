/** Activation functions of one input. */
import { floatAttributeOf, stringAttribute } from '../../onnx/graph-index.ts';
import { add, keepWhere, multiply, negate, subtract } from '../arithmetic.ts';
import type { GradientRow, GradientSite, InputGradient } from '../gradient-rule.ts';
import type { GraphBuilder } from '../graph-builder.ts';

export const activationRows: readonly GradientRow[] = [
  // from the output: the runtime may still fuse the ReLU into what stands before it
  [
    'Relu',
    ({
      node: {
        outputs: [y],
      },
      b,
      dY,
    }) => [() => keepWhere(b, isPositive(b, y), dY)],
  ],
  ['LeakyRelu', leakyRelu],
  [
    'Sigmoid',
    ({
      node: {
        outputs: [y],
      },
      b,
      dY,
    }) => [() => multiply(b, dY, y, oneMinus(b, y))],
  ],
  [
    'Tanh',
    ({
      node: {
        outputs: [y],
      },
      b,
      dY,
    }) => [() => multiply(b, dY, oneMinus(b, multiply(b, y, y)))],
  ],
  [
    'Softplus',
    ({
      node: {
        inputs: [x],
      },
      b,
      dY,
    }) => [() => multiply(b, dY, b.op('Sigmoid', [x]))],
  ],
  ['Erf', errorFunction],
  ['Clip', clip],
  ['HardSigmoid', hardSigmoid],
  ['HardSwish', hardSwish],
  [
    'Gelu',
    (site) => (stringAttribute(site.node, 'approximate', 'none') === 'tanh' ? tanhGelu(site) : gelu(site)),
  ],
  ['com.microsoft.Gelu', gelu],
];

function isPositive(b: GraphBuilder, x: string): string {
  return b.op('Greater', [x, b.scalar(0, x)]);
}

function oneMinus(b: GraphBuilder, x: string): string {
  return subtract(b, b.scalar(1, x), x);
}

function leakyRelu({ node, b, dY }: GradientSite): InputGradient[] {
  const slope = floatAttributeOf(node, 'alpha', Math.fround(0.01));
  return [() => b.op('Where', [isPositive(b, node.inputs[0]), dY, multiply(b, dY, slope)])];
}

/** d erf(x)/dx = 2/√π · exp(−x²). */
function errorFunction({
  node: {
    inputs: [x],
  },
  b,
  dY,
}: GradientSite): InputGradient[] {
  return [
    () => multiply(b, dY, multiply(b, b.op('Exp', [negate(b, multiply(b, x, x))]), 2 / Math.sqrt(Math.PI))),
  ];
}

/** Inside the limits, where input and output are the same, the gradient passes. */
function clip({
  node: {
    inputs: [x],
    outputs: [y],
  },
  b,
  dY,
}: GradientSite): InputGradient[] {
  return [() => keepWhere(b, b.op('Equal', [x, y]), dY)];
}

/** y = max(0, min(1, αx + β)). */
function hardSigmoid({ node, b, dY }: GradientSite): InputGradient[] {
  const [y] = node.outputs;
  const slope = floatAttributeOf(node, 'alpha', Math.fround(0.2));
  return [() => multiply(b, keepWhere(b, isPositive(b, multiply(b, y, oneMinus(b, y))), dY), slope)];
}

/** y = x · max(0, min(1, x/6 + 1/2)); the slope is (2x + 3)/6 between −3 and 3, 0 below and 1 above (Howard et al. 2019). */
function hardSwish({
  node: {
    inputs: [x],
  },
  b,
  dY,
}: GradientSite): InputGradient[] {
  return [
    () => {
      const inside = b.op('Clip', [x, b.scalar(-3, x), b.scalar(3, x)]);
      // (c + x + 3)/6 with c = x inside; outside it would grow, so x is replaced by ±3 and counted once
      const double = b.op('Where', [b.op('Equal', [inside, x]), add(b, x, x), inside]);
      return multiply(b, dY, multiply(b, add(b, double, b.scalar(3, x)), 1 / 6));
    },
  ];
}

/** y = x·Φ(x): Φ(x) + x·φ(x) (Hendrycks and Gimpel 2016). */
function gelu({
  node: {
    inputs: [x],
  },
  b,
  dY,
}: GradientSite): InputGradient[] {
  return [
    () => {
      const erf = b.op('Erf', [multiply(b, x, Math.SQRT1_2)]);
      const share = multiply(b, add(b, erf, b.scalar(1, x)), 0.5);
      const bell = multiply(b, b.op('Exp', [multiply(b, x, x, -0.5)]), 1 / Math.sqrt(2 * Math.PI));
      return multiply(b, dY, add(b, share, multiply(b, x, bell)));
    },
  ];
}

/** y = x·(1 + tanh u)/2 with u = √(2/π)·(x + 0.044715·x³). */
function tanhGelu({
  node: {
    inputs: [x],
  },
  b,
  dY,
}: GradientSite): InputGradient[] {
  return [
    () => {
      const square = multiply(b, x, x);
      const root = Math.sqrt(2 / Math.PI);
      const cubic = add(b, multiply(b, square, 0.044715), b.scalar(1, x));
      const t = b.op('Tanh', [multiply(b, x, cubic, root)]);
      const slope = multiply(b, add(b, multiply(b, square, 3 * 0.044715), b.scalar(1, x)), root);
      const share = multiply(b, add(b, t, b.scalar(1, x)), 0.5);
      const rest = multiply(b, x, oneMinus(b, multiply(b, t, t)), slope, 0.5);
      return multiply(b, dY, add(b, share, rest));
    },
  ];
}
