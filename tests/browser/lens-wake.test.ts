/** A sleeping figure loses nothing that the reader does while its code is on its way. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { openPage, waitForStatus } from './harness.ts';
import { lensOf, lensPages, partOf, startButton } from './lens.ts';

const [path = ''] = lensPages();

/** A page whose figure code arrives only when `release` is called. */
async function openAsleep(t: TestContext): Promise<{ page: Page; release: () => void }> {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  const page = await openPage(t, path);
  await page.route(/\/_astro\/element\.[^/]+\.js$/, async (route) => {
    await released;
    await route.continue();
  });
  return { page, release };
}

test('asleep, a figure has fetched none of its code', async (t) => {
  const page = await openPage(t, path);
  assert.equal(await page.evaluate(() => customElements.get('thaw-resnet-lens') === undefined), true);
  assert.equal(await lensOf(page).getAttribute('data-status'), 'idle');
});

test('a press on a sleeping figure starts it', async (t) => {
  const { page, release } = await openAsleep(t);
  await startButton(page).click();
  assert.equal(await lensOf(page).getAttribute('data-status'), 'idle');
  release();
  await waitForStatus(lensOf(page), 'ready');
});

test('a choice made while it wakes is kept', async (t) => {
  const { page, release } = await openAsleep(t);
  await lensOf(page).getByText('From scratch', { exact: true }).first().click();
  await partOf(lensOf(page), 'blocks').locator('button').first().click();
  await partOf(lensOf(page), 'blocks').locator('button').first().press('ArrowRight');
  release();
  const second = partOf(lensOf(page), 'blocks').locator('button').nth(1);
  await second.and(page.locator('[aria-pressed="true"]')).waitFor();
  assert.equal(await page.locator('thaw-resnet-lens input[value="from-scratch"]').first().isChecked(), true);
  assert.match(page.url(), /from-scratch/);
});

test('a picture dropped on a sleeping figure is taken', async (t) => {
  const { page, release } = await openAsleep(t);
  await lensOf(page).evaluate(async (lens) => {
    const canvas = new OffscreenCanvas(8, 8);
    canvas.getContext('2d')?.fillRect(0, 0, 8, 8);
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([await canvas.convertToBlob()], 'square.png', { type: 'image/png' }));
    lens.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
  });
  release();
  await lensOf(page).locator('.big-pic img.own').waitFor();
});
