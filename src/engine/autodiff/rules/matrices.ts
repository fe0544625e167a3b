/** Matrix products. */
import { floatAttributeOf, intAttribute } from '../../onnx/graph-index.ts';
import { countItems } from '../../onnx/shape/contents.ts';
import { multiply, reshape, sumTo, swapLastAxes } from '../arithmetic.ts';
import type { GradientRow, GradientSite, InputGradient } from '../gradient-rule.ts';
import type { GraphBuilder } from '../graph-builder.ts';

export const matrixRows: readonly GradientRow[] = [
  ['MatMul', matMul],
  ['Gemm', gemm],
];

/** C = A·B over broadcast batch axes: dA = dC·Bᵀ, dB = Aᵀ·dC. A vector counts as a matrix of one row (A) or column (B). */
function matMul({ node, b, dY }: GradientSite): InputGradient[] {
  const [aDims, bDims] = node.inputs.map((input) => b.dims(input));
  const aShape = aDims.length === 1 ? [1, ...aDims] : aDims;
  const bShape = bDims.length === 1 ? [...bDims, 1] : bDims;
  const left = () => reshape(b, node.inputs[0], aShape);
  const right = () => reshape(b, node.inputs[1], bShape);
  const rows = aShape[aShape.length - 2];
  const columns = bShape[bShape.length - 1];
  const lead = b.dims(dY).slice(0, b.rank(dY) - (aDims.length > 1 ? 1 : 0) - (bDims.length > 1 ? 1 : 0));
  const whole = () => reshape(b, dY, [...lead, rows, columns]);
  if (bShape.length === 2) {
    // one weight matrix for all rows of the batch: two plain products
    const inner = bShape[0];
    const flat = (x: string, size: number) => reshape(b, x, [countItems(b.dims(x)) / size, size]);
    return [
      () => reshape(b, b.op('Gemm', [flat(dY, columns), right()], { transB: 1 }), aDims),
      () => reshape(b, b.op('Gemm', [flat(left(), inner), flat(dY, columns)], { transA: 1 }), bDims),
    ];
  }
  return [
    () => fit(b, b.op('MatMul', [whole(), swapLastAxes(b, right())]), aShape, aDims),
    () => fit(b, b.op('MatMul', [swapLastAxes(b, left()), whole()]), bShape, bDims),
  ];
}

function fit(b: GraphBuilder, x: string, shape: readonly number[], dims: readonly number[]): string {
  return reshape(b, sumTo(b, x, shape), dims);
}

/** Y = α·op(A)·op(B) + β·C. */
function gemm({ node, b, dY }: GradientSite): InputGradient[] {
  const [left, right] = node.inputs;
  const transA = intAttribute(node, 'transA', 0);
  const transB = intAttribute(node, 'transB', 0);
  const alpha = floatAttributeOf(node, 'alpha', 1);
  const product = (x: string, y: string, tX: number, tY: number) =>
    multiply(b, b.op('Gemm', [x, y], { transA: tX, transB: tY }), alpha);
  return [
    () => (transA === 1 ? product(right, dY, transB, 1) : product(dY, right, 0, 1 - transB)),
    () => (transB === 1 ? product(dY, left, 1, transA) : product(left, dY, 1 - transA, 0)),
    () => multiply(b, dY, floatAttributeOf(node, 'beta', 1)),
  ];
}
