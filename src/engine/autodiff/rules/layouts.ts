/** Operators that move elements without changing them: the gradient moves back. */
import { intAttribute, intsAttribute, stringAttribute } from '../../onnx/graph-index.ts';
import { fail } from '../../onnx/shape/rule.ts';
import { concat, fromFront, pad, range, reshape, slice, transpose, zeros } from '../arithmetic.ts';
import type { GradientRow, GradientRule, GradientSite, InputGradient } from '../gradient-rule.ts';
import { spread } from '../window.ts';

const back: GradientRule = ({ node, b, dY }) => [() => reshape(b, dY, b.dims(node.inputs[0]))];

export const layoutRows: readonly GradientRow[] = [
  ...['Reshape', 'Flatten', 'Squeeze', 'Unsqueeze'].map((opType) => [opType, back] as const),
  ['Transpose', transposed],
  // the walk sums over what was repeated
  ['Expand', ({ dY }) => [() => dY]],
  // does nothing at inference; the forward pass refuses one that drops
  ['Dropout', ({ dY }) => [() => dY]],
  ['Concat', concatenated],
  ['Split', split],
  ['Slice', sliced],
  ['Pad', padded],
];

function transposed({ node, b, dY }: GradientSite): InputGradient[] {
  const perm = intsAttribute(node, 'perm') ?? range(b.rank(dY)).reverse();
  return [
    () =>
      transpose(
        b,
        dY,
        range(perm.length).map((axis) => perm.indexOf(axis)),
      ),
  ];
}

function concatenated({ node, b, dY }: GradientSite): InputGradient[] {
  const axis = fromFront(intAttribute(node, 'axis', 0), b.rank(dY));
  let start = 0;
  return node.inputs.map((input) => {
    const from = start;
    start += b.dims(input)[axis];
    const to = start;
    return () => slice(b, dY, [axis], [from], [to]);
  });
}

function split({ node, b, gradients }: GradientSite): InputGradient[] {
  const [x] = node.inputs;
  const axis = fromFront(intAttribute(node, 'axis', 0), b.rank(x));
  const parts = () => node.outputs.map((output, at) => gradients[at] ?? zeros(b, b.dims(output), x));
  return [() => concat(b, parts(), axis)];
}

/** Each axis in turn, the last first; a negative step reads backwards. */
function sliced({ node, b, dY }: GradientSite): InputGradient[] {
  const [x, startsName, endsName, axesName = '', stepsName = ''] = node.inputs;
  const [starts, ends] = [b.numbers(startsName), b.numbers(endsName)];
  if (starts === undefined || ends === undefined)
    return fail(node, 'computes its range, which must be known before it runs');
  const dims = b.dims(x);
  const axes = b.numbers(axesName) ?? range(starts.length);
  const steps = b.numbers(stepsName) ?? starts.map(() => 1);
  return [
    () =>
      axes.reduce((gradient, one, at) => {
        const axis = fromFront(one, dims.length);
        const [size, step] = [dims[axis], steps[at]];
        const from = fromFront(starts[at], size);
        const count = b.dims(gradient)[axis];
        if (step > 0) return spread(b, gradient, axis, { start: Math.min(from, size), step, size });
        const reversed = slice(b, gradient, [axis], [-1], [-(2 ** 31)], [-1]);
        const first = Math.min(from, size - 1) + (count - 1) * step;
        return spread(b, reversed, axis, { start: first, step: -step, size });
      }, dY),
  ];
}

function padded({ node, b, dY }: GradientSite): InputGradient[] {
  const [x, padsName, , axesName = ''] = node.inputs;
  if (stringAttribute(node, 'mode', 'constant') !== 'constant')
    fail(node, 'pads by copies; gradients are known for constant padding');
  const pads = b.numbers(padsName);
  if (pads === undefined) return fail(node, 'computes its padding, which must be known before it runs');
  const dims = b.dims(x);
  const axes = (b.numbers(axesName) ?? range(dims.length)).map((axis) => fromFront(axis, dims.length));
  const half = pads.length / 2;
  return [
    () => {
      const [starts, ends] = [
        axes.map((_, at) => Math.max(pads[at], 0)),
        axes.map(
          (axis, at) =>
            Math.max(pads[at], 0) + dims[axis] + Math.min(pads[at], 0) + Math.min(pads[at + half], 0),
        ),
      ];
      const inner = slice(b, dY, axes, starts, ends);
      // what a negative pad cut off has no gradient
      const lost = (offset: number) =>
        range(dims.length).map((axis) =>
          axes.includes(axis) ? Math.max(-pads[axes.indexOf(axis) + offset], 0) : 0,
        );
      return pad(b, inner, lost(0), lost(half));
    },
  ];
}
