import { addDims, ceilDivideDims, floorDivideDims, multiplyDims, subtractDims } from './dimensions.ts';
import { describeNode, intAttribute, intsAttribute, stringAttribute } from './graph-index.ts';
import { OnnxError } from './onnx-error.ts';
import type { Dim, Node } from './types.ts';

/** How a convolution or pooling window moves, one entry per spatial axis (NCHW: height, width). */
export interface Window {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** Padding before and after each axis; undefined under auto_pad SAME, where it depends on the input's size. */
  readonly padsBefore: readonly number[] | undefined;
  readonly padsAfter: readonly number[] | undefined;
  readonly autoPad: 'NOTSET' | 'VALID' | 'SAME_UPPER' | 'SAME_LOWER';
  readonly roundUp: boolean;
}

/**
 * The window of a Conv or pooling node over `rank` spatial axes. `kernel` defaults to the attribute kernel_shape.
 * @throws OnnxError when an attribute has the wrong length or a value that makes no sense.
 */
export function windowOf(node: Node, rank: number, weightKernel?: readonly number[]): Window {
  const kernel = list('kernel_shape', rank, 1, 1, weightKernel);
  const autoPad = stringAttribute(node, 'auto_pad', 'NOTSET') || 'NOTSET';
  if (autoPad !== 'NOTSET' && autoPad !== 'VALID' && autoPad !== 'SAME_UPPER' && autoPad !== 'SAME_LOWER') {
    throw new OnnxError(`${describeNode(node)} has the unknown auto_pad "${autoPad}".`);
  }
  const pads = list('pads', 2 * rank, 0, 0);
  const same = autoPad.startsWith('SAME');
  return {
    kernel,
    strides: list('strides', rank, 1, 1),
    dilations: list('dilations', rank, 1, 1),
    padsBefore: same ? undefined : autoPad === 'VALID' ? kernel.map(() => 0) : pads.slice(0, rank),
    padsAfter: same ? undefined : autoPad === 'VALID' ? kernel.map(() => 0) : pads.slice(rank),
    autoPad,
    roundUp: intAttribute(node, 'ceil_mode', 0) === 1,
  };

  function list(
    name: string,
    length: number,
    otherwise: number,
    least: number,
    fallback?: readonly number[],
  ): readonly number[] {
    const values = intsAttribute(node, name) ?? fallback ?? Array<number>(length).fill(otherwise);
    if (values.length !== length) {
      throw new OnnxError(
        `${describeNode(node)} has ${name} of length ${values.length} where ${length} fits its input.`,
      );
    }
    const wrong = values.find((value) => value < least);
    if (wrong !== undefined)
      throw new OnnxError(
        `${describeNode(node)} has ${wrong} in ${name}, where at least ${least} makes sense.`,
      );
    return values;
  }
}

/** The number of window positions along one axis: floor((size + pads − dilation·(kernel − 1) − 1) / stride) + 1. */
export function outputSize(window: Window, axis: number, size: Dim, node: Node): Dim {
  const stride = window.strides[axis];
  if (window.padsBefore === undefined || window.padsAfter === undefined) return ceilDivideDims(size, stride);
  const [before, after] = [window.padsBefore[axis], window.padsAfter[axis]];
  const reach = reachOf(window, axis);
  const room = addDims([size, before + after - reach]);
  if (typeof room === 'string' || typeof size === 'string') {
    // whether the last window is dropped depends on the size, unless it always reaches the input
    if (window.roundUp && stride > 1 && after + stride > reach) return '?';
    return addDims([window.roundUp ? ceilDivideDims(room, stride) : floorDivideDims(room, stride), 1]);
  }
  if (room < 0) {
    throw new OnnxError(
      `${describeNode(node)} has a window of ${reach} that does not fit its padded input of ${room + reach}.`,
    );
  }
  const positions = (window.roundUp ? Math.ceil(room / stride) : Math.floor(room / stride)) + 1;
  // a window that starts in the padding behind the input is dropped
  return window.roundUp && (positions - 1) * stride >= size + before ? positions - 1 : positions;
}

/** Padding before an axis of `size`; undefined under auto_pad SAME while the size is only a name. */
export function padBefore(window: Window, axis: number, size: Dim | undefined): number | undefined {
  if (window.padsBefore !== undefined) return window.padsBefore[axis];
  if (typeof size !== 'number') return undefined;
  const stride = window.strides[axis];
  const total = Math.max(0, (Math.ceil(size / stride) - 1) * stride + reachOf(window, axis) - size);
  return window.autoPad === 'SAME_UPPER' ? Math.floor(total / 2) : Math.ceil(total / 2);
}

/** The size along one axis that a window's transpose makes: stride·(size − 1) + reach − pads + extra. */
export function transposedSize(window: Window, axis: number, size: Dim, extra: number): Dim {
  const stride = window.strides[axis];
  if (window.padsBefore === undefined || window.padsAfter === undefined) return multiplyDims([size, stride]);
  const fixed = reachOf(window, axis) - window.padsBefore[axis] - window.padsAfter[axis] + extra;
  return addDims([multiplyDims([subtractDims(size, 1), stride]), fixed]);
}

/** Input positions from the first to the last that a window covers. */
function reachOf(window: Window, axis: number): number {
  return window.dilations[axis] * (window.kernel[axis] - 1) + 1;
}
