/**
 * The words of the course, for "did you mean". One line a word, sorted, with how often it stands there as a power of two:
 *   gradient5   means 32 to 63 times
 */

/** Single letters correct nothing. */
const SHORTEST = 2;
const WORD = /\p{L}[\p{L}\p{M}'’]*/gu;

/** Counts the words of the texts: lower case, compounds in parts ("fine-tuning" is two words), code names left out. */
export function countWords(texts: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts)
    for (const word of splitWords(text))
      if (word.length >= SHORTEST) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/** The words of a text in lower case, without possessive endings. */
export function splitWords(text: string): string[] {
  return (text.match(WORD) ?? []).map((word) => word.toLowerCase().replace(/['’]s?$/, ''));
}

/** The list as text; see the head of this file. */
export function writeWordList(counts: ReadonlyMap<string, number>): string {
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([word, count]) => `${word}${String(Math.min(9, Math.floor(Math.log2(count))))}`)
    .join('\n');
}

/** Reads the list back: word to power of two. Lines that are none are skipped. */
export function readWordList(text: string): Map<string, number> {
  const words = new Map<string, number>();
  for (const line of text.split('\n')) {
    const power = Number(line.at(-1));
    if (line.length > SHORTEST && Number.isInteger(power)) words.set(line.slice(0, -1), power);
  }
  return words;
}
