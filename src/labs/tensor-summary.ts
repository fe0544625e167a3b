/** What can be said and shown of a tensor of any type without sending all of it: statistics, a histogram, a few slices. */
import { smallFloatDecoder } from '../engine/onnx/small-floats.ts';
import type { AnyTensor } from '../engine/runtime/any-session.ts';

export interface TensorStatistics {
  count: number;
  /** Of the finite values; all 0 where there are none. */
  least: number;
  largest: number;
  mean: number;
  /** Standard deviation, dividing by the count. */
  deviation: number;
  /** Share of values that are exactly zero, 0 … 1. */
  zeroShare: number;
  notNumbers: number;
  infinite: number;
}

/** How many finite values lie in each of some equal intervals. */
export interface Histogram {
  from: number;
  to: number;
  counts: number[];
}

/** Slices along the last two axes, each averaged down to at most `longestSide`. */
export interface TensorMaps {
  width: number;
  height: number;
  /** Slices that the tensor has. */
  total: number;
  /** Each row-major, width × height, in the order of the tensor. */
  maps: number[][];
}

export interface TensorSummary {
  name: string;
  dtype: string;
  shape: number[];
  /** Absent for texts. */
  statistics?: TensorStatistics;
  histogram?: Histogram;
  maps?: TensorMaps;
  /** The first elements in order, as numbers or texts. */
  first: (number | string)[];
  /** The largest elements of the last axis's first row with their places, where there are at most some thousand. */
  largest: { index: number; value: number }[];
}

const bins = 32;
const longestSide = 48;
const mostMaps = 16;
const firstElements = 8;
const longestRanked = 5000;
const ranked = 5;

/** The elements as numbers; 64-bit integers are rounded beyond 2^53. Undefined for texts. */
export function numbersOf({ dtype, data }: Pick<AnyTensor, 'dtype' | 'data'>): ArrayLike<number> | undefined {
  if (Array.isArray(data)) return undefined;
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) return Float64Array.from(data, Number);
  if (data instanceof Uint16Array && (dtype === 'float16' || dtype === 'bfloat16')) {
    const decode = smallFloatDecoder(dtype);
    return decode && Float32Array.from(data, decode);
  }
  return data as ArrayLike<number>;
}

/** Everything about a tensor that a figure shows. */
export function summariseTensor(name: string, { dtype, shape, data }: AnyTensor): TensorSummary {
  const values = numbersOf({ dtype, data });
  if (!values) {
    const first = (data as readonly string[]).slice(0, firstElements);
    return { name, dtype, shape, first, largest: [] };
  }
  const statistics = measureTensor(values);
  const maps = sliceTensor(values, shape);
  return {
    name,
    dtype,
    shape,
    statistics,
    histogram: countValues(values, statistics),
    ...(maps && { maps }),
    first: Array.from({ length: Math.min(firstElements, values.length) }, (_, index) => values[index]),
    largest: rankRow(values, shape),
  };
}

/** Extremes, mean, deviation, zeros, and what is no number. */
export function measureTensor(values: ArrayLike<number>): TensorStatistics {
  let [sum, zeros, notNumbers, infinite] = [0, 0, 0, 0];
  let [least, largest] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (Number.isNaN(value)) notNumbers++;
    else if (!Number.isFinite(value)) infinite++;
    else {
      sum += value;
      if (value === 0) zeros++;
      if (value < least) least = value;
      if (value > largest) largest = value;
    }
  }
  const finite = values.length - notNumbers - infinite;
  if (finite === 0) [least, largest] = [0, 0];
  const mean = finite === 0 ? 0 : sum / finite;
  let squares = 0;
  for (let i = 0; i < values.length; i++)
    if (Number.isFinite(values[i])) squares += (values[i] - mean) * (values[i] - mean);
  return {
    count: values.length,
    least,
    largest,
    mean,
    deviation: finite === 0 ? 0 : Math.sqrt(squares / finite),
    zeroShare: values.length === 0 ? 0 : zeros / values.length,
    notNumbers,
    infinite,
  };
}

function countValues(
  values: ArrayLike<number>,
  { least, largest }: Pick<TensorStatistics, 'least' | 'largest'>,
): Histogram {
  const counts = new Array<number>(bins).fill(0);
  const scale = largest > least ? bins / (largest - least) : 0;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) continue;
    counts[Math.min(bins - 1, Math.floor((values[i] - least) * scale))] += 1;
  }
  return { from: least, to: largest, counts };
}

/** The first slices along the last two axes; slices of one value each become one map. Undefined for less than two axes. */
function sliceTensor(values: ArrayLike<number>, shape: readonly number[]): TensorMaps | undefined {
  let [rows, columns] = shape.slice(-2);
  if (shape.length < 2 || values.length === 0) return undefined;
  if (rows * columns === 1) {
    // weights of a 1×1 convolution, or what is left after pooling
    const left = shape.filter((size) => size > 1);
    columns = left.at(-1) ?? 1;
    rows = left.length > 1 ? (left.at(-2) ?? 1) : 1;
  }
  // a single row of numbers is told by its histogram
  if (rows === 1 && values.length === columns) return undefined;
  const size = rows * columns;
  const total = values.length / size;
  const height = Math.min(rows, longestSide);
  const width = Math.min(columns, longestSide);
  const maps = Array.from({ length: Math.min(total, mostMaps) }, (_, map) =>
    shrinkMap(values, map * size, [rows, columns], [height, width]),
  );
  return { width, height, total, maps };
}

/** One slice with each cell the mean of the elements that it covers. */
function shrinkMap(
  values: ArrayLike<number>,
  start: number,
  [rows, columns]: readonly [number, number],
  [height, width]: readonly [number, number],
): number[] {
  const cells: number[] = [];
  for (let y = 0; y < height; y++) {
    const [top, bottom] = [Math.floor((y * rows) / height), Math.ceil(((y + 1) * rows) / height)];
    for (let x = 0; x < width; x++) {
      const [left, right] = [Math.floor((x * columns) / width), Math.ceil(((x + 1) * columns) / width)];
      let sum = 0;
      for (let row = top; row < bottom; row++)
        for (let column = left; column < right; column++) sum += values[start + row * columns + column];
      cells.push(sum / ((bottom - top) * (right - left)));
    }
  }
  return cells;
}

function rankRow(values: ArrayLike<number>, shape: readonly number[]): TensorSummary['largest'] {
  const length = shape.at(-1) ?? 0;
  if (length < 2 || length > longestRanked || shape.length > 2) return [];
  const row = Array.from({ length: Math.min(length, values.length) }, (_, index) => ({
    index,
    value: values[index],
  }));
  return row
    .filter(({ value }) => !Number.isNaN(value))
    .sort((a, b) => b.value - a.value || a.index - b.index)
    .slice(0, ranked);
}
