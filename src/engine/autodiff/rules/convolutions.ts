/** Convolution over any number of spatial axes, grouped ones too: X [N, C, …], W [M, C/g, kernel …] → Y [N, M, …]. */
import { countItems } from '../../onnx/shape/contents.ts';
import { concat, range, reshape, slice, sum, transpose } from '../arithmetic.ts';
import type { GradientRow, GradientSite, InputGradient } from '../gradient-rule.ts';
import { groupsOf, padForTaps, placeWindow, readTap, tapsOf, transposeAttributes } from '../window.ts';
import type { Placement } from '../window.ts';

export const convolutionRows: readonly GradientRow[] = [['Conv', convolution]];

function convolution(site: GradientSite): InputGradient[] {
  const { node, b, dY } = site;
  const [x, w] = node.inputs;
  const placement = placeWindow(node, b.dims(x), b.dims(w).slice(2));
  return [
    () =>
      placement.strides.every((stride) => stride === 1)
        ? byFlippedConv(site, placement)
        : byTransposed(site, placement),
    () => (groupsOf(node) === 1 ? weightGradient(site, placement) : groupedWeightGradient(site, placement)),
    () =>
      sum(
        b,
        dY,
        range(b.rank(dY)).filter((axis) => axis !== 1),
        false,
      ),
  ];
}

/** dX = transposed convolution of dY with W. */
function byTransposed({ node, b, dY }: GradientSite, placement: Placement): string {
  return b.op('ConvTranspose', [dY, node.inputs[1]], transposeAttributes(placement, groupsOf(node)));
}

/** With stride 1, dX is a convolution of dY with the kernels turned by 180° and inputs and outputs swapped: faster on WebAssembly. */
function byFlippedConv(
  { node, b, dY }: GradientSite,
  { kernel, dilations, strides, before, after }: Placement,
): string {
  const [, w] = node.inputs;
  const [outputs, perGroup, ...size] = b.dims(w);
  const groups = groupsOf(node);
  const axes = size.map((_, axis) => axis + 3);
  const apart = reshape(b, w, [groups, outputs / groups, perGroup, ...size]);
  const swapped = transpose(b, apart, [0, 2, 1, ...axes]);
  const kernels = reshape(b, swapped, [groups * perGroup, outputs / groups, ...size]);
  const spatial = size.map((_, axis) => axis + 2);
  const turned =
    countItems(size) === 1
      ? kernels
      : slice(
          b,
          kernels,
          spatial,
          size.map(() => -1),
          size.map(() => -(2 ** 31)),
          size.map(() => -1),
        );
  const reach = kernel.map((count, axis) => dilations[axis] * (count - 1));
  const pads = [
    ...reach.map((one, axis) => one - before[axis]),
    ...reach.map((one, axis) => one - after[axis]),
  ];
  // a window that lies wholly in the padding would need a negative pad
  if (pads.some((count) => count < 0))
    return b.op(
      'ConvTranspose',
      [dY, w],
      transposeAttributes({ kernel, dilations, strides, before, after, input: [], output: [] }, groups),
    );
  return b.op('Conv', [dY, turned], { kernel_shape: kernel, strides, dilations, pads, group: groups });
}

/** dW = dY · columnsᵀ, the columns being what each window sees at each tap (im2col): one product, faster than a convolution. */
function weightGradient({ node, b, dY }: GradientSite, placement: Placement): string {
  const [x, w] = node.inputs;
  const [outputs, inputs, ...size] = b.dims(w);
  const places = countItems(b.dims(dY)) / outputs;
  const flat = reshape(b, swapFirstAxes(b.rank(dY)), [outputs, places]);
  const taps = tapsOf(placement);
  const padded = padForTaps(b, transpose(b, x, swapped(b.rank(x))), placement);
  const columns = concat(
    b,
    taps.map((tap) => readTap(b, padded, placement, tap)),
    0,
  );
  const product = b.op('Gemm', [flat, reshape(b, columns, [taps.length * inputs, places])], { transB: 1 });
  return reshape(b, transpose(b, reshape(b, product, [outputs, taps.length, inputs]), [0, 2, 1]), [
    outputs,
    inputs,
    ...size,
  ]);

  function swapFirstAxes(rank: number): string {
    return transpose(b, dY, swapped(rank));
  }
}

/** The same group by group, as a batch of products [g, taps·C/g, places] · [g, places, M/g]. */
function groupedWeightGradient({ node, b, dY }: GradientSite, placement: Placement): string {
  const [x, w] = node.inputs;
  const [outputs, inputs, ...size] = b.dims(w);
  const groups = groupsOf(node);
  const batch = b.dims(dY)[0];
  const positions = countItems(placement.output);
  const taps = tapsOf(placement);
  const padded = padForTaps(b, transpose(b, x, swapped(b.rank(x))), placement);
  const columns = concat(
    b,
    taps.map((tap) => reshape(b, readTap(b, padded, placement, tap), [groups, 1, inputs, batch * positions])),
    1,
  );
  const split = reshape(b, dY, [batch, groups, outputs / groups, positions]);
  const flat = reshape(b, transpose(b, split, [1, 0, 3, 2]), [groups, batch * positions, outputs / groups]);
  const product = b.op('MatMul', [
    reshape(b, columns, [groups, taps.length * inputs, batch * positions]),
    flat,
  ]);
  const apart = reshape(b, product, [groups, taps.length, inputs, outputs / groups]);
  return reshape(b, transpose(b, apart, [0, 3, 2, 1]), [outputs, inputs, ...size]);
}

/** The order of axes in which the first two have changed places. */
function swapped(rank: number): number[] {
  return [1, 0, ...range(rank).slice(2)];
}
