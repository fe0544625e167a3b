/** The shape walk in the built site: first frame, steps by button, key, slider and link, playing, a reader's file, axe. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import type { Locator } from 'playwright-core';
import { axeViolations } from './axe.ts';
import { builtPages, openPage, themes, type PageOptions } from './harness.ts';

const path = builtPages().find(({ html }) => html.includes('<thaw-shape-walk'))?.path ?? '';

/** The walk of the page, awake. */
async function openWalk(t: Parameters<typeof openPage>[0], query = '', options: PageOptions = {}) {
  const page = await openPage(t, path + query, options);
  const walk = page.locator('thaw-shape-walk');
  await walk.scrollIntoViewIfNeeded();
  if (!query) await walk.locator('[data-part="next"]').hover();
  await page.waitForFunction(() => customElements.get('thaw-shape-walk') !== undefined);
  // Rows far below are laid out, and have text that is seen, only when the page has scrolled to them
  await page.waitForFunction(
    () => document.querySelector<HTMLElement>('thaw-shape-walk [data-part="step"]')?.innerText,
  );
  return { page, walk };
}

const part = (walk: Locator, name: string): Locator => walk.locator(`[data-part="${name}"]`);
const place = async (walk: Locator): Promise<number> => parseInt(await part(walk, 'place').innerText(), 10);

test('without scripts the first rule and the whole table are there', async (t) => {
  const page = await openPage(t, path, { context: { javaScriptEnabled: false } });
  const walk = page.locator('thaw-shape-walk');
  assert.match(await part(walk, 'rule').innerText(), /⌊\(64 \+ 2·1 − 3\)\/2⌋ \+ 1\s*= 32/);
  assert.equal(await part(walk, 'next').isVisible(), false, 'a dead control is shown');
  await walk.locator('summary').click();
  assert.ok((await walk.locator('tbody tr').count()) > 60);
});

test('steps by button, keys, slider, block and drawing; the address follows', async (t) => {
  const { page, walk } = await openWalk(t);
  const fetched: string[] = [];
  page.on('request', (request) => fetched.push(request.url()));
  await part(walk, 'next').click();
  assert.equal(await place(walk), 2);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  assert.equal(await place(walk), 4);
  assert.match(await part(walk, 'rule').innerText(), /⌊\(32 \+ 2·1 − 3\)\/2⌋ \+ 1\s*= 16/);
  await page.keyboard.press('ArrowLeft');
  assert.equal(await place(walk), 3);
  await part(walk, 'slider').focus();
  await page.keyboard.press('End');
  assert.equal(await part(walk, 'next').isDisabled(), true);
  assert.match(await part(walk, 'step').innerText(), /output of the network/);
  await walk.locator('[data-group]', { hasText: 'layer2' }).click();
  assert.match(await part(walk, 'step').innerText(), /layer2\.0\.conv1/);
  assert.match(page.url(), /step=19$/);
  const box = await part(walk, 'path').boundingBox();
  assert.ok(box);
  await part(walk, 'path').click({ position: { x: box.width * 0.999, y: box.height / 2 } });
  assert.equal(await place(walk), 69);
  const data = fetched.filter((address) => !/favicon|\.woff2$/.test(address));
  assert.deepEqual(data, [], 'a step fetched something');
});

test('a link leads to a sum, which shows both tensors and where they come from', async (t) => {
  const { page, walk } = await openWalk(t, '?2-step=26');
  assert.match(await part(walk, 'step').innerText(), /Add/);
  const before = walk.locator('.walk-before .walk-tensor');
  assert.equal(await before.count(), 2);
  const link = before.nth(0).locator('button');
  const from = (await link.innerText()).split(' ').at(-1);
  await link.focus();
  await page.keyboard.press('Enter');
  assert.equal(await place(walk), Number(from));
  assert.equal(
    await page.evaluate(() => document.activeElement?.closest('thaw-shape-walk') !== null),
    true,
    'the focus left the figure',
  );
});

test('playing walks on, ends at the end, and a step of the reader’s stops it', async (t) => {
  const { page, walk } = await openWalk(t, '?2-step=68', { context: { reducedMotion: 'reduce' } });
  const animated = await part(walk, 'step').evaluate((row) => row.getAnimations({ subtree: true }).length);
  assert.equal(animated, 0);
  await part(walk, 'play').click();
  assert.equal(await part(walk, 'play').innerText(), 'Pause');
  await page.waitForFunction(
    () => document.querySelector('thaw-shape-walk [data-part="play"]')?.textContent === 'Play',
  );
  assert.equal(await place(walk), 69, 'it went past the end or not so far');
  await part(walk, 'play').click();
  assert.equal(await place(walk), 1, 'it did not start again');
  await part(walk, 'next').click();
  assert.equal(await part(walk, 'play').innerText(), 'Play');
});

test('a reader’s own file is walked through, a foreign one is named, and the table is a file', async (t) => {
  const { page, walk } = await openWalk(t);
  const file = part(walk, 'file');
  await file.setInputFiles({
    name: 'x.onnx',
    mimeType: '',
    buffer: Buffer.from('PK\x03\x04 no network at all'),
  });
  await walk.locator('.problem').waitFor();
  assert.match(await walk.locator('.problem').innerText(), /zip/i);
  await file.setInputFiles('tests/fixtures/onnx/models/quantized.onnx');
  await page.waitForFunction(
    () => document.querySelector('thaw-shape-walk option:checked')?.textContent === 'quantized',
  );
  assert.equal(await walk.locator('.problem').count(), 0);
  assert.doesNotMatch(page.url(), /step=/);
  await walk.locator('summary').click();
  const download = page.waitForEvent('download');
  await part(walk, 'csv').click();
  const saved = await download;
  assert.equal(saved.suggestedFilename(), 'quantized-shapes.csv');
  assert.match(
    await readFile(await saved.path(), 'utf8'),
    /^step,name,operator,block,before,rule,numbers,after/,
  );
  await part(walk, 'networks').selectOption('resnet-mixed');
  await page.waitForFunction(
    () => document.querySelector('thaw-shape-walk .walk-name')?.textContent === 'stem.conv',
  );
});

test('axe finds nothing in the awake walk, and a phone does not scroll sideways', async (t) => {
  for (const theme of themes) {
    const { page, walk } = await openWalk(t, '?2-step=26', { theme });
    await walk.locator('summary').click();
    assert.deepEqual(await axeViolations(page), [], theme);
    await page.setViewportSize({ width: 390, height: 844 });
    assert.deepEqual(await axeViolations(page), [], `${theme}, 390 px`);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    assert.equal(overflow, 0);
  }
});
