/** How much a text surprises the network: bits of each piece, and perplexity. */

/** How the network saw a piece coming. */
export interface Surprise {
  /** What it gave the piece beforehand, 0 … 1. */
  probability: number;
  /** −log₂ of that: so many fair coins would have to be guessed. */
  bits: number;
  /** How many pieces it thought at least as likely, itself included: 1 is the best guess. */
  rank: number;
}

/** The surprise of a piece under the logits before it, float32 [pieces]. */
export function surpriseOf(logits: Float32Array, id: number): Surprise {
  let rank = 1;
  let largest = -Infinity;
  for (const logit of logits) {
    if (logit > logits[id]) rank++;
    if (logit > largest) largest = logit;
  }
  let total = 0;
  for (const logit of logits) total += Math.exp(logit - largest);
  // From the logits: a probability may be too small for its logarithm
  const bits = (Math.log(total) + largest - logits[id]) / Math.LN2;
  return { probability: 2 ** -bits, bits, rank };
}

/** Mean bits a piece, and perplexity, 2 to that power; undefined for no pieces. */
export function perplexityOf(bits: readonly number[]): { mean: number; perplexity: number } | undefined {
  if (bits.length === 0) return undefined;
  const mean = bits.reduce((sum, value) => sum + value, 0) / bits.length;
  return { mean, perplexity: 2 ** mean };
}
