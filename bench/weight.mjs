// What a reader downloads: before starting anything, and up to the first live result.
import { chromium } from 'playwright-core';
import { serve } from '../scripts/serve.ts';
import { builtPages, chromiumPath, dist } from '../tests/browser/built-site.ts';
import { startButton } from '../tests/browser/lens.ts';
import { weighReading, weighVisit } from '../tests/browser/weight.ts';
import { atMost, rounded } from './row.mjs';

/** Rows of the size budgets, in kB of 1000 bytes as a host with plain gzip sends them. */
export async function measure() {
  const site = await serve({ root: dist, port: 0, headers: true });
  const browser = await chromium.launch({ executablePath: chromiumPath() });
  try {
    const pages = [];
    for (const { path, html } of builtPages()) {
      const page = await (await browser.newContext()).newPage();
      const weight = await weighReading(page, site.url, new URL(path.slice(1), site.url).href);
      pages.push({ path, weight, hasLens: html.includes('<thaw-resnet-lens') });
      await page.context().close();
    }
    const heaviest = (of, among) => among.toSorted((a, b) => of(b) - of(a))[0];
    const landing = pages.find(({ path }) => path === '/');
    const chapter = heaviest(
      ({ weight }) => weight.totalBytes,
      pages.filter(({ path }) => path !== '/'),
    );
    const script = heaviest(({ weight }) => weight.scriptBytes, pages);
    const live = [];
    for (const { path } of pages.filter(({ hasLens }) => hasLens))
      live.push({ path, bytes: await firstResult(browser, site, path) });
    const first = heaviest(({ bytes }) => bytes, live);
    const kB = (bytes) => rounded(bytes / 1000, 1);
    return [
      atMost('landing page, compressed', kB(landing.weight.totalBytes), 'kB', 120),
      atMost('heaviest chapter, compressed', kB(chapter.weight.totalBytes), 'kB', 180, chapter.path),
      atMost('script before intent, compressed', kB(script.weight.scriptBytes), 'kB', 40, script.path),
      atMost(
        'first live result, bytes',
        rounded(first.bytes / 1e6, 2),
        'MB',
        7,
        `everything since the page was asked for, ${first.path}`,
      ),
    ];
  } finally {
    await browser.close();
    await site.close();
  }
}

/** Bytes from the first request of the page to the lens's first answer, with nothing stored. */
async function firstResult(browser, site, path) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const weight = weighVisit(page, site.url);
  await page.goto(new URL(path.slice(1), site.url).href, { waitUntil: 'networkidle' });
  await startButton(page).click();
  await page.locator('thaw-resnet-lens[data-status="ready"]').first().waitFor({ timeout: 60_000 });
  const { totalBytes } = weight();
  await context.close();
  return totalBytes;
}
