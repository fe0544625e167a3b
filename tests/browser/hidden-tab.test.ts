/** A training goes on while the reader looks at another tab. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import puppeteer, { type Page } from 'puppeteer-core';
import { chromiumPath } from './built-site.ts';
import { labPath, patienceMs } from './freeze-lab-page.ts';
import { siteUrl } from './harness.ts';

/** How far the lab says that its run is. */
const stepIn = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const text = document.querySelector('thaw-freeze-lab .run-steps')?.textContent ?? '';
    return Number(/step (\d+)/.exec(text)?.[1] ?? 0);
  });

/** Asks from outside of the page, whose own clocks may be slowed down. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + patienceMs;
  while (!(await isSo())) {
    assert.ok(performance.now() < end, 'in vain');
    await wait(50);
  }
}

// Playwright keeps every page in the foreground, so a browser of puppeteer's stands in
test('a training goes on in a hidden tab, and the tab shows where it is when it comes back', async (t) => {
  const browser = await puppeteer.launch({ executablePath: chromiumPath(), args: ['--no-sandbox'] });
  t.after(() => browser.close());
  const page = await browser.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  await page.goto(`${await siteUrl()}${labPath}?2-thaw=4.2_head&2-steps=120`);
  await page.focus('thaw-freeze-lab [data-action="run"]');
  await page.keyboard.press('Enter');
  await until(async () => (await stepIn(page)) > 0);

  const other = await browser.newPage();
  await other.bringToFront();
  const looks = () => page.evaluate(() => document.visibilityState);
  assert.equal(await looks(), 'hidden');
  await page.evaluate(() => requestAnimationFrame(() => document.body.setAttribute('data-frame', '')));
  const before = await stepIn(page);
  const isDone = async () => (await page.$('thaw-freeze-lab[data-status="ready"]')) !== null;
  // a fast machine may be at the end by then
  const hasGoneOn = async () => (await stepIn(page)) >= before + 30 || isDone();
  await until(hasGoneOn);
  assert.equal(await looks(), 'hidden');
  assert.equal(await page.$('[data-frame]'), null, 'a hidden tab gets no frames, so it was hidden');

  await page.bringToFront();
  assert.equal(await looks(), 'visible');
  assert.ok(await hasGoneOn());
  await until(isDone);
  const said = await page.$eval('thaw-freeze-lab [data-part="log"] tbody', (log) => log.textContent);
  assert.match(said, /\d+\s*%/);
  assert.deepEqual(problems, []);
  t.diagnostic(`hidden at step ${before} of 120`);
});
