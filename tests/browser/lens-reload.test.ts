/** Where the host sends no headers, threads cost one reload; the reader's place and picture come through it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPage, waitForStatus } from './harness.ts';
import { lensOf, lensPages, partOf, startButton } from './lens.ts';

const [path = ''] = lensPages();

test('the one reload for threads keeps the picture, the choice and the scroll position', async (t) => {
  const page = await openPage(t, path, { headers: false });
  const lens = lensOf(page);
  let loads = 0;
  page.on('load', () => (loads += 1));
  await partOf(lens, 'blocks').locator('button').nth(2).click();
  await lens.locator('input[type="file"]').setInputFiles({
    name: 'square.svg',
    mimeType: 'image/svg+xml',
    buffer: Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><circle cx="32" cy="32" r="24"/></svg>',
    ),
  });
  await lens.locator('.big-pic img.own').waitFor();
  await startButton(page).scrollIntoViewIfNeeded();
  const before = await page.evaluate(() => scrollY);
  await startButton(page).click();
  await waitForStatus(lens, 'ready');
  assert.equal(loads, 1, 'reloads');
  assert.equal(await page.evaluate(() => crossOriginIsolated), true);
  assert.equal(await lens.locator('.big-pic img.own').count(), 1, 'the picture came through');
  assert.equal(
    await partOf(lens, 'blocks').locator('button').nth(2).getAttribute('aria-pressed'),
    'true',
    'the open block came through',
  );
  const after = await page.evaluate(() => scrollY);
  assert.ok(Math.abs(after - before) <= 2, `scrolled from ${before} to ${after}`);

  // A second run asks for nothing more
  await startButton(page).click();
  await waitForStatus(lens, 'ready');
  assert.equal(loads, 1, 'reloads after a second run');
});
