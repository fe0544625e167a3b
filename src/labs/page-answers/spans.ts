/** From scores of beginnings and ends to answers, as BERT's authors do it on SQuAD (Devlin et al. 2018). */

/** An answer by its tokens in the page, both ends included. */
export interface Span {
  readonly first: number;
  readonly last: number;
  /** The logit of its beginning plus the logit of its end. */
  readonly score: number;
}

/** So many beginnings and ends of a window are looked at. */
const mostEnds = 20;
/** An answer has at most so many pieces. */
export const longestAnswer = 30;

/**
 * The best spans of one window, best first. `start` and `end` are float32 [T], one logit a piece of the input; the window's first token stands at `place` there and
 * at `from` in the page. `fits` says whether two tokens of the page may begin and end one answer.
 */
export function windowSpans(
  start: Float32Array,
  end: Float32Array,
  { place, from, count }: { place: number; from: number; count: number },
  fits: (first: number, last: number) => boolean,
): Span[] {
  const best = (logits: Float32Array): number[] =>
    Array.from({ length: count }, (_, i) => i)
      .sort((a, b) => logits[place + b] - logits[place + a])
      .slice(0, mostEnds);
  const ends = best(end);
  const spans: Span[] = [];
  for (const first of best(start))
    for (const last of ends) {
      if (last < first || last - first >= longestAnswer || !fits(from + first, from + last)) continue;
      spans.push({ first: from + first, last: from + last, score: start[place + first] + end[place + last] });
    }
  return spans.sort((a, b) => b.score - a.score);
}

/** The `most` best of all these spans, best first; of those that share a token only the best stays. */
export function bestApart(spans: readonly Span[], most: number): Span[] {
  const kept: Span[] = [];
  for (const span of spans.toSorted((a, b) => b.score - a.score)) {
    if (kept.length >= most) break;
    if (kept.every(({ first, last }) => span.last < first || span.first > last)) kept.push(span);
  }
  return kept;
}

/** The share of each score among all of them: softmax. */
export function sharesOf(scores: readonly number[]): number[] {
  const largest = Math.max(...scores);
  const parts = scores.map((score) => Math.exp(score - largest));
  const sum = parts.reduce((total, part) => total + part, 0);
  return parts.map((part) => part / sum);
}
