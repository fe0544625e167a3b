/** The search dialog by keyboard and pointer: opening, moving, choosing, closing, and what is said on the way. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPage } from './harness.ts';
import { askSearch } from './search-page.ts';

const isOpen = '.search-dialog[open]';
const focused = () => document.activeElement?.className ?? '';

test('slash and Ctrl-K open the search, Escape gives the focus back', async (t) => {
  const page = await openPage(t, '/course/idea/');
  const link = page.locator('main a[href]').first();
  for (const key of ['/', 'Control+k', 'Meta+k']) {
    await link.focus();
    await page.keyboard.press(key);
    await page.waitForSelector(isOpen);
    assert.equal(await page.evaluate(focused), 'search-field');
    assert.equal(await page.locator('.search-field').inputValue(), '', `${key} should not be typed`);
    await page.keyboard.press('Escape');
    await page.waitForSelector(isOpen, { state: 'detached' });
    assert.ok(await link.evaluate((element) => element === document.activeElement), `focus after ${key}`);
  }
});

test('what is typed before the dialog has come stands in its field', async (t) => {
  const page = await openPage(t, '/course/idea/');
  await page.waitForLoadState('networkidle');
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  await page.route('**/_astro/**', async (route) => {
    await held;
    await route.continue();
  });
  await page.keyboard.press('/');
  await page.keyboard.type('frozenn weigh');
  for (let letter = 0; letter < 7; letter += 1) await page.keyboard.press('Backspace');
  assert.equal(await page.locator('.search-dialog').count(), 0);
  letGo();
  await page.waitForSelector(isOpen);
  await page.keyboard.type(' layer');
  assert.equal(await page.locator('.search-field').inputValue(), 'frozen layer');
});

test('the keys do nothing while the reader types, nor when they are switched off', async (t) => {
  const page = await openPage(t, '/reference/glossary/');
  const field = page.locator('main input[type=search]');
  await field.focus();
  await page.keyboard.press('/');
  await page.keyboard.press('Control+k');
  assert.equal(await field.inputValue(), '/');
  assert.equal(await page.locator(isOpen).count(), 0);
  await field.blur();
  await page.evaluate(() => localStorage.setItem('thaw-keys', 'off'));
  await page.keyboard.press('/');
  await page.keyboard.press('Control+k');
  // The button always works, and would come second if a key had opened the dialog
  await page.locator('[data-search-open]').click();
  await page.waitForSelector(isOpen);
  assert.equal(await page.locator('.search-dialog').count(), 1);
});

test('arrows go through the results, Enter opens the one in focus at its section', async (t) => {
  const page = await openPage(t, '/course/');
  await page.keyboard.press('/');
  await page.waitForSelector(isOpen);
  await askSearch(page, 'gradual unfreezing');
  await page.keyboard.press('ArrowDown');
  const first = await page.evaluate(() => document.activeElement?.getAttribute('href'));
  assert.match(first ?? '', /#/);
  await page.keyboard.press('ArrowDown');
  assert.notEqual(await page.evaluate(() => document.activeElement?.getAttribute('href')), first);
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  assert.equal(await page.evaluate(focused), 'search-field');
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.pathname + url.hash === first);
});

test('a result on the page itself closes the dialog and goes to its section', async (t) => {
  const page = await openPage(t, '/course/approaches/');
  await page.keyboard.press('/');
  await page.waitForSelector(isOpen);
  await askSearch(page, 'what freezing means');
  await page.locator('.search-hit').first().click();
  await page.waitForURL(/#what-freezing-means$/);
  await page.waitForSelector(isOpen, { state: 'detached' });
  await page.waitForFunction(() => {
    const top = document.querySelector('#what-freezing-means')?.getBoundingClientRect().top ?? -1;
    return top >= 0 && top < innerHeight;
  });
});

test('words found are marked, and what was found is announced', async (t) => {
  const page = await openPage(t, '/course/');
  await page.keyboard.press('/');
  await page.waitForSelector(isOpen);
  await askSearch(page, 'mushrooms');
  assert.match(await page.locator('.search-excerpt mark').first().innerText(), /mushroom/i);
  assert.match((await page.locator('.search-status[role=status]').textContent()) ?? '', /\d+ sections found/);
  await askSearch(page, 'xyzzyq');
  assert.match((await page.locator('.search-status').textContent()) ?? '', /Nothing found/);
  assert.equal(await page.locator('.search-hit').count(), 0);
});

test('a better spelling is offered as a button that searches for it', async (t) => {
  const page = await openPage(t, '/course/');
  await page.keyboard.press('/');
  await page.waitForSelector(isOpen);
  const { suggestion } = await askSearch(page, 'negitive transfer');
  assert.equal(suggestion, 'negative transfer');
  await page.locator('.search-suggestion').click();
  await page.waitForFunction(
    () => document.querySelector<HTMLElement>('.search-results')?.dataset['query'] === 'negative transfer',
  );
  assert.equal(await page.locator('.search-field').inputValue(), 'negative transfer');
});

test('an index that cannot be read is said, and tried again at the next word', async (t) => {
  const page = await openPage(t, '/course/', {
    expected: [/pagefind/, /Failed to load resource/, /ERR_FAILED/],
  });
  await page.route('**/pagefind/**', (route) => route.abort());
  await page.keyboard.press('/');
  await page.waitForSelector(isOpen);
  await page.locator('.search-field').fill('frozen');
  await page.waitForSelector('.search-results[data-state=failed]');
  assert.match(await page.locator('.search-results').innerText(), /could not be read/);
});

test('nothing of the search but its button loads before the reader asks', async (t) => {
  const page = await openPage(t, '/course/idea/');
  const loaded = await page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name));
  assert.deepEqual(
    loaded.filter((name) => /pagefind|words\.txt|\/dialog\./.test(name)),
    [],
  );
});

test('on a phone the dialog fills the screen without sideways scroll', async (t) => {
  const page = await openPage(t, '/course/idea/', { width: 390, height: 844 });
  await page.locator('[data-search-open]').click();
  await page.waitForSelector(isOpen);
  await askSearch(page, 'discriminative learning rates');
  const box = await page.locator('.search-dialog').boundingBox();
  assert.deepEqual([box?.x, box?.width], [0, 390]);
  const overflow = await page
    .locator('.search-results')
    .evaluate((element) => element.scrollWidth - element.clientWidth);
  assert.ok(overflow <= 0, `${overflow} px too wide`);
});

test('without scripts a list of all pages stands in place of the search', async (t) => {
  const page = await openPage(t, '/course/', { context: { javaScriptEnabled: false } });
  const link = page.locator('noscript a.search-plain, a.search-plain').first();
  await link.click();
  assert.match(page.url(), /\/reference\/pages\/$/);
  assert.ok((await page.locator('main a[href*="/course/"]').count()) >= 2);
});
