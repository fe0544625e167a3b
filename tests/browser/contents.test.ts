/** The contents of a page, and what waits below the window: marks, jumps, the bar on a phone. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { openPage } from './harness.ts';

const chapter = '/course/approaches/';
const phone = { width: 390, height: 844 };

test('the contents mark the section under the header, beside the text and in the bar', async (t) => {
  for (const { viewport, list } of [
    { viewport: { width: 1440, height: 900 }, list: '.contents' },
    { viewport: phone, list: '.contents-bar' },
  ]) {
    const page = await openPage(t, chapter, { context: { viewport } });
    const current = page.locator(`${list} a[aria-current]`);
    const links = page.locator(`${list} li a`);
    await current.waitFor({ state: 'attached' });
    assert.equal(await current.getAttribute('href'), '#_top');
    for (const index of [3, 1]) {
      const address = await links.nth(index).getAttribute('href');
      // Also by a jump that passes several headings at once
      await page.evaluate((id) => document.getElementById(id)?.scrollIntoView(), address?.slice(1) ?? '');
      await page.locator(`${list} a[href="${address}"][aria-current]`).waitFor({ state: 'attached' });
      assert.equal(await current.count(), 1);
    }
    assert.equal(
      (await page.locator('.contents-bar .here').textContent())?.trim(),
      (await links.nth(1).textContent())?.trim(),
    );
  }
});

test('on a phone the bar of contents opens, leads to a section and closes again', async (t) => {
  const page = await openPage(t, chapter, { context: { viewport: phone } });
  const bar = page.locator('.contents-bar details');
  await bar.locator('summary').click();
  await page.keyboard.press('Escape');
  assert.equal(await bar.getAttribute('open'), null);
  assert.ok(await bar.locator('summary').evaluate((summary) => summary === document.activeElement));
  await bar.locator('summary').click();
  await bar.locator('li a').nth(2).click();
  assert.equal(await bar.getAttribute('open'), null);
  assert.match(page.url(), /#[\w-]+$/);
});

test('far blocks wait for the reader; a jump to a section lays all out first and lands on it', async (t) => {
  const page = await openPage(t, chapter);
  const waits = () =>
    page.evaluate(
      () =>
        [...document.querySelectorAll('.prose > p')].filter(
          (block) => getComputedStyle(block).contentVisibility === 'auto',
        ).length,
    );
  assert.ok((await waits()) > 10);
  const link = page.locator('.contents li a').nth(4);
  const id = ((await link.getAttribute('href')) ?? '').slice(1);
  await link.click();
  assert.equal(await waits(), 0);
  const top = () =>
    page.evaluate((name) => document.getElementById(name)?.getBoundingClientRect().top ?? 0, id);
  assert.ok(Math.abs((await top()) - (await padding(page))) < 60, `the heading stands at ${await top()}`);
  // Whoever comes by the link gets the whole page at once
  await page.reload();
  assert.equal(await waits(), 0);
});

function padding(page: Page): Promise<number> {
  return page.evaluate(() => parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop));
}
