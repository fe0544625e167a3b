/** The model atlas in the built site: first frame, keys, search, table, address, narrow screens, and what axe says of it awake. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { axeViolations } from './axe.ts';
import { builtPages, openPage, themes, type PageOptions } from './harness.ts';
import { plainPhoto, textNamedPng } from './pictures.ts';

const path = builtPages().find(({ html }) => html.includes('<thaw-model-atlas'))?.path ?? '';

/** The first atlas of the page, awake. */
async function openAtlas(t: Parameters<typeof openPage>[0], query = '', options: PageOptions = {}) {
  const page = await openPage(t, path + query, options);
  const atlas = page.locator('thaw-model-atlas').first();
  await atlas.scrollIntoViewIfNeeded();
  if (!query) await atlas.locator('[data-part="fit"]').hover();
  await page.waitForFunction(() => customElements.get('thaw-model-atlas') !== undefined);
  return { page, atlas };
}

const boxOf = (atlas: Locator, id: string): Locator => atlas.locator(`g.box[data-key="${id}"]`);

const focusedBox = (page: Page): Promise<string | null | undefined> =>
  page.evaluate(() => document.activeElement?.closest('g.box')?.getAttribute('data-key'));

test('without scripts the drawing, the details and the whole table are there', async (t) => {
  const page = await openPage(t, path, { context: { javaScriptEnabled: false } });
  const atlas = page.locator('thaw-model-atlas').first();
  assert.ok((await atlas.locator('g.box').count()) >= 5);
  assert.ok(await boxOf(atlas, 'layer2').locator('.label').isVisible());
  assert.equal(await atlas.locator('[data-part="search"]').isVisible(), false, 'a dead control is shown');
  await atlas.locator('summary').first().click();
  assert.ok((await atlas.locator('tbody tr').count()) > 60);
});

test('waking fetches no network, and the live drawing is the first frame', async (t) => {
  const page = await openPage(t, path);
  const atlas = page.locator('thaw-model-atlas').first();
  const map = atlas.locator('[data-part="map"]');
  const marks = () =>
    map.evaluate((svg) => [...svg.querySelectorAll('*')].map((mark) => mark.outerHTML.length));
  const before = await marks();
  const fetched: string[] = [];
  page.on('request', (request) => fetched.push(new URL(request.url()).pathname));
  await atlas.locator('[data-part="fit"]').hover();
  await page.waitForFunction(() => customElements.get('thaw-model-atlas') !== undefined);
  assert.deepEqual(await marks(), before);
  assert.ok(fetched.some((name) => name.endsWith('/atlas/resnet-mixed.json')));
  assert.deepEqual(
    fetched.filter((name) => /\.(onnx|wasm|gz)$/.test(name)),
    [],
  );
});

test('everything by keyboard: walk, open, go in, come out, zoom', async (t) => {
  const { page, atlas } = await openAtlas(t);
  await boxOf(atlas, 'layer4').focus();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  assert.equal(await focusedBox(page), 'layer2');
  assert.match(await atlas.locator('[data-part="details"]').innerText(), /131,712, 4\.4/);
  await page.keyboard.press('Enter');
  assert.equal(await boxOf(atlas, 'layer2').getAttribute('aria-expanded'), 'true');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowDown');
  assert.equal(await focusedBox(page), 'layer2.0.conv1');
  await page.keyboard.press('ArrowRight');
  assert.equal(await focusedBox(page), 'layer2.0.downsample');
  assert.match(page.url(), /box=layer2\.0\.downsample&open=layer2%2Clayer2\.0$/);
  const width = async () => Number(await atlas.locator('[data-part="map"]').getAttribute('width'));
  const before = await width();
  await page.keyboard.press('-');
  assert.ok((await width()) < before);
  await page.keyboard.press('+');
  assert.equal(await width(), before);
  await page.keyboard.press('Escape');
  assert.equal(await focusedBox(page), 'layer2.0');
  assert.equal(await boxOf(atlas, 'layer2.0.conv1').count(), 0);
});

