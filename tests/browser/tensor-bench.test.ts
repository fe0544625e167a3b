/** The tensor bench in the built site: first frame, running, errors, cancelling, keys, export, phones, and what axe says of it awake. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import type { Locator } from 'playwright-core';
import { axeViolations } from './axe.ts';
import { builtPages, openPage, themes, waitForStatus, type PageOptions } from './harness.ts';

const path = builtPages().find(({ html }) => html.includes('<thaw-tensor-bench'))?.path ?? '';

/** The first bench of the page, awake. */
async function openBench(t: Parameters<typeof openPage>[0], query = '', options: PageOptions = {}) {
  const page = await openPage(t, path + query, options);
  const bench = page.locator('thaw-tensor-bench').first();
  await bench.scrollIntoViewIfNeeded();
  await bench.locator('[data-part="run-all"]').hover();
  await bench.locator('.bench-editor').first().waitFor();
  return { page, bench };
}

const cellAt = (bench: Locator, index: number): Locator => bench.locator('.bench-cell').nth(index);
const editorOf = (cell: Locator): Locator => cell.locator('.cm-content');

/** Writes code into a cell's editor in the place of what stands there. */
async function write(cell: Locator, code: string): Promise<void> {
  await editorOf(cell).click();
  await cell.page().keyboard.press('Control+a');
  await cell.page().keyboard.insertText(code);
}

test('without scripts the cells, their output and their tensors are there', async (t) => {
  const page = await openPage(t, path, { context: { javaScriptEnabled: false } });
  const bench = page.locator('thaw-tensor-bench').first();
  assert.equal(await bench.locator('.bench-cell').count(), 7);
  assert.equal(await bench.locator('[data-part="run-all"]').isVisible(), false, 'a dead control is shown');
  assert.equal(await cellAt(bench, 5).locator('[data-part="result"]').innerText(), 'array([[0, 1, 2]])');
  assert.ok((await bench.locator('svg.bench-boxes g').count()) > 20);
});

test('a cell is edited, run by Shift and Enter, and left by Escape; Tab goes on', async (t) => {
  const { page, bench } = await openBench(t);
  const cell = cellAt(bench, 4);
  await write(cell, 'two_d_tensor = one_d_tensor.unsqueeze(1)\ntwo_d_tensor.shape');
  await page.keyboard.press('Shift+Enter');
  const result = cell.locator('[data-part="result"]');
  await result.filter({ hasText: 'torch.Size([3, 1])' }).waitFor();
  await page.keyboard.press('Escape');
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('data-act')), 'run');
  await editorOf(cell).click();
  await page.keyboard.press('Tab');
  assert.equal(
    await page.evaluate(() => document.activeElement?.getAttribute('data-act')),
    'run',
    'Tab is trapped',
  );
});

test('an error is told with its line, a near match, and what is there', async (t) => {
  const { page, bench } = await openBench(t);
  const cell = cellAt(bench, 1);
  await write(cell, 'x = 1\ntorch.unsqueze(x)');
  await page.keyboard.press('Shift+Enter');
  const error = cell.locator('[data-part="error"]');
  await error
    .filter({ hasText: "Line 2\nAttributeError: module 'torch' has no attribute 'unsqueze'" })
    .waitFor();
  assert.match(
    await cell.locator('[data-part="note"]').innerText(),
    /teaching subset.*Did you mean `unsqueeze`/,
  );
  assert.equal(await cell.locator('.cm-wrong').count(), 1);
});

test('a long run is cancelled, and the next one knows the cells above', async (t) => {
  const { page, bench } = await openBench(t);
  const cell = cellAt(bench, 2);
  await write(cell, 'a = torch.ones(1200, 1200)\nfor i in range(1000):\n    a @ a');
  await page.keyboard.press('Shift+Enter');
  await waitForStatus(bench, 'running');
  await bench.locator('[data-part="cancel"]').click();
  await cell.locator('[data-part="error"]').filter({ hasText: 'You ended this run.' }).waitFor();
  await write(cell, 'one_d_tensor.sum()');
  await page.keyboard.press('Shift+Enter');
  await cell.locator('[data-part="result"]').filter({ hasText: 'tensor(10)' }).waitFor();
});

