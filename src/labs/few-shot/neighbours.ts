/** Nearest neighbours in feature space: the plainest classifier, which has nothing to train and nothing to tune but k. */

/** Feature vectors. */
export interface Embedding {
  count: number;
  /** Numbers a picture. */
  size: number;
  /** float32 [count, size] */
  data: Float32Array;
}

/** The k nearest of each asked picture, nearest first. */
export interface Neighbours {
  k: number;
  /** int32 [asked, k]: places among the known pictures. */
  places: Int32Array;
  /** float64 [asked, k]: cosine similarity, −1 … 1. */
  similarities: Float64Array;
}

/**
 * The k known pictures whose vectors point most nearly in the direction of each asked one (cosine similarity); equal ones in
 * order. Without `known` every picture is asked about and compared with all others, itself left out.
 */
export function findNeighbours(asked: Embedding, k: number, known?: Embedding): Neighbours {
  const among = known ?? asked;
  const reach = Math.max(0, Math.min(k, known ? known.count : asked.count - 1));
  const [askedUnits, knownUnits] = [unitVectors(asked), known ? unitVectors(known) : unitVectors(asked)];
  const places = new Int32Array(asked.count * reach);
  const similarities = new Float64Array(asked.count * reach);
  for (let i = 0; i < asked.count; i++) {
    const ranked = Array.from({ length: among.count }, (_, place) => ({
      place,
      similarity: dot(askedUnits, i, knownUnits, place, asked.size),
    }))
      .filter(({ place }) => known !== undefined || place !== i)
      .sort((a, b) => b.similarity - a.similarity || a.place - b.place)
      .slice(0, reach);
    ranked.forEach(({ place, similarity }, rank) => {
      places[i * reach + rank] = place;
      similarities[i * reach + rank] = similarity;
    });
  }
  return { k: reach, places, similarities };
}

/**
 * The class that most of each picture's neighbours have, int32 [asked]; of several equally frequent ones that of the nearest.
 * `labels` are those of the known pictures; −1 where there are no neighbours.
 */
export function voteOfNeighbours({ k, places }: Neighbours, labels: ArrayLike<number>): Int32Array {
  const asked = k === 0 ? 0 : places.length / k;
  return Int32Array.from({ length: asked }, (_, i) => {
    const votes = new Map<number, number>();
    // A map keeps the order of first votes, so the first of the most frequent is the nearest one's
    for (const place of places.subarray(i * k, (i + 1) * k))
      votes.set(labels[place], (votes.get(labels[place]) ?? 0) + 1);
    let best = -1;
    for (const [label, count] of votes) if (count > (votes.get(best) ?? 0)) best = label;
    return best;
  });
}

/** float64 [count, size] with rows of length 1; a row of zeros stays. */
function unitVectors({ count, size, data }: Embedding): Float64Array {
  const units = Float64Array.from(data);
  for (let i = 0; i < count; i++) {
    const row = units.subarray(i * size, (i + 1) * size);
    const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
    if (length > 0) for (let j = 0; j < size; j++) row[j] /= length;
  }
  return units;
}

function dot(a: Float64Array, i: number, b: Float64Array, j: number, size: number): number {
  let sum = 0;
  for (let at = 0; at < size; at++) sum += a[i * size + at] * b[j * size + at];
  return sum;
}
