import { addDims, ceilDivideDims, maxDim, minDim, subtractDims, surelyAtMost } from '../dimensions.ts';
import type { Dim } from '../types.ts';

/** Ends at or beyond this mean "to the end": exporters write the largest int32 or int64. */
export const toTheEnd = 2 ** 31 - 1;

/**
 * The number of elements from `start` to `end` (exclusive) in steps of `step` on an axis of `size`, as ONNX's Slice counts
 * them: negative positions count from the end, and both are clamped to the axis. A name is taken for a position inside the axis
 * (a mask of 1,024 positions is cut to N), and a named axis for long enough for fixed positions from its end.
 */
export function sliceSize(size: Dim, start: Dim, end: Dim, step: Dim): Dim {
  if (typeof step !== 'number') return '?';
  if (step === 0) return '?';
  if (typeof size === 'number' && typeof start === 'number' && typeof end === 'number')
    return countSteps(size, start, end, step);
  if (step < 0) return wholeReverse(start, end) && step === -1 ? size : '?';
  const from = positionOf(size, start);
  const to = positionOf(size, end);
  if (typeof start === 'number' && typeof end === 'number' && start < 0 === end < 0 && end <= start) return 0;
  const length = subtractDims(to, from);
  if (typeof length === 'number' && length < 0) return 0;
  return step === 1 ? length : ceilDivideDims(length, step);
}

/** Where a slice starts and ends, counted from the front and clamped to the axis; (end − start) / step rounded up is its size. */
export function slicePlaces(size: Dim, start: Dim, end: Dim, step: Dim): readonly [start: Dim, end: Dim] {
  if (typeof size === 'number' && typeof start === 'number' && typeof end === 'number') {
    const place = clampedPlace(size, typeof step === 'number' ? step : 1);
    return [place(start), place(end)];
  }
  return [positionOf(size, start), positionOf(size, end)];
}

/** A position from the front. */
function positionOf(size: Dim, at: Dim): Dim {
  if (typeof at === 'number') {
    if (at >= toTheEnd) return size;
    if (at >= 0) return typeof size === 'number' || at > 0 ? minDim(at, size) : 0;
    return at <= -toTheEnd ? 0 : typeof size === 'number' ? Math.max(size + at, 0) : addDims([size, at]);
  }
  if (at === '?') return '?';
  // "-N": counted from the end
  if (surelyAtMost(at, 0)) return maxDim(addDims([size, at]), 0);
  return surelyAtMost(size, at) ? size : at;
}

function wholeReverse(start: Dim, end: Dim): boolean {
  return (
    (start === -1 || (typeof start === 'number' && start >= toTheEnd)) &&
    typeof end === 'number' &&
    end <= -toTheEnd
  );
}

function countSteps(size: number, start: number, end: number, step: number): number {
  const place = clampedPlace(size, step);
  return Math.max(0, Math.ceil((place(end) - place(start)) / step));
}

function clampedPlace(size: number, step: number): (at: number) => number {
  const [low, high] = step > 0 ? [0, size] : [-1, size - 1];
  return (at) => Math.min(Math.max(at < 0 ? at + size : at, low), high);
}
