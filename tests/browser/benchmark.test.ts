/** The benchmark page: says what it fetches, fetches nothing before, fills its table, can be called off and copied. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { openPage } from './harness.ts';

const path = '/reference/benchmark/';

const startOf = (page: Page) => page.locator('[data-part="start"]');
const idle = (page: Page) => page.locator('.benchmark[data-state="idle"]').waitFor({ timeout: 120_000 });

/** Every row of the table, cell by cell. */
function tableOf(page: Page): Promise<string[][]> {
  return page
    .locator('.benchmark tbody tr')
    .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent)));
}

test('the processor is measured by keyboard alone, and the table copied as text', async (t) => {
  const page = await openPage(t, path, { context: { permissions: ['clipboard-read', 'clipboard-write'] } });
  const fetched: string[] = [];
  page.on('request', (request) => fetched.push(request.url()));
  const box = page.getByRole('checkbox', { name: /^WebGPU, .*\(up to \d+(\.\d+)?.MB/ });
  await box.focus();
  await page.keyboard.press('Space');
  assert.equal(await box.isChecked(), false);
  assert.deepEqual(
    fetched.filter((url) => /generated|models|catalogue/.test(url)),
    [],
    'nothing comes before it is asked for',
  );
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.locator('.benchmark[data-state="running"]').waitFor();
  await idle(page);
  const rows = await tableOf(page);
  assert.match((await page.locator('[data-part="status"]').textContent()) ?? '', /^Done: \d+ rows\.$/);
  assert.deepEqual(
    rows.slice(0, 2).map(([network, backend, threads, precision]) => [network, backend, threads, precision]),
    [
      ['resnet-mixed', 'WebAssembly', '1', 'int8'],
      ['resnet-mixed', 'WebAssembly', '1', 'fp32'],
    ],
  );
  for (const [, , threads, , median, p90, first, , remark] of rows) {
    assert.match(`${median} ${p90} ${first}`, /^[\d.]+.ms [\d.]+.ms [\d.,]+.(ms|s)$/, remark);
    assert.equal(remark, '');
    assert.ok(Number.parseFloat(p90) >= Number.parseFloat(median), `${threads} threads: ${median}, ${p90}`);
  }
  await page.getByRole('button', { name: 'Copy as text' }).click();
  await page.getByText('Copied.').waitFor();
  const text = await page.evaluate(() => navigator.clipboard.readText());
  const lines = text.split('\n');
  assert.equal(lines.length, rows.length + 2);
  assert.match(lines[0], /^Browser: .*Chrom.*; logical processors: \d+; isolated: yes$/);
  assert.deepEqual(lines.at(2)?.split('\t'), rows[0]);
});

test('a backend that is missing becomes a row with the reason; a press calls the rest off', async (t) => {
  const page = await openPage(t, path, { headers: false, width: 390, expected: [/adapters/] });
  await page.getByRole('checkbox', { name: /^WebAssembly/ }).uncheck();
  await startOf(page).click();
  await idle(page);
  const [row] = await tableOf(page);
  assert.deepEqual([row[1], row.length], ['WebGPU', 5]);
  assert.match(row[4], /^not measured: This browser offers no WebGPU adapter/);
  assert.ok(
    await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
    'the phone scrolls',
  );

  await page.getByRole('checkbox', { name: /^WebAssembly/ }).check();
  await startOf(page).click();
  await page.locator('.benchmark tbody tr').first().waitFor();
  assert.equal(await startOf(page).textContent(), 'Cancel');
  await startOf(page).click();
  await idle(page);
  const status = page.locator('[data-part="status"]');
  assert.match((await status.textContent()) ?? '', /^(Cancelled\. \d rows were measured|Done)/);
  assert.equal(await startOf(page).textContent(), 'Measure again');
});

test('threads that the host does not allow are told in their rows', async (t) => {
  const page = await openPage(t, path, { headers: false });
  await page.getByRole('checkbox', { name: /^WebGPU/ }).uncheck();
  await startOf(page).click();
  await idle(page);
  const told = (await tableOf(page)).filter(([, , threads]) => threads !== '1');
  for (const row of told) assert.match(row[4], /^not measured: .*isolated/);
});

test('who saves data is not offered the second build of the runtime unasked', async (t) => {
  const page = await openPage(t, path, {
    before: () => Object.defineProperty(navigator, 'connection', { value: { saveData: true } }),
  });
  assert.equal(await page.getByRole('checkbox', { name: /^WebGPU/ }).isChecked(), false);
  assert.equal(await page.getByRole('checkbox', { name: /^WebAssembly/ }).isChecked(), true);
});

test('settings lead to the benchmark', async (t) => {
  const page = await openPage(t, '/settings/');
  await page.getByRole('link', { name: 'How fast do networks run here?' }).click();
  await page.waitForURL(/\/reference\/benchmark\/$/);
});
