// Lighthouse's four scores on every page, on its own mobile settings; the worst page counts.
import lighthouse from 'lighthouse';
import { launch } from 'chrome-launcher';
import { serve } from '../scripts/serve.ts';
import { builtPages, chromiumPath, dist } from '../tests/browser/built-site.ts';
import { atLeast, median } from './row.mjs';

const limits = { accessibility: 100, 'best-practices': 100, seo: 100, performance: 95 };
const names = {
  accessibility: 'lighthouse accessibility',
  'best-practices': 'lighthouse best practices',
  seo: 'lighthouse SEO',
  performance: 'lighthouse performance',
};

/** Rows of the four categories: the lowest score of all pages, with the page. */
export async function measure() {
  const site = await serve({ root: dist, port: 0, headers: true });
  const chrome = await launch({
    chromePath: chromiumPath(),
    chromeFlags: ['--headless=new', '--no-sandbox'],
  });
  const worst = new Map();
  try {
    // Lighthouse marks a 404 down for being one
    for (const { path } of builtPages().filter((page) => page.path !== '/404.html')) {
      const scores = await scorePage(new URL(path.slice(1), site.url).href, chrome.port);
      console.log(
        `  ${path}: ${Object.entries(scores)
          .map(([category, score]) => `${category} ${score}`)
          .join(', ')}`,
      );
      for (const [category, score] of Object.entries(scores)) {
        if (score < (worst.get(category)?.score ?? Infinity)) worst.set(category, { score, path });
      }
    }
  } finally {
    await chrome.kill();
    await site.close();
  }
  return Object.entries(limits).map(([category, limit]) => {
    const { score, path } = worst.get(category);
    return atLeast(names[category], score, 'of 100', limit, `worst page ${path}`);
  });
}

/** Scores of one page. A performance below its limit is measured twice more, and the median counts: it varies, the others do not. */
async function scorePage(url, port) {
  const scores = await run(url, port, Object.keys(limits));
  if (scores.performance >= limits.performance) return scores;
  const again = [await run(url, port, ['performance']), await run(url, port, ['performance'])];
  return { ...scores, performance: median([scores, ...again].map(({ performance }) => performance)) };
}

async function run(url, port, onlyCategories, triesLeft = 3) {
  const { lhr } = await lighthouse(url, { port, onlyCategories, logLevel: 'error', output: 'json' });
  // now and then Chromium's trace lacks the start; Lighthouse itself asks to be run again
  if (lhr.runtimeError?.code === 'NO_NAVSTART' && triesLeft > 0)
    return run(url, port, onlyCategories, triesLeft - 1);
  if (lhr.runtimeError) throw new Error(`${url}: ${lhr.runtimeError.message}`);
  const failing = Object.values(lhr.audits).filter(
    (audit) => audit.score !== null && audit.score < 0.9 && audit.scoreDisplayMode !== 'informative',
  );
  const categories = Object.values(lhr.categories).map(({ id, score }) => [
    id,
    Math.round((score ?? 0) * 100),
  ]);
  if (categories.some(([id, score]) => score < limits[id]))
    for (const { id, displayValue } of failing)
      console.log(`    ${id}${displayValue ? `: ${displayValue}` : ''}`);
  return Object.fromEntries(categories);
}
