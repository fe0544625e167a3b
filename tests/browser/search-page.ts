/** Driving the search dialog as a reader does; shared by the tests of the search. */
import type { Page } from 'playwright-core';

/** What the dialog shows for a query. */
export interface Shown {
  /** Addresses of the hits in their order, without host and base path. */
  urls: string[];
  suggestion: string | undefined;
}

/** Types a query into the open dialog and reads the answer. */
export async function askSearch(page: Page, query: string): Promise<Shown> {
  await page.locator('.search-field').fill(query);
  const results = page.locator('.search-results');
  await page.waitForFunction(
    (wanted) => {
      const shown = document.querySelector<HTMLElement>('.search-results');
      return shown?.dataset['state'] === 'ready' && shown.dataset['query'] === wanted;
    },
    query,
    { timeout: 15_000 },
  );
  const base = (process.env.BASE_PATH ?? '').replace(/\/$/, '');
  const hrefs = await results
    .locator('.search-hit')
    .evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
  const suggestion = results.locator('.search-suggestion');
  return {
    urls: hrefs.map((href) => (href.startsWith(base) ? href.slice(base.length) : href)),
    suggestion: (await suggestion.count()) > 0 ? await suggestion.innerText() : undefined,
  };
}
