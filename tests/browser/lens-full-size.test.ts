/** A published network in the lens: chosen, fetched from its home when asked for, opened on the reader's own photo, and left again. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Locator } from 'playwright-core';
import { axeViolations } from './axe.ts';
import { openPage, waitForStatus, type PageOptions, type WatchedPage } from './harness.ts';
import { lensOf, lensPages, partOf, startButton, wakeLens } from './lens.ts';

const [path = ''] = lensPages();
const shared = process.env.THAW_SHARED ?? fileURLToPath(new URL('../../../shared', import.meta.url));
const reference = join(shared, 'data/reference');
const model = 'mobilenetv2-12-int8';
const file = join(reference, `${model}.onnx`);
const skip = !existsSync(file) && `skipped: ${file} is not there`;

/** A page of the site; its network's home is played by the real file, and `asked` counts what goes there. */
async function openWithHome(
  t: TestContext,
  query = '',
  options: PageOptions = {},
): Promise<{ page: WatchedPage; asked: string[] }> {
  const page = await openPage(t, path + query, {
    ...options,
    expected: [/third party: https:\/\/huggingface/],
  });
  const asked: string[] = [];
  await page.context().route('https://huggingface.co/**', async (route) => {
    asked.push(route.request().url());
    const headers = { 'access-control-allow-origin': '*', etag: '"one"' };
    await route.fulfill({ body: readFileSync(file), headers, contentType: 'application/octet-stream' });
  });
  return { page, asked };
}

const firstNames = (lens: Locator) => partOf(lens, 'top').locator('.class-name').allInnerTexts();

test(
  'a published network is chosen, told by its size, fetched when asked for, and opened',
  { skip },
  async (t) => {
    const { page, asked } = await openWithHome(t);
    const lens = lensOf(page);
    await wakeLens(page);
    await partOf(lens, 'network').selectOption(model);
    assert.match(page.url(), /network=mobilenetv2-12-int8/);
    assert.deepEqual(await partOf(lens, 'blocks').locator('b').allInnerTexts(), ['network']);
    assert.match(await partOf(lens, 'count').innerText(), /3,504,872 weights/);
    assert.match(await startButton(page).innerText(), /7\.\d\sMB/);
    await lens.locator('input[type="file"]').setInputFiles(join(reference, 'photos/parrot.jpg'));
    await lens.locator('.big-pic img.own').first().waitFor();
    assert.deepEqual(asked, [], 'something was fetched before it was asked for');

    await startButton(page).click();
    await waitForStatus(lens, 'ready');
    assert.equal((await firstNames(lens))[0], 'macaw');
    assert.equal(asked.length, 1);
    assert.deepEqual(await partOf(lens, 'blocks').locator('b').allInnerTexts(), [
      ...['stem', 'stage 1', 'stage 2', 'stage 3', 'stage 4', 'pool', 'head'],
    ]);
    assert.match(await partOf(lens, 'line').innerText(), /mobilenetv2-12-int8, int8.*WebAssembly/s);

    await t.test('its stages show maps, what a cell sees, and all 1,000 classes', async () => {
      await partOf(lens, 'blocks').locator('button').nth(1).click();
      assert.equal(await partOf(lens, 'maps').locator('button').count(), 24);
      await partOf(lens, 'large').hover({ position: { x: 4, y: 4 } });
      assert.match(
        await partOf(lens, 'read').innerText(),
        /row 2, column 2: \S+ · sees pixels 1 to 14 across/,
      );
      await partOf(lens, 'query').fill('macaw');
      assert.match(await partOf(lens, 'found').innerText(), /of 1,000 classes/);
    });

    await t.test(
      'the class activation map adds up to the score, over the pixels that the network saw',
      async () => {
        await lens.locator('[data-part="closer-view"] label:has(input[value="why"])').click();
        await partOf(lens, 'method').selectOption('activation');
        await lens.locator('[data-action="explain"]').click();
        await partOf(lens, 'heat-read').waitFor();
        assert.equal(await partOf(lens, 'why').locator('.heat-cell').count(), 49);
      },
    );

    await t.test('beside it stands another picture, never weights that it does not have', async () => {
      await lens.locator('[data-part="closer-view"] label:has(input[value="compare"])').click();
      assert.equal(await partOf(lens, 'rival').locator('option[value="random"]').count(), 0);
      await lens.locator('[data-action="compare"]').click();
      await lens.locator('.rival').nth(1).waitFor();
    });

    await t.test('axe finds nothing', async () => assert.deepEqual(await axeViolations(page), []));

    await t.test('the second time it comes from the store, and the bundled one comes back', async () => {
      await page.reload();
      await wakeLens(page);
      assert.deepEqual(await partOf(lens, 'blocks').locator('b').allInnerTexts(), ['network']);
      await startButton(page).click();
      await waitForStatus(lens, 'ready');
      assert.equal(asked.length, 1, 'it was fetched again');
      await partOf(lens, 'network').selectOption('resnet-mixed');
      assert.equal(await partOf(lens, 'blocks').locator('b').count(), 11);
      assert.doesNotMatch(page.url(), /network=/);
      await startButton(page).click();
      await waitForStatus(lens, 'ready');
      assert.match(await partOf(lens, 'line').innerText(), /resnet-mixed, int8/);
    });
  },
);

test('a link to a published network starts no download by itself', { skip }, async (t) => {
  const { page, asked } = await openWithHome(t, `?network=${model}&picture=volcano.photo`);
  const lens = lensOf(page);
  await wakeLens(page);
  assert.equal(await partOf(lens, 'network').inputValue(), model);
  await page.waitForLoadState('networkidle');
  assert.equal(await lens.getAttribute('data-status'), 'idle');
  assert.deepEqual(asked, []);
});

test('a home that is away ends in a sentence, and the bundled network still runs', { skip }, async (t) => {
  const page = await openPage(t, path, { expected: [/huggingface/, /Failed to load resource/] });
  await page
    .context()
    .route('https://huggingface.co/**', (route) => route.fulfill({ status: 404, body: '' }));
  const lens = lensOf(page);
  await wakeLens(page);
  await partOf(lens, 'network').selectOption(model);
  await startButton(page).click();
  await lens.locator('.problem').waitFor();
  await partOf(lens, 'network').selectOption('resnet-mixed');
  await startButton(page).click();
  await waitForStatus(lens, 'ready');
});
