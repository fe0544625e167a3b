/** Pooling over pictures: X [N, C, spatial …] → Y. */
import { intAttribute } from '../../onnx/graph-index.ts';
import { countItems } from '../../onnx/shape/contents.ts';
import { add, expand, keepWhere, multiply, reshape, subtract, zeros } from '../arithmetic.ts';
import type { GradientRow, GradientSite, InputGradient } from '../gradient-rule.ts';
import { padForTaps, placeWindow, readTap, tapsOf, transposeAttributes, writeTap } from '../window.ts';
import type { Placement } from '../window.ts';

export const poolingRows: readonly GradientRow[] = [
  ['GlobalAveragePool', globalAverage],
  ['AveragePool', average],
  [
    'MaxPool',
    ({ saved, ...site }) => [() => (saved.length > 0 ? byIndices(site, saved[0]) : byComparing(site))],
  ],
];

type Site = Omit<GradientSite, 'saved'>;

function globalAverage({ node, b, dY }: GradientSite): InputGradient[] {
  const dims = b.dims(node.inputs[0]);
  return [() => expand(b, multiply(b, dY, 1 / countItems(dims.slice(2))), dims)];
}

/** Each window's share goes to all that it averaged: a transposed convolution with ones, channel by channel. */
function average({ node, b, dY }: GradientSite): InputGradient[] {
  return [
    () => {
      const dims = b.dims(node.inputs[0]);
      const placement = placeWindow(node, dims);
      const { kernel, output } = placement;
      const shares = averageShares(
        placement,
        intAttribute(node, 'count_include_pad', 0) === 1,
        declaredAfter(node, placement),
      );
      const weighted = multiply(b, dY, b.floats(shares, [1, 1, ...output], dY));
      const ones = b.floats(Array<number>(dims[1] * countItems(kernel)).fill(1), [dims[1], 1, ...kernel], dY);
      return b.op('ConvTranspose', [weighted, ones], transposeAttributes(placement, dims[1]));
    },
  ];
}

/** 1 / how many elements each window averages, in row-major order of the output. */
function averageShares(placement: Placement, countsPadding: boolean, padAfter: readonly number[]): number[] {
  const { kernel, strides, dilations, before, input, output } = placement;
  const perAxis = output.map((count, axis) =>
    Array.from({ length: count }, (_, at) => {
      const first = at * strides[axis] - before[axis];
      const places = Array.from({ length: kernel[axis] }, (_, tap) => first + tap * dilations[axis]);
      const [low, high] = countsPadding ? [-before[axis], input[axis] + padAfter[axis]] : [0, input[axis]];
      return places.filter((place) => place >= low && place < high).length;
    }),
  );
  return perAxis.reduce<number[]>(
    (shares, counts) => shares.flatMap((share) => counts.map((count) => share / count)),
    [1],
  );
}

/** Padding that the file asks for: what ceil_mode adds behind it is never counted. */
function declaredAfter(node: GradientSite['node'], { before, after }: Placement): readonly number[] {
  const pads = node.attributes.get('pads');
  return pads?.type === 'ints' ? pads.value.slice(before.length) : after;
}

/** `indices` int64 count through the flattened input. */
function byIndices({ node, b, dY }: Site, indices: string): string {
  const dims = b.dims(node.inputs[0]);
  const flat = (x: string) => reshape(b, x, [countItems(b.dims(dY))]);
  const scattered = b.op('ScatterElements', [zeros(b, [countItems(dims)], dY), flat(indices), flat(dY)], {
    axis: 0,
    reduction: 'add',
  });
  return reshape(b, scattered, dims);
}

/** Tap by tap, the first that equals the maximum takes the gradient. */
function byComparing({ node, b, dY }: Site): string {
  const placement = placeWindow(node, b.dims(node.inputs[0]));
  const padded = padForTaps(b, node.inputs[0], placement, lowest);
  let rest = dY;
  let total: string | undefined;
  for (const tap of tapsOf(placement)) {
    const isMaximum = b.op('Equal', [readTap(b, padded, placement, tap), node.outputs[0]]);
    const taken = keepWhere(b, isMaximum, rest);
    rest = subtract(b, rest, taken);
    const placed = writeTap(b, taken, placement, tap);
    total = total === undefined ? placed : add(b, total, placed);
  }
  return total ?? dY;
}

/** Padding that no maximum is: near the smallest float32. */
const lowest = -3e38;