test('an endless loop stops by itself', async (t) => {
  const { page, bench } = await openBench(t);
  const cell = cellAt(bench, 1);
  await write(cell, 'while True: pass');
  await page.keyboard.press('Shift+Enter');
  await cell.locator('[data-part="error"]').filter({ hasText: 'a loop that never ends' }).waitFor();
});

test('cells are added, removed, undone and reset; the address carries them', async (t) => {
  const { page, bench } = await openBench(t);
  await cellAt(bench, 6).locator('[data-act="add"]').click();
  assert.equal(await bench.locator('.bench-cell').count(), 8);
  await page.keyboard.insertText('1 + 1');
  await page.keyboard.press('Shift+Enter');
  await cellAt(bench, 7).locator('[data-part="result"]').filter({ hasText: '2' }).waitFor();
  assert.match(page.url(), /[?&]cells=/);
  const shared = new URL(page.url()).search;
  await cellAt(bench, 7).locator('[data-act="remove"]').click();
  await bench.locator('[data-part="undo"]').click();
  assert.equal(await bench.locator('.bench-cell').count(), 8);
  await bench.locator('[data-part="reset"]').click();
  assert.equal(await bench.locator('.bench-cell').count(), 7);
  assert.doesNotMatch(page.url(), /cells=/);
  const again = await openBench(t, shared);
  assert.equal(await again.bench.locator('.bench-cell').count(), 8);
});

test('a lesson is chosen, run, and its graph shows the cut; the notebook is downloaded', async (t) => {
  const { page, bench } = await openBench(t);
  await bench.locator('[data-part="lesson"]').selectOption('autograd');
  assert.match(page.url(), /lesson=autograd/);
  await bench.locator('[data-part="run-all"]').click();
  await cellAt(bench, 4).locator('[data-part="error"]').filter({ hasText: "Can't call numpy()" }).waitFor();
  assert.ok((await cellAt(bench, 3).locator('.bench-graph .node').count()) > 3);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    bench.locator('[data-part="export"]').click(),
  ]);
  assert.equal(download.suggestedFilename(), 'tensor-bench-autograd.ipynb');
  const file = JSON.parse(await readFile(await download.path(), 'utf8')) as {
    nbformat: number;
    cells: unknown[];
  };
  assert.deepEqual([file.nbformat, file.cells.length], [4, 7]);
});

test('arrow keys walk through a drawn tensor', async (t) => {
  const { page, bench } = await openBench(t);
  const cell = cellAt(bench, 3);
  await cell.locator('svg.bench-boxes').focus();
  for (const key of ['ArrowDown', 'ArrowRight']) await page.keyboard.press(key);
  assert.equal(await cell.locator('.bench-pick').innerText(), 'two_d_tensor[1, 1] = 4');
});

test('a pointer over a box reads it; the table holds the same numbers; all cells are copied as one program', async (t) => {
  const { page, bench } = await openBench(t, '', {
    context: { permissions: ['clipboard-read', 'clipboard-write'] },
  });
  const cell = cellAt(bench, 3);
  const box = cell.locator('svg.bench-boxes g[data-at="2"]');
  // The page may still lay out what stands above when the pointer first comes
  for (let time = 0; time < 2; time += 1) await box.hover();
  await cell.locator('.bench-pick').filter({ hasText: 'two_d_tensor[0, 2] = 2' }).waitFor();
  await bench.locator('.bench-numbers summary').click();
  const row = bench.locator('[data-part="numbers"] tbody tr').filter({ hasText: 'two_d_tensor' }).first();
  assert.match(await row.innerText(), /\[\d, \d\][^]*int64[^]*0, 1, 2, /);
  await bench.locator('[data-part="copy"]').click();
  await bench.locator('[data-part="live"]').filter({ hasText: 'Copied' }).waitFor();
  const program = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(program, /^import torch$/m);
  assert.equal(program.split('# %%').length, 7);
  assert.deepEqual(await axeViolations(page), []);
});

for (const theme of themes)
  test(`awake it has no axe violation and fits a phone, ${theme}`, async (t) => {
    const { page, bench } = await openBench(t, '', { theme, width: 390, height: 800 });
    const wide = await page.evaluate(
      () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
    );
    assert.equal(wide, false, 'the page scrolls sideways');
    assert.ok(await cellAt(bench, 6).locator('.cm-content').isVisible());
    assert.deepEqual(await axeViolations(page), []);
  });
