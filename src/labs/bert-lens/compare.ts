/** Two sentences side by side: which words they share, how near the states of such a word stay, and where all tokens lie. */
import { cosine, mapStates, type StateMap } from './context.ts';
import { statesOf, type Encoded } from './run.ts';
import type { LensToken } from './text.ts';

/** A piece that stands in both texts, at its first places. */
export interface SharedPiece {
  piece: string;
  first: number;
  second: number;
}

/** What a comparison shows. */
export interface Comparison {
  text: string;
  tokens: LensToken[];
  /** Longest pieces first. */
  shared: SharedPiece[];
  /** Of each shared piece: the cosine after 0, 1, … layers. */
  cosines: number[][];
  /** After 0, 1, … layers: the tokens of the first text, then those of the second. */
  maps: StateMap[];
}

/** The pieces of words that stand in both texts, longest first; hidden ones and punctuation left out. */
export function sharedPieces(first: readonly LensToken[], second: readonly LensToken[]): SharedPiece[] {
  const found = new Map<string, SharedPiece>();
  first.forEach(({ piece, word, isMasked }, place) => {
    if (word === null || isMasked || found.has(piece) || !/\p{L}/u.test(piece)) return;
    const other = second.findIndex(
      (token) => token.piece === piece && token.word !== null && !token.isMasked,
    );
    if (other >= 0) found.set(piece, { piece, first: place, second: other });
  });
  return [...found.values()].sort((a, b) => b.piece.length - a.piece.length || a.first - b.first);
}

/** Compares two texts that the network has read. */
export function compareTexts(
  first: { tokens: readonly LensToken[]; encoded: Encoded },
  second: { text: string; tokens: LensToken[]; encoded: Encoded },
  width: number,
): Comparison {
  const shared = sharedPieces(first.tokens, second.tokens);
  const cosines = shared.map((pair) => {
    const [a, b] = [statesOf(first.encoded, pair.first, width), statesOf(second.encoded, pair.second, width)];
    return a.map((state, depth) => cosine(state, b[depth]));
  });
  const maps = first.encoded.states.map((_, depth) =>
    mapStates(
      [first.encoded, second.encoded].flatMap((encoded) =>
        Array.from({ length: encoded.length }, (_, place) =>
          encoded.states[depth].subarray(place * width, (place + 1) * width),
        ),
      ),
    ),
  );
  return { text: second.text, tokens: second.tokens, shared, cosines, maps };
}
