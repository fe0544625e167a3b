/** Searching: query in, groups of sections out. Knows no document, so that a test can run it on a built index. */
import { correctQuery } from './correct.ts';
import type { Pagefind, PagefindRecord, Ranking } from './pagefind-module.ts';
import { dropFillers, holdsSome, rankRecords, readWords } from './rank.ts';

/** A section that answers the query. */
export interface Hit {
  /** Address with base path and anchor. */
  url: string;
  title: string;
  excerpt: ExcerptPart[];
  /** Whether it is an entry of glossary or bibliography. */
  isEntry: boolean;
}

/** A run of words in an excerpt. */
export interface ExcerptPart {
  text: string;
  isFound: boolean;
}

/** The hits on one page, best first; pages come in the order of their best hit. */
export interface HitGroup {
  page: string;
  hits: Hit[];
}

export interface Answer {
  groups: HitGroup[];
  /** How many sections matched, shown or not. */
  count: number;
  /** A better spelling, if some word is unknown. */
  suggestion: string | undefined;
  /** What was searched for: the query, or the suggestion where the query itself gave nothing. */
  searched: string;
}

export interface EnginePorts {
  pagefind: Pagefind;
  /** The words of the course; asked for only when a query gives little. May reject. */
  loadWords: () => Promise<ReadonlyMap<string, number>>;
}

/** Tuned on tests/fixtures/search-queries.json; see tests/browser/search-queries.test.ts. */
export const RANKING: Ranking = {
  termFrequency: 1,
  termSaturation: 1.4,
  termSimilarity: 6,
  pageLength: 0.3,
  metaWeights: { title: 5, term: 3, authors: 3, page: 0.2, kind: 0 },
};
/** Sections whose text is fetched for one answer, and how many of them one page may show. */
const FETCHED = 32;
const SHOWN_PER_PAGE = 4;
/** With fewer sections found than this, a word may be mistyped. */
const FEW = 4;
/** Answers a query (not empty). Rejects if the index cannot be read. */
export async function findSections(query: string, ports: EnginePorts): Promise<Answer> {
  const found = await search(query, ports.pagefind);
  if (found.length >= FEW && (await hasEveryWord(query, found))) return answer(found, query);
  const words = await ports.loadWords().catch(() => new Map<string, number>());
  const suggestion = correctQuery(query, words);
  if (suggestion === undefined) return answer(found, query);
  const better = await search(suggestion, ports.pagefind);
  const useBetter = better.length > 0;
  return { ...(await answer(useBetter ? better : found, useBetter ? suggestion : query)), suggestion };
}

interface Scored {
  id: string;
  score: number;
  data: () => Promise<PagefindRecord>;
}

/** Sections that hold all meaningful words; where none does, those that hold most of them, rare words counting more. */
async function search(query: string, pagefind: Pagefind): Promise<Scored[]> {
  const words = dropFillers(readWords(query));
  const strict = (await pagefind.search(words.join(' '))).results;
  return strict.length > 0 || words.length < 2 ? strict : searchAny(words, pagefind);
}

async function searchAny(words: readonly string[], pagefind: Pagefind): Promise<Scored[]> {
  const merged = new Map<string, Scored & { matched: number }>();
  for (const word of new Set(words)) {
    const { results } = await pagefind.search(word);
    const rarity = 1 / Math.log2(2 + results.length);
    for (const result of results) {
      const known = merged.get(result.id) ?? {
        id: result.id,
        score: 0,
        matched: 0,
        data: () => result.data(),
      };
      merged.set(result.id, {
        ...known,
        score: known.score + rarity * Math.min(1, result.score),
        matched: known.matched + 1,
      });
    }
  }
  const most = Math.max(0, ...[...merged.values()].map(({ matched }) => matched));
  return [...merged.values()]
    .filter(({ matched }) => matched >= most - 1)
    .sort((a, b) => b.matched - a.matched || b.score - a.score);
}

/** Whether the best sections really hold each word, or a word that begins alike: Pagefind also takes shorter stems. */
async function hasEveryWord(query: string, found: readonly Scored[]): Promise<boolean> {
  const best = await Promise.all(found.slice(0, FEW).map((result) => result.data()));
  const text = best
    .map(({ content, meta }) => `${content} ${meta['title'] ?? ''} ${meta['term'] ?? ''}`)
    .join(' ')
    .toLowerCase();
  return dropFillers(readWords(query)).every((word) => text.includes(word));
}

async function answer(found: readonly Scored[], searched: string): Promise<Answer> {
  const fetched = found.slice(0, FETCHED);
  const records = await Promise.all(fetched.map((result) => result.data()));
  const scores = fetched.map(({ score }) => score);
  // Pagefind shortens an unknown word until something begins with it, a single letter at last: that is no answer
  const ranked = rankRecords(searched, records, scores).filter(({ record }) => holdsSome(record, searched));
  const groups = new Map<string, HitGroup>();
  for (const { record } of ranked) {
    const [path = record.url] = record.url.split('#');
    const group = groups.get(path) ?? { page: record.meta['page'] ?? '', hits: [] };
    groups.set(path, group);
    if (group.hits.length < SHOWN_PER_PAGE)
      group.hits.push({
        url: record.url,
        title: record.meta['term'] ?? record.meta['title'] ?? record.url,
        excerpt: dropTitle(readExcerpt(record.excerpt), record.meta['term'] ?? record.meta['title'] ?? ''),
        isEntry: record.meta['term'] !== undefined,
      });
  }
  return {
    groups: [...groups.values()],
    count: ranked.length < records.length ? ranked.length : found.length,
    suggestion: undefined,
    searched,
  };
}

/** Splits an excerpt (escaped HTML with <mark>) into plain runs of text. */
export function readExcerpt(html: string): ExcerptPart[] {
  return joinCode(html)
    .split(/(<mark>[^]*?<\/mark>)/)
    .filter(Boolean)
    .map((part) => ({
      isFound: part.startsWith('<mark>'),
      text: readEntities(part.replace(/<\/?mark>/g, '')),
    }));
}

/** Code was parted at its signs for the index; an excerpt shows it as it was written. */
function joinCode(html: string): string {
  return html.replace(/ (\.|\() /g, '$1').replace(/ (\)|\(\)) /g, '$1 ');
}

/** A record's text begins with its title, which already stands above the excerpt. */
function dropTitle(parts: ExcerptPart[], title: string): ExcerptPart[] {
  let rest = `${title}. `.length;
  if (
    !parts
      .map(({ text }) => text)
      .join('')
      .startsWith(`${title}. `)
  )
    return parts;
  return parts
    .map((part) => {
      const text = part.text.slice(rest);
      rest = Math.max(0, rest - part.text.length);
      return { ...part, text };
    })
    .filter(({ text }) => text !== '');
}

function readEntities(text: string): string {
  const names: Record<string, string> = {
    '&lt;': '<',
    '&gt;': '>',
    '&quot;': '"',
    '&#39;': "'",
    '&#x27;': "'",
    '&amp;': '&',
  };
  return text.replace(/&(?:lt|gt|quot|amp|#39|#x27);/g, (entity) => names[entity] ?? entity);
}
