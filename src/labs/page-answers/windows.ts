/** A page too long for a network is read through windows that overlap, the likeliest first. */
import type { TextManifest } from '../../engine/registry/text-manifest.ts';
import type { InputTensors } from '../../engine/runtime/types.ts';
import type { Token } from '../../text/token.ts';
import type { PairTokenizer } from '../../text/wordpiece/tokenizer.ts';

/** Tokens of the page, from the first to before the last. */
export interface PageWindow {
  readonly from: number;
  readonly to: number;
}

/** More letters than this of a question are not looked at. */
const mostLetters = 4000;
/** More pieces than this of a question are not read; the number that BERT's authors used on SQuAD. */
export const mostQuestionPieces = 64;
/** So many pieces stand in a window and in the next: more than the longest answer, so that each answer stands whole in one. */
export const overlap = 64;

/** A question as the network reads it. */
export interface ReadQuestion {
  readonly tokens: readonly Token[];
  /** Whether its end was left out. */
  readonly isCut: boolean;
  /** Whether the vocabulary knows any of its pieces. */
  readonly isKnown: boolean;
}

/** Cuts the question into pieces, at most `mostQuestionPieces`. */
export function readQuestion(question: string, tokenizer: PairTokenizer, unknown: string): ReadQuestion {
  const shown = question.trim();
  const all = tokenizer.encode(shown.slice(0, mostLetters), { withFrame: false });
  const tokens = all.slice(0, mostQuestionPieces);
  return {
    tokens,
    isCut: shown.length > mostLetters || tokens.length < all.length,
    isKnown: tokens.some(({ piece }) => piece !== unknown),
  };
}

/** Windows of at most `room` tokens over `count` tokens; each begins `room - shared` after the one before. */
export function cutWindows(count: number, room: number, shared = overlap): PageWindow[] {
  const step = room - shared;
  if (step < 1) throw new RangeError(`Windows of ${room} tokens cannot share ${shared}.`);
  const windows: PageWindow[] = [];
  for (let from = 0; from < count; from += step) {
    windows.push({ from, to: Math.min(count, from + room) });
    if (from + room >= count) break;
  }
  return windows;
}

/**
 * The windows with those first that share rare pieces with the question, so that an answer comes early. A piece of the question counts once, by the
 * logarithm of how few windows hold it (inverse document frequency, Spärck Jones 1972); equals stay in the order of the page.
 */
export function orderWindows(
  windows: readonly PageWindow[],
  page: readonly Pick<Token, 'id'>[],
  question: readonly Pick<Token, 'id'>[],
): PageWindow[] {
  const asked = new Set(question.map(({ id }) => id));
  const held = windows.map(({ from, to }) => {
    const ids = new Set<number>();
    for (let i = from; i < to; i += 1) if (asked.has(page[i].id)) ids.add(page[i].id);
    return ids;
  });
  const weight = new Map(
    [...asked].map((id) => {
      const holders = held.filter((ids) => ids.has(id)).length;
      return [id, Math.log((windows.length + 1) / (holders + 1))];
    }),
  );
  const worth = held.map((ids) => [...ids].reduce((sum, id) => sum + (weight.get(id) ?? 0), 0));
  return windows
    .map((window, index) => ({ window, worth: worth[index] }))
    .sort((a, b) => b.worth - a.worth)
    .map(({ window }) => window);
}

/** The place of a window's first token among the pieces of its input: behind [CLS], the question and [SEP]. */
export function contextPlace(question: readonly unknown[]): number {
  return question.length + 2;
}

/** The network's inputs for a window, int64 [1, longest]: [CLS] question [SEP] window [SEP], padded. */
export function windowInputs(
  question: readonly Pick<Token, 'id'>[],
  window: readonly Pick<Token, 'id'>[],
  tokenizer: Pick<PairTokenizer, 'idOf'>,
  { name, mask, segments, serial, longest, special }: TextManifest['input'],
): InputTensors {
  const idOf = (piece: string) => tokenizer.idOf(piece) ?? 0;
  const [start, end] = [idOf(special.start), idOf(special.end)];
  const ids = [start, ...question.map(({ id }) => id), end, ...window.map(({ id }) => id), end];
  const place = contextPlace(question);
  const row = (fill: (at: number) => number) => ({
    dtype: 'int64' as const,
    shape: [1, longest],
    data: BigInt64Array.from({ length: longest }, (_, at) => BigInt(fill(at))),
  });
  return {
    [name]: row((at) => ids[at] ?? idOf(special.pad)),
    ...(mask !== undefined && { [mask]: row((at) => (at < ids.length ? 1 : 0)) }),
    ...(segments !== undefined && { [segments]: row((at) => (at >= place && at < ids.length ? 1 : 0)) }),
    ...(serial !== undefined && {
      [serial]: { dtype: 'int64' as const, shape: [1], data: BigInt64Array.of(0n) },
    }),
  };
}
