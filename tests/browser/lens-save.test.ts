/** What can be taken away from the lens: a link, pictures, numbers; and, when it fails, a report. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import sharp from 'sharp';
import { openPage, waitForStatus } from './harness.ts';
import { lensOf, lensPages, partOf, startButton, wakeLens } from './lens.ts';

const [path = ''] = lensPages();
const clipboard = { permissions: ['clipboard-read', 'clipboard-write'] };

async function saved(page: Page, lens: Locator, kind: string): Promise<{ name: string; bytes: Buffer }> {
  const coming = page.waitForEvent('download');
  await lens.locator(`[data-save="${kind}"]`).click();
  const download = await coming;
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

test('the open block leaves as SVG, PNG and CSV, and the view as a link', async (t) => {
  const page = await openPage(t, path, { context: clipboard });
  const lens = lensOf(page);
  await startButton(page).click();
  await waitForStatus(lens, 'ready');
  await partOf(lens, 'blocks').locator('button').nth(1).click();
  const [best = ''] = await partOf(lens, 'top').locator('.class-name').allInnerTexts();

  await t.test('the drawing says what it is and holds every map that is shown', async () => {
    const { name, bytes } = await saved(page, lens, 'svg');
    const text = bytes.toString();
    assert.equal(name, 'resnet-mixed-1.1.svg');
    const shown = await partOf(lens, 'maps').locator('button').count();
    assert.equal(text.match(/<g transform="translate/g)?.length, shown);
    assert.match(text, /resnet-mixed, block 1\.1, 32×16×16: /);
    assert.ok(text.includes(best), 'the answer is missing');
    const { width } = await sharp(bytes).metadata();
    assert.ok(width > 600);
  });

  await t.test('the picture is the drawing, twice as fine, with ink on it', async () => {
    const { name, bytes } = await saved(page, lens, 'png');
    assert.equal(name, 'resnet-mixed-1.1.png');
    const { dominant, channels } = await sharp(bytes).stats();
    assert.deepEqual([dominant.r > 240, channels[0].min < 60], [true, true], 'it is blank');
  });

  await t.test('the numbers are those that the figure reads out', async () => {
    const { name, bytes } = await saved(page, lens, 'csv');
    assert.equal(name, 'resnet-mixed-1.1.csv');
    const [heading, ...rows] = bytes.toString().trim().split('\r\n');
    assert.equal(heading, 'channel,row,column,value');
    assert.equal(rows.length, 32 * 16 * 16);
    await partOf(lens, 'large').hover({ position: { x: 4, y: 4 } });
    const [, read = ''] = /row 1, column 1: (\S+)/.exec(await partOf(lens, 'read').innerText()) ?? [];
    const first = Number(rows[0].split(',').at(-1));
    assert.equal(read.replace('−', '-'), first === 0 ? '0' : first.toFixed(2), `${read} for ${rows[0]}`);
  });

  await t.test('the link opens the same view', async () => {
    await lens.locator('[data-save="link"]').click();
    await partOf(lens, 'saved').getByText('Copied: a link to this view.').waitFor();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    await page.goto(link);
    await wakeLens(page);
    await partOf(lens, 'blocks').locator('button[aria-pressed="true"]', { hasText: '1.1' }).waitFor();
    assert.equal(await lens.getAttribute('data-status'), 'idle', 'the link started something');
  });

  await t.test('of a picture that has not run there is nothing to take', async () => {
    await partOf(lens, 'pictures').locator('button').nth(3).click();
    await lens.locator('[data-save="svg"]').click();
    await partOf(lens, 'saved').getByText('Run the network on this picture first.').waitFor();
  });
});

for (const isAllowed of [true, false])
  test(`a failure can be copied as a report, the clipboard ${isAllowed ? 'open' : 'refused'}`, async (t) => {
    const page = await openPage(t, path, {
      expected: [/\.onnx/, /Failed to load resource/],
      context: isAllowed ? clipboard : {},
    });
    await page.context().route(/\.onnx/, (route) => route.fulfill({ status: 404, body: '' }));
    if (!isAllowed)
      await page.evaluate(() => {
        navigator.clipboard.writeText = () => Promise.reject(new DOMException('', 'NotAllowedError'));
      });
    const lens = lensOf(page);
    await startButton(page).click();
    await lens.locator('.problem').waitFor();
    await lens.locator('.problem-details summary').click();
    await lens.locator('[data-action="report"]').click();
    const says = lens.locator('.report span');
    if (!isAllowed) {
      await says.getByText('The browser refused to copy').waitFor();
      assert.match(await page.evaluate(() => String(getSelection())), /code: not-found/);
      return;
    }
    await says.getByText('Copied.').waitFor();
    const report = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(report, /^The host does not have a file/);
    for (const fact of [/code: not-found/, /status: 404/, /network: resnet-mixed/, /browser: .*Chrom/])
      assert.match(report, fact);
  });
