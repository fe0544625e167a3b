/** Convolution over any number of spatial axes, grouped ones too: X [N, C, …], W [M, C/g, kernel …] → Y [N, M, …]. */
import { countItems } from '../../onnx/shape/contents.ts';
import { range, reshape, slice, sum, swapLastAxes, transpose } from '../arithmetic.ts';
import type { GradientRow, GradientSite, InputGradient } from '../gradient-rule.ts';
import { columnsOf, convolveColumns, hasFewPlaces, rowsOf, swapFirstAxes } from '../columns.ts';
import type { GraphBuilder } from '../graph-builder.ts';
import { groupsOf, placeWindow, spread, tapsOf, transposeAttributes } from '../window.ts';
import type { Placement } from '../window.ts';

export const convolutionRows: readonly GradientRow[] = [['Conv', convolution]];

function convolution(site: GradientSite): InputGradient[] {
  const { node, b, dY } = site;
  const [x, w] = node.inputs;
  const placement = placeWindow(node, b.dims(x), b.dims(w).slice(2));
  const others = range(b.rank(dY)).filter((axis) => axis !== 1);
  return [
    () => (isFlippable(node, placement) ? byFlippedConv(site, placement) : byTransposed(site, placement)),
    () => (groupsOf(node) === 1 ? weightGradient(site, placement) : groupedWeightGradient(site, placement)),
    () => sum(b, dY, others, false),
  ];
}

/**
 * With stride 1 a convolution is faster on WebAssembly than a transposed one; in groups it is right on WebGPU, where onnxruntime-web
 * 1.30's ConvTranspose mixes the channels of a group up. A window that lies wholly in the padding would need a negative pad.
 */
function isFlippable(node: GradientSite['node'], { strides, ...placement }: Placement): boolean {
  const isDense = strides.every((stride) => stride === 1);
  return (isDense || groupsOf(node) > 1) && padsOfFlipped(placement).every((count) => count >= 0);
}

function padsOfFlipped({ kernel, dilations, before, after }: Omit<Placement, 'strides'>): number[] {
  const reach = kernel.map((count, axis) => dilations[axis] * (count - 1));
  return [before, after].flatMap((side) => reach.map((one, axis) => one - side[axis]));
}

/** dX = transposed convolution of dY with W. */
function byTransposed({ node, b, dY }: GradientSite, placement: Placement): string {
  return b.op('ConvTranspose', [dY, node.inputs[1]], transposeAttributes(placement, groupsOf(node)));
}

/** dX = convolution of dY, with zeros between its elements where the stride was larger, with the kernels turned by 180°. */
function byFlippedConv({ node, b, dY }: GradientSite, placement: Placement): string {
  const { kernel, dilations, strides, input, output } = placement;
  const apart = strides.reduce((x, step, axis) => {
    return spread(b, x, axis + 2, { start: 0, step, size: (output[axis] - 1) * step + 1 });
  }, dY);
  const pads = padsOfFlipped(placement);
  const [batch, channels] = b.dims(node.inputs[0]);
  if (groupsOf(node) > 1 || !hasFewPlaces(input, batch))
    return b.op('Conv', [apart, flippedKernels(b, node)], {
      kernel_shape: kernel,
      dilations,
      pads,
      group: groupsOf(node),
    });
  // the columns take the taps from last to first, so that the kernels need not be turned
  const flipped = { kernel, dilations, strides: strides.map(() => 1), input: output, output: input };
  const [before, after] = [pads.slice(0, kernel.length), pads.slice(kernel.length)];
  const columns = columnsOf(b, apart, { ...flipped, before, after }, tapsOf(placement).toReversed());
  const kernels = swapFirstAxes(b, node.inputs[1]);
  const rows = reshape(b, kernels, [channels, countItems(b.dims(kernels)) / channels]);
  return convolveColumns(b, columns, rows, { batch, output: input });
}

/** [M, C/g, kernel …] → [C, M/g, kernel turned …]: inputs and outputs of each group have changed places. */
function flippedKernels(b: GraphBuilder, node: GradientSite['node']): string {
  const [, w] = node.inputs;
  const [outputs, perGroup, ...size] = b.dims(w);
  const groups = groupsOf(node);
  const apart = reshape(b, w, [groups, outputs / groups, perGroup, ...size]);
  const swappedInside = transpose(b, apart, [0, 2, 1, ...size.map((_, axis) => axis + 3)]);
  const kernels = reshape(b, swappedInside, [groups * perGroup, outputs / groups, ...size]);
  if (countItems(size) === 1) return kernels;
  const every = (value: number) => size.map(() => value);
  const spatial = size.map((_, axis) => axis + 2);
  return slice(b, kernels, spatial, every(-1), every(-(2 ** 31)), every(-1));
}

/** dW = dY · columnsᵀ: one product, faster than a convolution. The forward pass may have made the columns already. */
function weightGradient({ node, b, dY, saved }: GradientSite, placement: Placement): string {
  const [x, w] = node.inputs;
  const [columns = columnsOf(b, x, placement)] = saved;
  return reshape(b, b.op('Gemm', [rowsOf(b, dY), columns], { transB: 1 }), b.dims(w));
}

/** The same group by group, as a batch of products [g, C/g · taps, places] · [g, places, M/g]. */
function groupedWeightGradient({ node, b, dY }: GradientSite, placement: Placement): string {
  const [x, w] = node.inputs;
  const [outputs, inputs, ...size] = b.dims(w);
  const groups = groupsOf(node);
  const places = countItems(b.dims(dY)) / outputs;
  const inGroup = inputs * countItems(size);
  const columns = reshape(b, columnsOf(b, x, placement), [groups, inGroup, places]);
  const rows = swapLastAxes(b, reshape(b, rowsOf(b, dY), [groups, outputs / groups, places]));
  return reshape(b, swapLastAxes(b, b.op('MatMul', [columns, rows])), [outputs, inputs, ...size]);
}
