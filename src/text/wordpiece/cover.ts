import type { Vocabulary } from '../vocabulary.ts';

/** A word's pieces: their numbers, and where in the word each ends (UTF-16 units). */
export interface Cover {
  readonly ids: readonly number[];
  readonly ends: readonly number[];
}

/** Characters of the longest word that is looked up; BERT takes longer ones for unknown. */
const LONGEST_WORD = 100;
const CONTINUATION = '##';

/**
 * A function from a word to the longest pieces of the vocabulary from its left end (Wu et al. 2016), or to `unknown` alone where
 * some part has no piece or the word has over 100 characters.
 */
export function wordCover(vocabulary: Vocabulary, unknown: number): (word: string) => Cover {
  const first = new Map<string, number>();
  const later = new Map<string, number>();
  let longest = 0;
  vocabulary.pieces.forEach((piece, id) => {
    const isLater = piece.startsWith(CONTINUATION) && piece.length > CONTINUATION.length;
    if (isLater) later.set(piece.slice(CONTINUATION.length), id);
    else first.set(piece, id);
    longest = Math.max(longest, piece.length);
  });
  return (word) => {
    const whole = first.get(word);
    if (whole !== undefined && !isTooLong(word)) return { ids: [whole], ends: [word.length] };
    const unknownWord = { ids: [unknown], ends: [word.length] };
    if (isTooLong(word)) return unknownWord;
    const ids: number[] = [];
    const ends: number[] = [];
    for (let start = 0; start < word.length;) {
      const pieces = start === 0 ? first : later;
      let end = Math.min(word.length, start + longest);
      let id = pieces.get(word.slice(start, end));
      while (id === undefined && end > start + 1) {
        end -= 1;
        id = pieces.get(word.slice(start, end));
      }
      if (id === undefined) return unknownWord;
      ids.push(id);
      ends.push(end);
      start = end;
    }
    return { ids, ends };
  };
}

function isTooLong(word: string): boolean {
  return word.length > LONGEST_WORD && Array.from(word).length > LONGEST_WORD;
}
