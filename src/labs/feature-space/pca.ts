/** Principal components (Pearson 1901): the directions in which points differ most, for looking at many numbers in two. */
import { seedRandom } from '../../data/seeded-random.ts';
import type { Embedding } from '../few-shot/neighbours.ts';

/** Points in the plane, and how much of the whole variance it shows. */
export interface Plane {
  /** One [x, y] for each picture, centred. */
  readonly points: readonly (readonly [number, number])[];
  /** Shares of the variance along both axes, 0 to 1. */
  readonly shares: readonly [number, number];
}

/** Rounds of the power iteration; the error shrinks by the ratio of two eigenvalues in each. */
const rounds = 300;

/**
 * The pictures in the plane of their first two principal components. Works on the Gram matrix, which is small when pictures are
 * fewer than numbers, by power iteration with deflation. Of the two possible signs of an axis the one is taken that makes its longest
 * coordinate positive.
 */
export function projectToPlane(embedding: Embedding): Plane {
  const { count } = embedding;
  const gram = gramOf(embedding);
  const whole = Array.from({ length: count }, (_, i) => gram[i * count + i]).reduce((a, b) => a + b, 0);
  const axes = [0, 1].map((axis) => {
    const { vector, value } = largestEigenvector(gram, count, axis);
    for (let i = 0; i < count; i++)
      for (let j = 0; j < count; j++) gram[i * count + j] -= value * vector[i] * vector[j];
    return { coordinates: vector.map((x) => x * Math.sqrt(Math.max(0, value))), value };
  });
  const [first, second] = axes;
  const share = (value: number) => (whole > 0 ? Math.max(0, value) / whole : 0);
  return {
    points: Array.from({ length: count }, (_, i) => [first.coordinates[i], second.coordinates[i]] as const),
    shares: [share(first.value), share(second.value)],
  };
}

/** Inner products of all pairs of centred pictures: float64 [count, count]. */
function gramOf({ count, size, data }: Embedding): Float64Array {
  const mean = new Float64Array(size);
  for (let i = 0; i < count * size; i++) mean[i % size] += data[i] / count;
  const centred = Float64Array.from(data, (value, i) => value - mean[i % size]);
  const gram = new Float64Array(count * count);
  for (let i = 0; i < count; i++)
    for (let j = i; j < count; j++) {
      let sum = 0;
      for (let k = 0; k < size; k++) sum += centred[i * size + k] * centred[j * size + k];
      gram[i * count + j] = gram[j * count + i] = sum;
    }
  return gram;
}

/** The eigenvector of length 1 with the largest eigenvalue of a symmetric matrix [count, count]; begins at a seeded vector. */
function largestEigenvector(
  matrix: Float64Array,
  count: number,
  seed: number,
): { vector: Float64Array; value: number } {
  const random = seedRandom(seed, 'power iteration');
  let vector = unit(Float64Array.from({ length: count }, () => random.normal()));
  let value = 0;
  for (let round = 0; round < rounds; round++) {
    const next = new Float64Array(count);
    for (let i = 0; i < count; i++)
      for (let j = 0; j < count; j++) next[i] += matrix[i * count + j] * vector[j];
    value = next.reduce((sum, x, i) => sum + x * vector[i], 0);
    vector = unit(next);
  }
  const longest = vector.reduce((best, x) => (Math.abs(x) > Math.abs(best) ? x : best), 0);
  return { vector: longest < 0 ? vector.map((x) => -x) : vector, value };
}

function unit(vector: Float64Array): Float64Array {
  const length = Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0));
  return length > 0 ? vector.map((x) => x / length) : vector;
}
