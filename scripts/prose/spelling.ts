/** British spelling by Hunspell's dictionary, plus the words of the field in content/words.txt. */
import { readFileSync } from 'node:fs';
import dictionary from 'dictionary-en-gb';
import nspell from 'nspell';
import { parse } from 'yaml';
import { readPassages, splitWords, standIn } from './plain-text.ts';

/** A word that neither the dictionary nor content/words.txt has. */
export interface Misspelling {
  readonly word: string;
  readonly line: number;
  readonly suggestions: readonly string[];
}

/** Finds words of Markdown or MDX sources that nobody knows. */
export interface Speller {
  check: (source: string) => Misspelling[];
  /** Words of content/words.txt that the dictionary has anyway, or that stand there twice. */
  readonly superfluous: readonly string[];
}

/** Reads the dictionary (1 to 2 s), the list of own words, one a line, and the names of the authors whom the course cites. */
export function createSpeller(
  ownWords = readFileSync('content/words.txt', 'utf8'),
  bibliography = readFileSync('content/bibliography.yaml', 'utf8'),
): Speller {
  const speller = nspell(Buffer.from(dictionary.aff), Buffer.from(dictionary.dic));
  const own = ownWords.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const superfluous = own.filter((word, at) => speller.correct(word) || own.indexOf(word) !== at);
  const authors = (parse(bibliography) as { authors: string[] }[]).flatMap((work) => work.authors);
  const known = new Set([...own, ...authors.flatMap((name) => name.split(/[\s-]/))]);
  const cache = new Map<string, boolean>();

  function isRight(word: string): boolean {
    const plain = word.replaceAll('’', "'").replace(/'s?$/, '');
    if (plain === standIn || /^[\d.]+|^.$/.test(plain)) return true;
    const lower = plain.toLowerCase();
    if (known.has(plain) || known.has(lower)) return true;
    // single letters joined to words, as in "x-axis", and numbers, as in "64-bit", are nobody's misspelling
    const parts = plain.split(/[-.]/).filter((part) => part.length > 1 && !/\d/.test(part));
    if (parts.length === 1 && parts[0] === plain) return speller.correct(plain) || speller.correct(lower);
    return parts.every((part) => isRight(part));
  }

  function check(source: string): Misspelling[] {
    const found: Misspelling[] = [];
    for (const { text, line } of readPassages(source))
      for (const word of splitWords(text)) {
        const right = cache.get(word) ?? isRight(word);
        cache.set(word, right);
        if (!right && !found.some((earlier) => earlier.word === word))
          found.push({ word, line, suggestions: speller.suggest(word).slice(0, 3) });
      }
    return found;
  }

  return { check, superfluous };
}
