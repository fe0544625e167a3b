/** A sleeping figure loses nothing that the reader does while its code is on its way. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { openPage, waitForStatus, type PageOptions } from './harness.ts';
import { lensOf, lensPages, partOf, startButton } from './lens.ts';

const [path = ''] = lensPages();

/** A page whose figure code arrives only when `release` is called. */
async function openAsleep(
  t: TestContext,
  options: PageOptions = {},
): Promise<{ page: Page; release: () => void }> {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  const page = await openPage(t, path, options);
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

test('where traffic is to be spared, passing by fetches nothing, and a press works as ever', async (t) => {
  const page = await openPage(t, path, {
    before: () => Object.defineProperty(navigator, 'connection', { value: { saveData: true } }),
  });
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await lensOf(page).scrollIntoViewIfNeeded();
  await startButton(page).hover();
  await page.waitForLoadState('networkidle');
  assert.deepEqual(
    asked.filter((url) => /\.js$|\.onnx|\.gz/.test(url)),
    [],
  );
  await startButton(page).click();
  await waitForStatus(lensOf(page), 'ready');
});

test('a press on a sleeping figure starts it', async (t) => {
  const { page, release } = await openAsleep(t);
  await startButton(page).click();
  assert.equal(await lensOf(page).getAttribute('data-status'), 'idle');
  release();
  await waitForStatus(lensOf(page), 'ready');
});

for (const reducedMotion of ['no-preference', 'reduce'] as const)
  test(`a press is answered while the code is on its way (motion: ${reducedMotion})`, async (t) => {
    const { page, release } = await openAsleep(t, { context: { reducedMotion } });
    const [button, line] = [startButton(page), lensOf(page).locator('.waking')];
    assert.equal(await line.count(), 0);
    await button.click();
    await line.waitFor();
    assert.match(await line.innerText(), /code of this figure/);
    assert.equal(await partOf(lensOf(page), 'live').innerText(), await line.innerText());
    assert.equal(await button.getAttribute('aria-busy'), 'true');
    const moves = await button.evaluate((control) => getComputedStyle(control).animationName);
    assert.equal(moves, reducedMotion === 'reduce' ? 'none' : 'waiting');
    release();
    await waitForStatus(lensOf(page), 'ready');
    assert.equal(await lensOf(page).locator('.waking, [aria-busy]').count(), 0, 'the sign stays');
  });

test('pressing twice while it wakes starts it once and does not call it off', async (t) => {
  const { page, release } = await openAsleep(t);
  await startButton(page).click();
  await startButton(page).click();
  release();
  await waitForStatus(lensOf(page), 'ready');
});

test('code that cannot be fetched ends in a sentence, and the page stays as it was', async (t) => {
  const page = await openPage(t, path, {
    expected: [/element\.|Failed to load resource|Failed to fetch dynamically/],
  });
  await page.route(/\/_astro\/element\.[^/]+\.js$/, (route) => route.abort());
  await startButton(page).click();
  const problem = lensOf(page).locator('.problem');
  await problem.waitFor();
  assert.equal(await lensOf(page).locator('.waking, [aria-busy]').count(), 0, 'it still says that it waits');
  assert.match(await problem.innerText(), /could not be fetched\. .*reload the page/);
  assert.equal(await problem.getAttribute('role'), 'alert');
  assert.ok(await lensOf(page).locator('svg:visible').first().isVisible(), 'the first frame is gone');
});

test('the file dialog opens at once, and the picture chosen there waits for the code', async (t) => {
  const { page, release } = await openAsleep(t);
  const chooser = page.waitForEvent('filechooser');
  await lensOf(page).getByText('Your picture', { exact: true }).click();
  await (
    await chooser
  ).setFiles({
    name: 'square.svg',
    mimeType: 'image/svg+xml',
    buffer: Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8"/></svg>',
    ),
  });
  release();
  await lensOf(page).locator('.big-pic img.own').waitFor();
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
