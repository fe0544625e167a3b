/** The data race in the built site: read asleep, started by keyboard, stopped, gone on with, shared and saved. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Locator } from 'playwright-core';
import { axeViolations } from './axe.ts';
import { shortenRace } from './figures.ts';
import { openPage, themes, waitForStatus, type PageOptions } from './harness.ts';

const path = '/course/why/';

async function openRace(t: Parameters<typeof openPage>[0], query = '', options: PageOptions = {}) {
  const page = await openPage(t, path + query, options);
  const figure = page.locator('thaw-data-race');
  await figure.scrollIntoViewIfNeeded();
  return { page, figure };
}

const part = (figure: Locator, name: string): Locator => figure.locator(`[data-part="${name}"]`);

const press = (figure: Locator, action: string): Promise<void> =>
  figure.locator(`[data-action="${action}"]`).click();

/** The shortest race: one training of a head. */
const shortest = '?methods=feature-extractor&sizes=1&seeds=1&at=1';

test('without scripts the chart and its numbers are there, and no dead controls', async (t) => {
  const { figure } = await openRace(t, '', { context: { javaScriptEnabled: false } });
  assert.equal(await figure.locator('svg.race-chart:visible').count(), 1);
  const label = await figure.locator('svg.race-chart:visible').getAttribute('aria-label');
  assert.match(label ?? '', /from scratch goes from \d+/);
  assert.equal(await figure.locator('button:visible, input:visible, select:visible').count(), 0);
  assert.equal(await part(figure, 'numbers').locator('tbody tr').count(), 15);
  assert.match(await part(figure, 'line').innerText(), /precomputed/);
});

test('a link sets the choice and fetches nothing; a race runs by keyboard and counts what it did', async (t) => {
  const { page, figure } = await openRace(t, shortest);
  const heavy: string[] = [];
  page.context().on('request', (request) => {
    if (/\.(wasm|onnx|gz)|targets\./.test(request.url())) heavy.push(request.url());
  });
  await figure.locator('small', { hasText: '1 training,' }).waitFor();
  assert.equal(await part(figure, 'numbers').locator('tbody tr').count(), 1);
  assert.deepEqual(heavy, []);
  await figure.locator('[data-action="run"]').focus();
  await page.keyboard.press('Enter');
  await waitForStatus(figure, 'ready');
  assert.ok(heavy.length >= 3, heavy.join(' '));
  await figure.locator('summary').click();
  const [row] = await part(figure, 'numbers').locator('tbody tr').allInnerTexts();
  const cells = row.split('\t');
  assert.deepEqual(cells.slice(0, 3), ['feature extractor', '1', '1']);
  assert.match(cells[3], /^\d+\u202f%$/);
  // a head of 5 × 257 weights; the whole network answers well above guessing on what it never saw
  assert.equal(cells.at(-1), '1,285');
  assert.ok(Number.parseInt(cells[3], 10) >= 30, cells[3]);
  assert.match(cells[4], /\d.*(ms|s)$/);
  assert.doesNotMatch(await part(figure, 'line').innerText(), /precomputed/);
  assert.match(await part(figure, 'line').innerText(), /WebAssembly/);
  const [download] = await Promise.all([page.waitForEvent('download'), press(figure, 'csv')]);
  const [, line] = readFileSync(await download.path(), 'utf8').split('\r\n');
  assert.match(line, /^feature-extractor,1,1,\d+,60,/);
});

test('a race stops between two steps, keeps what has ended, and goes on', async (t) => {
  const { page, figure } = await openRace(t, '?sizes=1&seeds=1');
  await part(figure, 'methods').locator('[value="from-scratch"]').uncheck();
  await part(figure, 'methods').locator('[value="fine-tuning"]').uncheck();
  assert.match(page.url(), /methods=feature-extractor/);
  await press(figure, 'run');
  await waitForStatus(figure, 'ready');
  await part(figure, 'methods').locator('[value="fine-tuning"]').check();
  await press(figure, 'run');
  await figure.locator('.race-now span', { hasText: /fine-tuning.*step [1-9]/ }).waitFor();
  await press(figure, 'stop');
  await waitForStatus(figure, 'ready');
  assert.equal(await part(figure, 'numbers').locator('tbody tr').count(), 1);
  assert.deepEqual(await figure.locator('.actions .text').allInnerTexts(), ['Go on', 'Start over']);
  await part(figure, 'at').locator('[value="20"]').press('Space');
  assert.match(page.url(), /at=20/);
  assert.equal(await part(figure, 'costs').isVisible(), false);
  assert.match(
    await figure.locator('.race-side .race-none').innerText(),
    /^Nothing has been trained with this number/,
  );
});

test('axe finds nothing after a race, and a phone does not scroll sideways', async (t) => {
  for (const theme of themes) {
    const { page, figure } = await openRace(t, '', { theme, width: 390 });
    await shortenRace(figure);
    await press(figure, 'run');
    await waitForStatus(figure, 'ready');
    assert.deepEqual(await axeViolations(page), [], theme);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    assert.equal(overflow, 0);
  }
});
