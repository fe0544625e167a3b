/**
 * UMAP (McInnes, Healy and Melville 2018): an arrangement in the plane that keeps each picture near those it is most like. Unlike
 * principal components its axes mean nothing, nor do distances between groups. Loaded when a reader asks for it.
 */
import { UMAP } from 'umap-js';
import { seedRandom } from '../../data/seeded-random.ts';
import type { Embedding } from '../few-shot/neighbours.ts';

/** Neighbours that each picture is kept near to; the library's default, which is also that of the paper. */
const nNeighbors = 15;

/** The pictures in the plane by cosine distance, as the neighbours vote; the seed fixes the arrangement. Fewer than four stand in a row. */
export function arrangeByUmap(
  { count, size, data }: Embedding,
  seed: number,
): readonly (readonly [number, number])[] {
  if (count < 4) return Array.from({ length: count }, (_, at) => [at, 0] as const);
  const rows = Array.from({ length: count }, (_, at) => [...data.subarray(at * size, (at + 1) * size)]);
  const umap = new UMAP({
    nComponents: 2,
    nNeighbors: Math.min(nNeighbors, count - 1),
    random: seedRandom(seed, 'umap').next,
    distanceFn: cosineDistance,
  });
  return umap.fit(rows).map(([x, y]) => [x, y] as const);
}

function cosineDistance(a: readonly number[], b: readonly number[]): number {
  let [product, left, right] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    product += a[i] * b[i];
    left += a[i] ** 2;
    right += b[i] ** 2;
  }
  const length = Math.sqrt(left * right);
  return length > 0 ? Math.max(0, 1 - product / length) : 1;
}
