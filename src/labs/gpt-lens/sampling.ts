/**
 * From the network's probabilities to the next piece.
 *
 * Temperature divides the logits. Top-k (Fan et al. 2018) keeps the k likeliest pieces. Top-p, or nucleus sampling (Holtzman et al. 2020),
 * keeps the fewest likeliest that together reach p. They act in this order, and what stays is scaled to sum to 1.
 */
import { seedRandom } from '../../data/seeded-random.ts';
import { softmax } from '../../engine/preprocess/probabilities.ts';

/** How the next piece is drawn. */
export interface SamplingSettings {
  /** 0: always the likeliest; 1: as the network says; more: flatter. */
  temperature: number;
  /** So many likeliest pieces may be drawn; 0: all. */
  topK: number;
  /** The likeliest pieces that together reach this share may be drawn; 1: all. */
  topP: number;
  /** Fixes every draw together with its place. */
  seed: number;
}

/** The network's own probabilities, likeliest first; equal ones by number. */
export interface RankedPieces {
  ids: ArrayLike<number>;
  probabilities: ArrayLike<number>;
}

/** What may be drawn: the first `chances.length` of the ranked pieces that are not barred, with chances that sum to 1. */
export interface Draw {
  ids: number[];
  chances: number[];
}

/** All pieces by probability. `logits` float32 [pieces]. */
export function rankPieces(logits: Float32Array): RankedPieces {
  const count = logits.length;
  // Logit and number in one key, exact in 53 bits: numbers are sorted some times faster than by a comparison of ours
  const bits = new Uint32Array(logits.slice().buffer);
  const keys = new Float64Array(count);
  for (let id = 0; id < count; id++) {
    const rising = (bits[id] & 0x80000000) === 0 ? bits[id] + 0x80000000 : 0xffffffff - bits[id];
    keys[id] = rising * count + (count - 1 - id);
  }
  keys.sort();
  const own = softmax(logits);
  const ids = new Uint32Array(count);
  const probabilities = new Float64Array(count);
  for (let rank = 0; rank < count; rank++) {
    ids[rank] = count - 1 - (keys[count - 1 - rank] % count);
    probabilities[rank] = own[ids[rank]];
  }
  return { ids, probabilities };
}

/**
 * What may be drawn under the settings. `barred` pieces never are: the padding, the mask and the like stand in no text. Needs no more than
 * the ranked pieces that top-k leaves.
 */
export function applySettings(
  { ids, probabilities }: RankedPieces,
  { temperature, topK, topP }: Omit<SamplingSettings, 'seed'>,
  barred: ReadonlySet<number>,
): Draw {
  const most = temperature === 0 ? 1 : topK === 0 ? Infinity : topK;
  const kept: number[] = [];
  const weights: number[] = [];
  let largest = 0;
  for (let rank = 0; rank < ids.length && kept.length < most; rank++) {
    if (barred.has(ids[rank])) continue;
    if (kept.length === 0) largest = probabilities[rank];
    kept.push(ids[rank]);
    // A ratio of probabilities is the exponential of a difference of logits
    weights.push(temperature === 0 ? 1 : (probabilities[rank] / largest) ** (1 / temperature));
  }
  const total = sum(weights);
  let reached = 0;
  let count = 0;
  while (count < weights.length && (count === 0 || reached < topP * total)) reached += weights[count++];
  return { ids: kept.slice(0, count), chances: weights.slice(0, count).map((weight) => weight / reached) };
}

/** The piece that a number 0 ≤ x < 1 falls on, when the chances are laid end to end. */
export function drawPiece({ ids, chances }: Draw, at: number): number {
  let reached = 0;
  const found = chances.findIndex((chance) => (reached += chance) > at);
  return ids[found < 0 ? ids.length - 1 : found];
}

/** The number that is drawn for a place of the text: it hangs on seed and place alone, so that a step taken back and repeated gives the same. */
export function numberFor(seed: number, place: number): number {
  return seedRandom(seed, 'next piece', place).next();
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