test('a link carries what is open, which box and how large, and shows it', async (t) => {
  const { page, atlas } = await openAtlas(t, '?open=operators&box=layer3.0.add&zoom=0.8');
  const box = boxOf(atlas, 'layer3.0.add');
  assert.equal(await box.getAttribute('aria-current'), 'true');
  const isInView = await box.evaluate((mark) => {
    const [own, frame] = [mark, mark.closest('.atlas-scroll')].map((one) => one?.getBoundingClientRect());
    return own && frame && own.top >= frame.top && own.bottom <= frame.bottom;
  });
  assert.ok(isInView, 'the box is outside of the drawing’s window');
  assert.ok(await atlas.locator('input[value="operators"]').isChecked());
  await atlas.locator('label', { hasText: 'Stages' }).click();
  assert.equal(await atlas.locator('g.box').count(), 7);
  assert.match(page.url(), /box=layer3&/);
});

test('a search lists layers by name or operator and leads to them', async (t) => {
  const { page, atlas } = await openAtlas(t);
  const search = atlas.locator('[data-part="search"]');
  await search.fill('layer3.0.downsample');
  const found = atlas.locator('[data-part="found"] button');
  assert.equal(await found.count(), 3);
  await found.nth(1).click();
  assert.equal(await focusedBox(page), 'layer3.0.downsample.0');
  await search.fill('MaxPool');
  await search.press('Enter');
  assert.equal(await focusedBox(page), 'stem.pool');
  await search.fill('<b>nothing</b>');
  assert.match(await atlas.locator('[data-part="found"]').innerText(), /called “<b>nothing<\/b>”/);
});

test('the table sorts by any column and comes as a file', async (t) => {
  const { page, atlas } = await openAtlas(t);
  await atlas.locator('summary').first().click();
  const heading = atlas.locator('[data-part="table"] thead button', { hasText: /^weights/ });
  const first = () => atlas.locator('tbody th').first().innerText();
  assert.equal(await first(), 'stem.conv');
  await heading.click();
  await heading.click();
  assert.equal(await first(), 'layer4.0.conv2');
  assert.equal(await heading.locator('..').getAttribute('aria-sort'), 'descending');
  const download = page.waitForEvent('download');
  await atlas.locator('[data-part="csv"]').click();
  const file = await download;
  assert.equal(file.suggestedFilename(), 'resnet-mixed-operators.csv');
  const text = await readFile(await file.path(), 'utf8');
  assert.match(text, /^name,operator,block,output shape/);
  assert.match(text.split('\r\n')[1] ?? '', /^layer4\.0\.conv2,Conv,layer4\.0,256x2x2,float32,589824/);
});

test('a mouse shows details, a press opens, and a press on a sleeping drawing is not lost', async (t) => {
  const { page, atlas } = await openAtlas(t);
  await boxOf(atlas, 'stem').hover();
  assert.match(await atlas.locator('[data-part="details"]').innerText(), /^stem/);
  await boxOf(atlas, 'stem').click();
  assert.equal(await boxOf(atlas, 'stem.conv').count(), 1);
  await page.reload();
  const asleep = await openPage(t, path);
  const again = asleep.locator('thaw-model-atlas').first();
  await boxOf(again, 'layer1').dispatchEvent('click');
  await boxOf(again, 'layer1.0').waitFor({ state: 'attached' });
});

test('a mouse drags the drawing without opening anything, and zooming in and out opens and closes', async (t) => {
  const { page, atlas } = await openAtlas(t, '?open=operators');
  const scroll = atlas.locator('[data-part="scroll"]');
  await scroll.scrollIntoViewIfNeeded();
  const frame = await scroll.boundingBox();
  assert.ok(frame);
  const [x, y] = [frame.x + frame.width / 2, frame.y + 200];
  const boxes = await atlas.locator('g.box').count();
  await page.mouse.move(x, y + 150);
  await page.mouse.down();
  await page.mouse.move(x, y, { steps: 5 });
  await page.mouse.up();
  assert.equal(await scroll.evaluate((box) => box.scrollTop), 150);
  assert.equal(await atlas.locator('g.box').count(), boxes, 'the drag pressed a box');

  await atlas.locator('label', { hasText: 'Stages' }).click();
  await scroll.evaluate((box) => (box.scrollTop = 0));
  const wheel = async (by: number) => {
    const box = await boxOf(atlas, 'layer1').boundingBox();
    assert.ok(box);
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, by);
    await page.keyboard.up('Control');
  };
  await wheel(-120);
  await boxOf(atlas, 'layer1.0').waitFor({ state: 'attached' });
  await wheel(200);
  await boxOf(atlas, 'layer1.0').waitFor({ state: 'detached' });
});

