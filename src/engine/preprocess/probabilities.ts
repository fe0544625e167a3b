/** A class with its probability. */
export interface Ranked {
  /** Position in the output, and so in the labels. */
  index: number;
  probability: number;
}

/** Softmax of logits [classes]: probabilities that sum to 1, exact for any finite logits (the largest is subtracted first). */
export function softmax(logits: ArrayLike<number>): Float64Array {
  // Plain loops: a vocabulary has thousands of classes, and a decoder is asked at every piece
  const shares = new Float64Array(logits);
  let largest = -Infinity;
  for (const value of shares) largest = Math.max(largest, value);
  let sum = 0;
  for (let index = 0; index < shares.length; index++) {
    shares[index] = Math.exp(shares[index] - largest);
    sum += shares[index];
  }
  for (let index = 0; index < shares.length; index++) shares[index] /= sum;
  return shares;
}

/** The k most probable classes, most probable first; equal ones in output order. */
export function topK(probabilities: ArrayLike<number>, k: number): Ranked[] {
  // A vocabulary has thousands of classes, and few are wanted: most are turned away by one comparison
  const best: Ranked[] = [];
  for (let index = 0; index < probabilities.length && k > 0; index++) {
    const probability = probabilities[index];
    if (best.length >= k && !(probability > best[best.length - 1].probability)) continue;
    const at = best.findIndex((other) => probability > other.probability);
    best.splice(at < 0 ? best.length : at, 0, { index, probability });
    if (best.length > k) best.pop();
  }
  return best;
}
