/** Runs axe in a page, by the rules of WCAG 2.2 AA and axe's best practices. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const options: RunOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  // Axe leaves this rule of WCAG 2.2 (2.5.8) off unless asked
  rules: {
    'target-size': { enabled: true },
    // Experimental: it glues neighbouring texts ("stem" and "32×16×16") together and misses them in "stem, 32×16×16, frozen"
    'label-content-name-mismatch': { enabled: false },
  },
  resultTypes: ['violations'],
};

/** What axe objects to in the page as it stands, one line a violation with the elements it met. */
export async function axeViolations(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(source);
  // Blocks far from the window have no true places yet, and axe compares places (src/site/chrome/later.ts)
  await page.evaluate(() => delete document.documentElement.dataset['later']);
  // A fade passes through every contrast there is; what counts is where it ends
  await page.evaluate(async () => {
    const ending = document
      .getAnimations()
      .filter(
        ({ playState, effect }) =>
          playState === 'running' && effect && effect.getComputedTiming().endTime !== Infinity,
      );
    await Promise.allSettled(ending.map(({ finished }) => finished));
  });
  const results = await page.evaluate(async (settings) => {
    const { axe } = window as unknown as {
      axe: { run(context: Document, settings: RunOptions): Promise<AxeResults> };
    };
    return axe.run(document, settings);
  }, options);
  return results.violations.map(({ id, help, nodes }) => {
    const where = nodes
      .slice(0, 5)
      .map((node) => `    ${node.target.join(' ')}: ${node.failureSummary?.split('\n')[1]?.trim() ?? ''}`);
    return [`${id} (${nodes.length}): ${help}`, ...where].join('\n');
  });
}