test('the drawing comes as a file, with its colours and without the page', async (t) => {
  const { page, atlas } = await openAtlas(t, '?open=layer2', { theme: 'dark' });
  const save = async (part: string) => {
    const download = page.waitForEvent('download');
    await atlas.locator(`[data-part="${part}"]`).click();
    const file = await download;
    return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
  };
  const svg = await save('svg');
  assert.equal(svg.name, 'resnet-mixed.svg');
  const text = svg.bytes.toString('utf8');
  assert.match(text, /^<svg[^>]* xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
  assert.match(text, />layer2\.1</);
  assert.doesNotMatch(text, /var\(--|tabindex|<script/);
  const png = await save('png');
  assert.equal(png.name, 'resnet-mixed.png');
  assert.deepEqual([...png.bytes.subarray(1, 4)].map((code) => String.fromCharCode(code)).join(''), 'PNG');
  const [width, height] = [png.bytes.readUInt32BE(16), png.bytes.readUInt32BE(20)];
  const viewBox = (await atlas.locator('[data-part="map"]').getAttribute('viewBox'))?.split(' ').map(Number);
  assert.deepEqual(
    [width, height],
    viewBox?.slice(2).map((side) => side * 2),
  );
});

test('weights come on request, and a picture runs the network, box by box in milliseconds', async (t) => {
  const { page, atlas } = await openAtlas(t, '?box=layer2');
  const fetched: string[] = [];
  page.on('request', (request) => fetched.push(new URL(request.url()).pathname));
  const weights = atlas.locator('[data-look="weights"]');
  assert.match((await weights.textContent()) ?? '', /\d\.\d.MB/, 'the button does not say what it fetches');
  await weights.click();
  await atlas.locator('section.look').first().waitFor();
  assert.match(await atlas.locator('[data-part="look"]').innerText(), /standard deviation/);
  assert.equal(fetched.filter((name) => name.endsWith('.onnx')).length, 1);

  await atlas.locator('[data-part="look-picture"]').setInputFiles(await plainPhoto());
  await atlas.locator('.look-ran').waitFor();
  assert.match(await atlas.locator('.look-ran').innerText(), /looks most like: [A-Za-z].*ms a run/);
  await atlas.locator('[data-look="values"]').click();
  await page.waitForFunction(() => document.querySelectorAll('section.look').length > 1);
  await atlas.locator('[data-look="time"]').click();
  await page.waitForFunction(() =>
    /ms$/.test(document.querySelector('g.box[data-key="layer4"] .kind')?.textContent ?? ''),
  );
  assert.match(
    await atlas.locator('[data-part="details"]').innerText(),
    /measured alone\s+[\d.]+.ms, [\d.]+/,
  );
  assert.equal(fetched.filter((name) => name.endsWith('.onnx')).length, 1, 'the file was fetched twice');

  await atlas.locator('[data-part="look-picture"]').setInputFiles(textNamedPng());
  assert.match(await atlas.locator('.look-problem').innerText(), /could not be opened/);
});

test('axe finds nothing in the awake atlas, and a phone does not scroll sideways', async (t) => {
  for (const theme of themes) {
    const { page, atlas } = await openAtlas(t, '?open=operators&box=layer2.0.add', { theme });
    await atlas.locator('[data-part="search"]').fill('bn');
    await atlas.locator('summary').first().click();
    assert.deepEqual(await axeViolations(page), [], theme);
    await page.setViewportSize({ width: 390, height: 844 });
    assert.deepEqual(await axeViolations(page), [], `${theme}, 390 px`);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    assert.equal(overflow, 0);
  }
});
