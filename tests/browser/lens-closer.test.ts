/** The lens's closer look and its two ways to make a picture: every class, where the evidence lies, a rival, camera, pad. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { axeViolations } from './axe.ts';
import { openPage, themes, waitForStatus } from './harness.ts';
import { lensOf, lensPages, partOf, startButton } from './lens.ts';

const [path = ''] = lensPages();

async function ran(page: Page): Promise<Locator> {
  const lens = lensOf(page);
  await startButton(page).click();
  await waitForStatus(lens, 'ready');
  return lens;
}

async function openView(lens: Locator, view: string): Promise<void> {
  await lens.locator(`[data-part="closer-view"] label:has(input[value="${view}"])`).click();
}

test('a closer look at an answer', async (t) => {
  const page = await openPage(t, path);
  assert.equal(
    await partOf(lensOf(page), 'closer').isVisible(),
    false,
    'there is nothing to look at before a run',
  );
  const lens = await ran(page);

  await t.test('every class is listed, found by its name, and saved', async () => {
    const best = await partOf(lens, 'top').locator('.class-name').first().innerText();
    assert.equal(await partOf(lens, 'classes').locator('.class-name').first().innerText(), `1. ${best}`);
    await partOf(lens, 'query').fill('hot');
    const names = await partOf(lens, 'classes').locator('.class-name').allInnerTexts();
    assert.ok(names.length > 1 && names.every((name) => name.includes('hot')), names.join());
    await partOf(lens, 'query').fill('no such thing');
    assert.match(await partOf(lens, 'found').innerText(), /None of 797 classes has “no such thing”/);
    const saved = page.waitForEvent('download');
    await lens.locator('[data-action="classes-csv"]').click();
    const [heading, first = '', ...rest] = readFileSync(await (await saved).path(), 'utf8')
      .trim()
      .split('\r\n');
    assert.equal(heading, 'index,class,probability');
    assert.ok(first.includes(best) && rest.length === 796);
    const sum = [first, ...rest].reduce((all, line) => all + Number(line.split(',').at(-1)), 0);
    assert.ok(Math.abs(sum - 1) < 1e-6, `probabilities sum to ${sum}`);
  });

  await t.test('covering part by part shows where the evidence lies; keys read the places', async () => {
    await openView(lens, 'why');
    await lens.locator('[data-action="explain"]').click();
    await partOf(lens, 'why').locator('.heat-cell').nth(168).waitFor();
    assert.match(await partOf(lens, 'heat-read').innerText(), /Most at row \d+, column \d+: covering takes/);
    await lens.locator('[data-action="explain"]').waitFor();
    await partOf(lens, 'heat').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    assert.match(await partOf(lens, 'heat-read').innerText(), /^row 2, column 1: covering (takes|adds) /);
  });

  await t.test('the class activation map has a place for each of the last block', async () => {
    await partOf(lens, 'method').selectOption('activation');
    assert.equal(await partOf(lens, 'heat').isVisible(), false, 'a map of the other method stayed');
    await lens.locator('[data-action="explain"]').click();
    await partOf(lens, 'heat-read').waitFor();
    assert.equal(await partOf(lens, 'why').locator('.heat-cell').count(), 4);
    assert.match(await partOf(lens, 'heat-read').innerText(), /to the score/);
  });

  await t.test('random weights beside the trained ones know nothing', async () => {
    await openView(lens, 'compare');
    await lens.locator('[data-action="compare"]').click();
    const sides = lens.locator('.rival');
    await sides.nth(1).waitFor();
    const [trained = 0, random = 0] = await Promise.all(
      [0, 1].map(async (side) => parseFloat(await sides.nth(side).locator('.num').first().innerText())),
    );
    assert.ok(trained > 5 * random && random < 3, `${trained} % and ${random} %`);
    assert.match(page.url(), /look=compare/);
  });

  await t.test('another picture stands beside the first', async () => {
    await partOf(lens, 'rival').selectOption({ label: 'volcano' });
    assert.equal(await lens.locator('.rival').count(), 0, 'the old comparison stayed');
    await lens.locator('[data-action="compare"]').click();
    await lens.locator('.rival').nth(1).waitFor();
    assert.equal(await lens.locator('.rival').nth(1).locator('.panel-title').innerText(), 'volcano');
  });

  await t.test('a cell of a map frames the part of the picture that it sees', async () => {
    await partOf(lens, 'blocks').locator('button').first().click();
    await partOf(lens, 'large').hover({ position: { x: 4, y: 4 } });
    assert.match(
      await partOf(lens, 'read').innerText(),
      /row 1, column 1: .* sees pixels 1 to \d+ across, 1 to \d+ down/,
    );
    assert.equal(await lens.locator('.big-pic .field-frame').first().isVisible(), true);
  });
});

for (const theme of themes)
  test(`the closer look on a phone, ${theme}: no sideways scroll, nothing that axe objects to`, async (t) => {
    const page = await openPage(t, path, { theme, width: 390 });
    const lens = await ran(page);
    for (const view of ['classes', 'why', 'compare']) {
      await openView(lens, view);
      if (view === 'why') {
        await lens.locator('[data-action="explain"]').click();
        await lens.locator('.heat-cell').nth(168).waitFor();
      }
      if (view === 'compare') {
        await lens.locator('[data-action="compare"]').click();
        await lens.locator('.rival').nth(1).waitFor();
      }
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overflow <= 0, `${view}: ${overflow} px too wide`);
    }
    assert.deepEqual(await axeViolations(page), []);
  });

test('covering can be called off; what was found until then stays', async (t) => {
  const lens = await ran(await openPage(t, path));
  await openView(lens, 'why');
  const cells = partOf(lens, 'why').locator('.heat-cell');
  // In the page, where a fast machine does not come to the end before the press
  await lens.evaluate((figure) => {
    const press = (action: string) => figure.querySelector<HTMLElement>(`[data-action="${action}"]`)?.click();
    const watch = new MutationObserver(() => {
      if (figure.querySelectorAll('.heat-cell').length < 8) return;
      watch.disconnect();
      press('closer-cancel');
    });
    watch.observe(figure, { childList: true, subtree: true });
    press('explain');
  });
  await cells.nth(7).waitFor();
  await lens.locator('[data-action="explain"]').waitFor();
  const found = await cells.count();
  assert.ok(found < 169, 'it had come to its end before it was called off');
  await lens.page().waitForTimeout(500);
  assert.equal(await cells.count(), found);
  await lens.locator('[data-action="explain"]').click();
  await cells.nth(168).waitFor();
});

test('a worker that ends between two runs is started anew, and the figure says so', async (t) => {
  const page = await openPage(t, path);
  const lens = await ran(page);
  const [worker] = page.workers();
  await worker.evaluate(() => close());
  await partOf(lens, 'pictures').locator('button').nth(2).click();
  await waitForStatus(lens, 'ready');
  assert.match(await partOf(lens, 'line').innerText(), /stopped unexpectedly.*started anew by itself/);
});

test('what is drawn on the pad is run, undone and cleared', async (t) => {
  const page = await openPage(t, path);
  const lens = await ran(page);
  await lens.locator('[data-maker="pad"]').click();
  const paper = lens.locator('.pad-paper');
  await paper.hover({ position: { x: 60, y: 60 } });
  await page.mouse.down();
  const box = await paper.boundingBox();
  assert.ok(box);
  await page.mouse.move(box.x + 200, box.y + 180, { steps: 5 });
  await page.mouse.up();
  await lens.locator('.big-pic img.own').first().waitFor();
  await waitForStatus(lens, 'ready');
  assert.match(await partOf(lens, 'picture').innerText(), /your drawing/);
  const drawn = await partOf(lens, 'picture').locator('img').getAttribute('src');
  await lens.locator('[data-pad="undo"]').click();
  await page.waitForFunction(
    ([selector, before]) => document.querySelector(selector ?? '')?.getAttribute('src') !== before,
    ['thaw-resnet-lens [data-part="picture"] img', drawn] as const,
  );
  assert.equal(await lens.locator('[data-pad="clear"]').isDisabled(), true);
  await lens.locator('[data-maker="pad"]').click();
  assert.equal(await paper.count(), 0);
});

test('the camera gives pictures while it is open, and is let go when it is closed', async (t) => {
  const page = await openPage(t, path, {
    before: () => {
      // A camera that shows a blue square
      const canvas = document.createElement('canvas');
      const tracks: MediaStreamTrack[] = [];
      Object.assign(globalThis, { tracks });
      navigator.mediaDevices.getUserMedia = () => {
        canvas.getContext('2d')?.fillRect(0, 0, 100, 100);
        const stream = canvas.captureStream(30);
        tracks.push(...stream.getTracks());
        return Promise.resolve(stream);
      };
    },
  });
  const lens = await ran(page);
  await lens.locator('[data-maker="camera"]').click();
  const button = lens.locator('[data-camera="take"]:enabled');
  await button.click();
  await lens.locator('.big-pic img.own').first().waitFor();
  assert.match(await partOf(lens, 'picture').innerText(), /camera picture/);
  const statesOf = () =>
    page.evaluate(() =>
      (globalThis as unknown as { tracks: MediaStreamTrack[] }).tracks.map(({ readyState }) => readyState),
    );
  const resting = lens.locator('[data-camera="says"]', { hasText: /rests until you are back/ });

  await t.test('its light goes off while the page is hidden, and on again', async () => {
    assert.deepEqual(await statesOf(), ['live']);
    await hide(page, true);
    await resting.waitFor();
    assert.deepEqual(await statesOf(), ['ended']);
    await hide(page, false);
    await button.waitFor();
    assert.deepEqual(await statesOf(), ['ended', 'live']);
  });

  await t.test('and while the figure is out of sight', async () => {
    await lens.locator('[data-camera="keep"]').check();
    await page.evaluate(() => scrollTo({ top: document.body.scrollHeight, behavior: 'instant' }));
    await resting.waitFor({ state: 'attached' });
    assert.equal((await statesOf()).at(-1), 'ended');
    // Frames in flight come to their end, the figure ready between two of them; then no more are taken
    await page.waitForTimeout(500);
    await page.locator('thaw-resnet-lens[data-status="ready"]').first().waitFor();
    const shown = await partOf(lens, 'picture').locator('img').getAttribute('src');
    await page.waitForTimeout(1000);
    assert.equal(await partOf(lens, 'picture').locator('img').getAttribute('src'), shown);
    await lens.locator('.camera').scrollIntoViewIfNeeded();
    await button.waitFor();
  });

  await lens.locator('[data-maker="camera"]').click();
  assert.equal((await statesOf()).at(-1), 'ended');
});

/** Tells the page that it is hidden, or that it is seen. */
function hide(page: Page, isHidden: boolean): Promise<void> {
  return page.evaluate((hidden) => {
    Object.defineProperty(document, 'hidden', { configurable: true, value: hidden });
    document.dispatchEvent(new Event('visibilitychange'));
  }, isHidden);
}

test('a camera that is refused or missing ends in a sentence', async (t) => {
  for (const [name, sentence] of [
    ['NotAllowedError', /not allowed.*choose a file/],
    ['NotFoundError', /No camera was found/],
  ] as const) {
    const page = await openPage(t, path);
    await page.evaluate((refusal) => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', refusal));
    }, name);
    const lens = lensOf(page);
    await lens.scrollIntoViewIfNeeded();
    await lens.locator('[data-maker="camera"]').click();
    await lens.locator('[data-camera="says"]', { hasText: sentence }).waitFor();
  }
});
