/** Sums and means over axes, softmax. */
import { intAttribute, intsAttribute } from '../../onnx/graph-index.ts';
import { countItems } from '../../onnx/shape/contents.ts';
import { fail } from '../../onnx/shape/rule.ts';
import { expand, fromFront, multiply, range, reshape, subtract, sum } from '../arithmetic.ts';
import type { GradientRow, GradientSite, InputGradient } from '../gradient-rule.ts';

export const reductionRows: readonly GradientRow[] = [
  ['ReduceSum', (site) => [() => spreadOver(site, false)]],
  ['ReduceMean', (site) => [() => spreadOver(site, true)]],
  ['Softmax', softmax],
  ['LogSoftmax', logSoftmax],
];

/** Every summed element gets the sum's gradient, or its share of the mean's. */
function spreadOver(site: GradientSite, isMean: boolean): string {
  const { node, b, dY } = site;
  const dims = b.dims(node.inputs[0]);
  const axes = reducedAxes(site, dims.length);
  const kept = dims.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const share = isMean ? 1 / countItems(axes.map((axis) => dims[axis])) : 1;
  return expand(b, multiply(b, reshape(b, dY, kept), share), dims);
}

/** Axes are an attribute in old opsets and an input in new ones; none means all, or nothing where the node says so. */
function reducedAxes({ node, b }: GradientSite, rank: number): readonly number[] {
  const [, input = ''] = node.inputs;
  const axes = input === '' ? intsAttribute(node, 'axes') : b.numbers(input);
  if (input !== '' && axes === undefined)
    return fail(node, 'computes its axes, which must be known before it runs');
  if (axes !== undefined && axes.length > 0) return axes.map((axis) => fromFront(axis, rank));
  return intAttribute(node, 'noop_with_empty_axes', 0) === 1 ? [] : range(rank);
}

/** dx = y·(dy − Σ dy·y), written with one product less. */
function softmax({ node, b, dY }: GradientSite): InputGradient[] {
  const [y] = node.outputs;
  return [
    () => {
      const product = multiply(b, dY, y);
      return subtract(b, product, multiply(b, y, sum(b, product, [softmaxAxis(node, b.rank(y))])));
    },
  ];
}

/** dx = dy − softmax(x)·Σ dy. */
function logSoftmax({ node, b, dY }: GradientSite): InputGradient[] {
  const [y] = node.outputs;
  return [() => subtract(b, dY, multiply(b, b.op('Exp', [y]), sum(b, dY, [softmaxAxis(node, b.rank(y))])))];
}

function softmaxAxis(node: GradientSite['node'], rank: number): number {
  return fromFront(intAttribute(node, 'axis', -1), rank);
}
