/** The parts of Pagefind's browser module that we use (https://pagefind.app/docs/api/). */

export interface Pagefind {
  options: (options: PagefindOptions) => Promise<void>;
  search: (query: string) => Promise<{ results: PagefindResult[] }>;
}

export interface PagefindOptions {
  /** Put in front of every address. */
  baseUrl: string;
  /** Words in an excerpt. */
  excerptLength: number;
  ranking: Ranking;
  /** Search in the page instead of in a worker, which the page's content policy would not reach. */
  noWorker: boolean;
}

export interface Ranking {
  termFrequency: number;
  termSaturation: number;
  termSimilarity: number;
  pageLength: number;
  metaWeights: Record<string, number>;
}

export interface PagefindResult {
  id: string;
  score: number;
  data: () => Promise<PagefindRecord>;
}

export interface PagefindRecord {
  url: string;
  /** HTML: text with <mark> around the words found. */
  excerpt: string;
  /** The whole text of the record. */
  content: string;
  meta: Record<string, string | undefined>;
}
