/** What the chrome does in a browser: theme, terms, exercises, menu, glossary filter, settings, contents, code. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPage } from './harness.ts';

const chapter = '/course/approaches/';
const phone = { width: 390, height: 844 };

test('the half-moon switches the theme, and the choice outlives the page', async (t) => {
  const page = await openPage(t, chapter, { theme: 'light' });
  const theme = () => page.evaluate(() => document.documentElement.dataset['theme']);
  const toggle = page.getByRole('button', { name: 'Dark theme' });
  assert.equal(await toggle.getAttribute('aria-pressed'), 'false');
  await toggle.click();
  assert.equal(await theme(), 'dark');
  await page.reload();
  assert.equal(await theme(), 'dark');
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), 'rgb(20, 24, 27)');
  // The system's own theme needs no entry
  await toggle.click();
  assert.equal(await page.evaluate(() => localStorage.length), 0);
});

test('a page follows the system while the reader has not chosen, also without scripts', async (t) => {
  const page = await openPage(t, '/course/', { theme: 'dark', context: { javaScriptEnabled: false } });
  assert.equal(
    await page.locator('body').evaluate((body) => getComputedStyle(body).backgroundColor),
    'rgb(20, 24, 27)',
  );
  const light = await openPage(t, '/course/', { theme: 'light', context: { javaScriptEnabled: false } });
  assert.equal(
    await light.locator('body').evaluate((body) => getComputedStyle(body).backgroundColor),
    'rgb(249, 251, 252)',
  );
});

test('a term shows its card on hover and on focus, and Escape closes it', async (t) => {
  const page = await openPage(t, chapter);
  const term = page.locator('a.term').first();
  const card = page.locator('.term-card');
  await term.hover();
  await card.waitFor();
  assert.equal(await card.locator('b').textContent(), await term.getAttribute('data-term'));
  assert.equal(await term.getAttribute('aria-describedby'), 'term-card');
  await page.keyboard.press('Escape');
  await card.waitFor({ state: 'detached' });
  await page.mouse.move(0, 0);
  await term.focus();
  await card.waitFor();
  const box = await card.boundingBox();
  assert.ok(box && box.x >= 0 && box.x + box.width <= 1440, 'the card leaves the window');
});

test('a tap opens the card, a second tap follows the link to the glossary', async (t) => {
  const page = await openPage(t, chapter, { context: { hasTouch: true, viewport: phone } });
  const term = page.locator('a.term').first();
  await term.scrollIntoViewIfNeeded();
  await term.tap();
  await page.locator('.term-card').waitFor();
  assert.ok(page.url().endsWith(chapter), 'the first tap left the page');
  await term.tap();
  await page.waitForURL(/\/reference\/glossary\/#/);
});

test('a ticked exercise stays ticked, and the settings page erases it', async (t) => {
  const page = await openPage(t, chapter);
  const box = page.locator('input[data-exercise]').first();
  const id = await box.getAttribute('data-exercise');
  await box.check();
  await page.reload();
  assert.ok(await box.isChecked());
  await page.goto(new URL('../../settings/', page.url()).href);
  const stored = page.locator('[data-stored="exercises"]');
  assert.equal(await stored.textContent(), id);
  await page.getByRole('button', { name: 'Erase all of it' }).click();
  await page.getByText('Erased. Nothing is stored any more.').waitFor();
  assert.equal(await stored.textContent(), 'nothing');
  assert.equal(await page.evaluate(() => localStorage.length), 0);
});

test('where storage is refused, theme, ticks and settings still work for as long as the page is open', async (t) => {
  const page = await openPage(t, chapter, {
    before: () =>
      Object.defineProperty(globalThis, 'localStorage', {
        get: () => {
          throw new DOMException('refused', 'SecurityError');
        },
      }),
  });
  const box = page.locator('input[data-exercise]').first();
  await box.check();
  assert.ok(await box.isChecked());
  await page.getByRole('button', { name: 'Dark theme' }).click();
  assert.equal(await page.evaluate(() => document.documentElement.dataset['theme']), 'dark');
  await page.goto(new URL('../../settings/', page.url()).href);
  await page.locator('[data-refused]').waitFor();
});

test('on a phone the menu opens, leads to a chapter and closes with Escape', async (t) => {
  const page = await openPage(t, '/', { width: phone.width, height: phone.height });
  const menu = page.getByRole('button', { name: 'Chapters' });
  await menu.click();
  const link = page.locator('.sidebar-list a').first();
  await link.waitFor();
  await page.keyboard.press('Escape');
  await link.waitFor({ state: 'hidden' });
  await menu.click();
  await link.click();
  await page.waitForURL(/\/course\/idea\/$/);
});

test('the glossary shows the terms that match, keeps the words in the address, and a link finds a hidden term', async (t) => {
  const page = await openPage(t, '/reference/glossary/');
  const shown = page.locator('.term-entry:visible');
  const all = await shown.count();
  await page.getByLabel('Show terms with').fill('frozen');
  assert.ok((await shown.count()) < all && (await shown.count()) > 0);
  assert.match(page.url(), /\?q=frozen/);
  await page.getByLabel('Show terms with').fill('zzz');
  assert.equal(await shown.count(), 0);
  await page.locator('.no-match').waitFor();
  await page.evaluate(() => (location.hash = '#backbone'));
  await page.locator('#backbone').waitFor();
});

test('the contents fade out while a full figure stands where they are', async (t) => {
  const page = await openPage(t, chapter);
  const contents = page.locator('.right-sidebar');
  await page
    .locator('.fig-full')
    .first()
    .evaluate((figure) => figure.scrollIntoView({ block: 'start' }));
  await page.locator('.right-sidebar.is-covered').waitFor({ state: 'hidden' });
  await page.evaluate(() => scrollTo(0, 0));
  await contents.and(page.locator(':not(.is-covered)')).waitFor();
});

test('code is copied without the marks beside its lines', async (t) => {
  const page = await openPage(t, chapter, {
    context: { permissions: ['clipboard-read', 'clipboard-write'] },
  });
  await page.locator('.copy-code').first().click();
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  const text = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(text, /^import torch\n/);
  assert.match(text, /\nnet\.requires_grad_\(False\)\n/);
});

test('the skip link is the first stop of the keyboard and leads past the chrome', async (t) => {
  const page = await openPage(t, chapter);
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('href')), '#_top');
  const box = await page.locator('a[href="#_top"]').first().boundingBox();
  assert.ok(box && box.width > 40, 'the skip link is not visible on focus');
});
