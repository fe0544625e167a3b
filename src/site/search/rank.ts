/**
 * The last word on order. Pagefind scores how often and how rarely words stand in a section; this adds what it does not
 * know: that a title may be the very question, that words side by side mean more than words apart, and that a chapter
 * which teaches a thing comes before the entry that defines it. Numbers tuned on tests/fixtures/search-queries.json.
 */
import type { PagefindRecord } from './pagefind-module.ts';

export interface Ranked {
  record: PagefindRecord;
  score: number;
}

/** Words without meaning of their own. */
const FILLERS = new Set(
  'a an and are as at be but by can do does for has have how i if in is it its not of on or should than that the their them then there these this to was what when where which who why will with you'.split(
    ' ',
  ),
);
const KIND_FACTORS: Record<string, number> = { chapter: 1, reference: 0.6, term: 0.5, work: 0.25 };
/** A title that is the query, for a section of a page, a term of the glossary, a work; and authors who are the query. */
const TITLE_IS_QUERY = { section: 3, term: 1.7, work: 0.5, author: 2 };
/** A title that holds the query and more words. */
const TITLE_HOLDS_QUERY = 0.6;
/** Endings that two forms of one word differ in. */
const ENDINGS = /(?:ations?|ings?|ed|es|s|ly|e)$/;

/** The words of a query or title in lower case: letters, digits and underscores. */
export function readWords(text: string): string[] {
  return (
    text
      .toLowerCase()
      .normalize('NFC')
      .match(/[\p{L}\p{M}\p{N}_]+/gu) ?? []
  );
}

/** The words that carry meaning; all of them if none does. */
export function dropFillers(words: readonly string[]): string[] {
  const meaningful = words.filter((word) => !FILLERS.has(word));
  return meaningful.length > 0 ? meaningful : [...words];
}

/** Sorts records by the query, best first. `scores` are Pagefind's, in the records' order. */
export function rankRecords(
  query: string,
  records: readonly PagefindRecord[],
  scores: readonly number[],
): Ranked[] {
  const words = dropFillers(readWords(query)).map(stem);
  const highest = Math.max(...scores, Number.MIN_VALUE);
  return records
    .map((record, index) => ({
      record,
      score: scoreRecord(record, words, query, (scores[index] ?? 0) / highest),
    }))
    .sort((a, b) => b.score - a.score);
}

/** Whether the record holds some word of the query, in any of its forms. */
export function holdsSome({ content, meta }: PagefindRecord, query: string): boolean {
  const text = `${content} ${Object.values(meta).join(' ')}`.toLowerCase();
  return dropFillers(readWords(query)).some((word) => text.includes(stem(word)));
}

function scoreRecord(record: PagefindRecord, words: readonly string[], query: string, share: number): number {
  const { kind = 'reference', title: heading, term, authors = '' } = record.meta;
  const title = term ?? heading ?? '';
  const factor = KIND_FACTORS[kind] ?? 0.6;
  const titleWords = dropFillers(readWords(title)).map(stem);
  let bonus = 0;
  if (isSame(words, titleWords) || readWords(title).join(' ') === readWords(query).join(' '))
    bonus = kind === 'term' || kind === 'work' ? TITLE_IS_QUERY[kind] : TITLE_IS_QUERY.section;
  else if (words.every((word) => titleWords.includes(word)))
    bonus = (factor * TITLE_HOLDS_QUERY * words.length) / titleWords.length;
  const names = readWords(authors).map(stem);
  if (names.length > 0 && words.every((word) => names.includes(word)))
    bonus = Math.max(bonus, TITLE_IS_QUERY.author);
  return factor * (share + closeness(record.content, words)) + bonus;
}

/** 1 where all words stand side by side somewhere in the text, towards 0 the farther apart they are; 0 for one word. */
function closeness(text: string, words: readonly string[]): number {
  const wanted = [...new Set(words)];
  if (wanted.length < 2) return 0;
  const last = new Map<string, number>();
  let narrowest = Number.POSITIVE_INFINITY;
  for (const [at, word] of dropFillers(readWords(text)).entries()) {
    const stemmed = stem(word);
    if (!wanted.includes(stemmed)) continue;
    last.set(stemmed, at);
    if (last.size === wanted.length) narrowest = Math.min(narrowest, at - Math.min(...last.values()) + 1);
  }
  return wanted.length / narrowest;
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((word) => b.includes(word));
}

function stem(word: string): string {
  const cut = word.replace(ENDINGS, '');
  return cut.length >= 3 ? cut : word;
}
