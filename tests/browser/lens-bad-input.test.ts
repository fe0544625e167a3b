/** Whatever a reader hands to the lens, or whatever their browser lacks: a clear sentence, and the page goes on working. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { openBreakingLine, openIn, withoutStorage, withoutWebAssembly } from './environments.ts';
import { openPage, siteUrl, waitForStatus } from './harness.ts';
import { lensOf, lensPages, partOf, startButton, wakeLens } from './lens.ts';
import { animatedGif, drawing, hugePhoto, plainPhoto, textNamedPng, type PictureFile } from './pictures.ts';

const [path = ''] = lensPages();

test('files of every kind end in a result or a sentence', async (t) => {
  const page = await openPage(t, path);
  const lens = lensOf(page);
  await startButton(page).click();
  await waitForStatus(lens, 'ready');
  // What the lens must say about each, if it says anything
  const offer: [string, PictureFile, 'accepted' | 'refused', RegExp?][] = [
    ['a photo', await plainPhoto(), 'accepted'],
    ['a text file named .png', textNamedPng(), 'refused'],
    ['an animated GIF', await animatedGif(), 'accepted', /its first frame is used/],
    ['an SVG', drawing(), 'accepted'],
    ['a photo of 100 megapixels', hugePhoto(), 'refused', /100 megapixels/],
    ['nothing at all', { name: 'empty.png', mimeType: 'image/png', buffer: Buffer.alloc(0) }, 'refused'],
  ];
  for (const [what, file, wanted, says] of offer) {
    await t.test(what, async () => {
      await partOf(lens, 'file').setInputFiles(file);
      const outcome = await outcomeOf(lens, file.name);
      assert.equal(outcome.kind, wanted, JSON.stringify(outcome));
      if (says) assert.match(await lens.innerText(), says);
      if (outcome.kind === 'refused') assertSentence(outcome.text);
      assert.notEqual(await page.title(), 'broken in');
      await assertStillWorks(page);
    });
  }
});

test('without WebAssembly the lens says so and the page stays readable', async (t) => {
  const page = await openIn(t, withoutWebAssembly);
  await page.goto((await siteUrl()) + path);
  const lens = lensOf(page);
  await startButton(page).click();
  await lens.locator('.problem').waitFor();
  assertSentence(await lens.locator('.problem').innerText());
  assert.match(await lens.locator('.problem').innerText(), /WebAssembly/);
  assert.ok((await lens.locator('svg:visible').count()) > 0, 'the first frame is gone');
  await partOf(lens, 'blocks').locator('button').nth(2).click();
});

test('without WebGPU the lens offers WebAssembly instead', async (t) => {
  const page = await openPage(t, `${path}?backend=webgpu`);
  await startButton(page).click();
  await waitForStatus(lensOf(page), 'ready');
  assert.match(await lensOf(page).innerText(), /no WebGPU/);
  assert.match(await partOf(lensOf(page), 'line').innerText(), /WebAssembly/);
});

test('where storage is refused the lens runs and says what that costs', async (t) => {
  const page = await openIn(t, withoutStorage);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto((await siteUrl()) + path);
  assert.equal(
    await page.evaluate(() =>
      caches.open('x').then(
        () => 'open',
        () => 'refused',
      ),
    ),
    'refused',
    'this Chromium stores after all',
  );
  await startButton(page).click();
  await waitForStatus(lensOf(page), 'ready');
  assert.match(await lensOf(page).innerText(), /refused to store/);
  assert.deepEqual(errors, []);
});

test('a device that is offline is told so, and the network runs when it is back', async (t) => {
  const page = await openPage(t, path, { expected: [/ERR_INTERNET_DISCONNECTED/] });
  const lens = lensOf(page);
  // The figure's code is here; the network is not
  await wakeLens(page);
  await page.waitForLoadState('networkidle');
  await page.context().setOffline(true);
  await startButton(page).click();
  await lens.locator('.problem').waitFor();
  assertSentence(await lens.locator('.problem').innerText());
  assert.match(await lens.locator('.problem').innerText(), /offline|connection/i);
  await page.context().setOffline(false);
  await startButton(page).click();
  await waitForStatus(lens, 'ready');
});

test('pictures that cannot be fetched are told so where everything else is stored', async (t) => {
  const page = await openPage(t, path, { expected: [/ERR_INTERNET_DISCONNECTED/] });
  const lens = lensOf(page);
  await startButton(page).click();
  await waitForStatus(lens, 'ready');
  await page.reload();
  await wakeLens(page);
  await startButton(page).hover();
  await page.waitForLoadState('networkidle');
  await page.context().setOffline(true);
  await startButton(page).click();
  await lens.locator('.problem').waitFor();
  assert.match(
    await lens.locator('.problem').innerText(),
    /^The pictures could not be fetched\. Check the connection/,
  );
  await page.context().setOffline(false);
  await startButton(page).click();
  await waitForStatus(lens, 'ready');
});

test('a line that breaks in mid-download keeps what came and goes on from there', async (t) => {
  const line = await openBreakingLine(t, await siteUrl());
  const page = await openPage(t, path, { watch: false });
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(line.url + path);
  line.breakAfter = { pattern: /\.onnx/, bytes: 400_000 + Math.floor(Math.random() * 200_000) };
  t.diagnostic(`the line breaks after ${line.breakAfter.bytes} bytes`);
  const lens = lensOf(page);
  await startButton(page).click();
  await lens.locator('.problem').waitFor({ timeout: 60_000 });
  assertSentence(await lens.locator('.problem').innerText());
  assert.match(await lens.locator('.problem').innerText(), /connection/i);
  assert.equal(await lens.getAttribute('data-status'), 'failed');

  line.breakAfter = undefined;
  const before = line.requests.length;
  await startButton(page).click();
  await waitForStatus(lens, 'ready');
  const again = line.requests.slice(before).find((request) => request.path.includes('.onnx'));
  assert.match(again?.range ?? '', /^bytes=\d{6,}-$/, 'the download began anew');
  assert.deepEqual(errors, []);
});

interface Outcome {
  kind: 'accepted' | 'refused';
  text: string;
}

/** Waits until the lens shows the file's name and its answer, or has refused it. */
async function outcomeOf(lens: Locator, name: string): Promise<Outcome> {
  const problem = lens.locator('.problem');
  const shown = partOf(lens, 'picture').getByText(name.replace(/\.\w+$/, ''));
  await problem.or(shown).first().waitFor({ timeout: 60_000 });
  await problem.or(answerOf(lens)).first().waitFor({ timeout: 60_000 });
  return (await problem.isVisible())
    ? { kind: 'refused', text: await problem.innerText() }
    : { kind: 'accepted', text: '' };
}

/** The five likeliest, once they belong to the picture that is shown. */
function answerOf(lens: Locator): Locator {
  return lens.locator('[data-part="top"]:not(.is-empty)');
}

/** A sentence for people: words with a full stop, no code, no type names. */
function assertSentence(text: string): void {
  assert.match(text, /[A-Z][^.]{15,}\./, `no sentence: ${text}`);
  assert.doesNotMatch(
    text,
    /undefined|null|NaN|\[object|Error:|Exception|at \w+ \(/,
    `not for people: ${text}`,
  );
}

/** Another picture of the gallery still gives a result. */
async function assertStillWorks(page: Page): Promise<void> {
  const lens = lensOf(page);
  const pictures = partOf(lens, 'pictures').locator('button');
  const next =
    (await pictures.first().getAttribute('aria-pressed')) === 'true' ? pictures.nth(1) : pictures.first();
  await next.click();
  await answerOf(lens).waitFor();
  await waitForStatus(lens, 'ready');
  assert.equal(await next.getAttribute('aria-pressed'), 'true');
  assert.ok(await lens.locator('.problem').isHidden(), 'the old problem still stands there');
}
