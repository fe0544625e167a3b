/** How hard a page is to read. */
import { readPassages, splitSentences, splitWords, standIn } from './plain-text.ts';

/** Measures of one page. */
export interface Readability {
  readonly words: number;
  readonly sentences: number;
  /** Mean words per sentence. */
  readonly meanLength: number;
  /** The longest sentence, in words. */
  readonly longest: { readonly words: number; readonly text: string };
  /** School grade after Kincaid, Fishburne, Rogers and Chissom (1975): 0.39 · words/sentence + 11.8 · syllables/word − 15.59. */
  readonly grade: number;
}

/** Measures the running text of a Markdown or MDX source; formulas and code count as one short word each. */
export function measureReadability(source: string): Readability {
  const passages = readPassages(source);
  const words = passages.reduce((sum, { text }) => sum + splitWords(text).length, 0);
  const sentences = passages
    .filter(({ isSentence }) => isSentence)
    .flatMap(({ text }) => splitSentences(text));
  const lengths = sentences.map((text) => ({ words: splitWords(text).length, text }));
  const running = lengths.reduce((sum, { words: count }) => sum + count, 0);
  const syllables = sentences.flatMap(splitWords).reduce((sum, word) => sum + countSyllables(word), 0);
  const meanLength = running / Math.max(1, sentences.length);
  return {
    words,
    sentences: sentences.length,
    meanLength,
    longest: lengths.reduce((longest, next) => (next.words > longest.words ? next : longest), {
      words: 0,
      text: '',
    }),
    grade: 0.39 * meanLength + (11.8 * syllables) / Math.max(1, running) - 15.59,
  };
}

/** Groups of vowels, without a silent e at the end: right for about nine words in ten of English. */
export function countSyllables(word: string): number {
  if (word === standIn || /\d/.test(word)) return 1;
  const spoken = word
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/y(?=[aeiou])/g, 'j')
    .replace(/(?<=[aeiouy].*[^aeiouyl])es?\b|(?<=[^aeiouydt])ed\b/g, '');
  return Math.max(1, spoken.match(/[aeiouy]+/g)?.length ?? 1);
}
