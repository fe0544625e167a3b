/** States of tokens as points: how near two of them are, and a map of many. */

/** The cosine of the angle between two states: 1 the same direction, 0 none in common. NaN if one of them is zero. */
export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let product = 0;
  let lengthA = 0;
  let lengthB = 0;
  for (let i = 0; i < a.length; i++) {
    product += a[i] * b[i];
    lengthA += a[i] ** 2;
    lengthB += b[i] ** 2;
  }
  return product / Math.sqrt(lengthA * lengthB);
}

/** A place on the map, and the share of the points' spread that the map shows. */
export interface StateMap {
  points: [x: number, y: number][];
  /** 0 … 1. */
  shown: number;
}

const rounds = 200;

/**
 * The two directions in which the states differ most (principal components), found in the points' products, so that few points of many
 * numbers cost little. Signs are fixed: the first point of notable size lies right and up.
 */
export function mapStates(states: readonly ArrayLike<number>[]): StateMap {
  const count = states.length;
  const products = centredProducts(states);
  let spread = 0;
  for (let i = 0; i < count; i++) spread += products[i * count + i];
  if (count < 2 || spread <= 0) return { points: states.map(() => [0, 0]), shown: 0 };
  const axes = [0, 1].map(() => {
    const axis = largestDirection(products, count);
    const { value, vector } = axis;
    for (let i = 0; i < count; i++)
      for (let j = 0; j < count; j++) products[i * count + j] -= value * vector[i] * vector[j];
    return axis;
  });
  const [x, y] = axes.map(({ value, vector }) => {
    const places = vector.map((part) => part * Math.sqrt(Math.max(0, value)));
    const first = places.find((place) => Math.abs(place) > Math.sqrt(spread) * 1e-3) ?? 1;
    return first < 0 ? places.map((place) => -place) : places;
  });
  const shown = axes.reduce((sum, { value }) => sum + Math.max(0, value), 0) / spread;
  return { points: x.map((place, i) => [place, y[i]]), shown };
}

/** Products of all pairs of states after their mean is taken off, [count, count]. */
function centredProducts(states: readonly ArrayLike<number>[]): Float64Array {
  const count = states.length;
  const width = states[0]?.length ?? 0;
  const mean = new Float64Array(width);
  for (const state of states) for (let i = 0; i < width; i++) mean[i] += state[i] / count;
  const centred = states.map((state) => mean.map((value, i) => state[i] - value));
  const products = new Float64Array(count * count);
  for (let a = 0; a < count; a++)
    for (let b = a; b < count; b++) {
      let sum = 0;
      for (let i = 0; i < width; i++) sum += centred[a][i] * centred[b][i];
      products[a * count + b] = products[b * count + a] = sum;
    }
  return products;
}

/** The largest eigenvalue of a symmetric matrix and its vector, by repeated multiplication from a fixed start. */
function largestDirection(matrix: Float64Array, count: number): { value: number; vector: number[] } {
  let vector = Array.from({ length: count }, (_, i) => Math.sin(i + 1));
  let value = 0;
  for (let round = 0; round < rounds; round++) {
    const next = vector.map((_, i) => {
      let sum = 0;
      for (let j = 0; j < count; j++) sum += matrix[i * count + j] * vector[j];
      return sum;
    });
    const before = value;
    value = Math.hypot(...next);
    if (value === 0) break;
    vector = next.map((part) => part / value);
    if (Math.abs(value - before) < value * 1e-10) break;
  }
  return { value, vector };
}
