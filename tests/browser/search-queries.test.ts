/** The list of queries and the page that must come first for each; it grows with the course. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { openPage } from './harness.ts';
import { askSearch } from './search-page.ts';

interface Query {
  query: string;
  /** Address of the page that must come first. */
  first: string;
  /** Section that must come first on it. */
  anchor?: string;
  /** Better spelling that must be offered. */
  suggestion?: string;
}

test('every query of the list finds its page and section first', async (t) => {
  const queries = JSON.parse(
    await readFile(new URL('../fixtures/search-queries.json', import.meta.url), 'utf8'),
  ) as Query[];
  assert.ok(queries.length >= 50 && queries.some(({ suggestion }) => suggestion));
  const page = await openPage(t, '/course/');
  await page.locator('[data-search-open]').click();
  const misses: string[] = [];
  for (const { query, first, anchor = '', suggestion } of queries) {
    const shown = await askSearch(page, query);
    const [found = 'nothing'] = shown.urls;
    const isRight = anchor ? found === first + anchor : found.split('#')[0] === first;
    if (!isRight)
      misses.push(
        `“${query}”: expected ${first}${anchor}, found ${shown.urls.slice(0, 3).join(' ') || found}`,
      );
    if (shown.suggestion !== suggestion)
      misses.push(
        `“${query}”: expected the spelling ${suggestion ?? 'to stand'}, offered ${shown.suggestion ?? 'none'}`,
      );
  }
  assert.deepEqual(misses, []);
});
