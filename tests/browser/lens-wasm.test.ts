/** The lens runs its network on WebAssembly and says what PyTorch says. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPage, waitForStatus } from './harness.ts';
import { assertAgrees, galleryCase, goldenNames } from './lens-goldens.ts';
import { lensOf, lensPages, partOf, recordedRuns, recordRuns, startButton, wakeLens } from './lens.ts';

const [path = ''] = lensPages();

test('there is a page with a lens', () => assert.notEqual(path, ''));

for (const headers of [true, false]) {
  const host = headers ? 'a host that isolates' : 'a host that sets no headers';
  test(`on ${host}: a press, a result, and it is PyTorch's`, async (t) => {
    const { golden, query } = galleryCase();
    const page = await openPage(t, path + query, { headers, before: recordRuns });
    const lens = lensOf(page);
    // Not its inner text: a figure far below the window is not laid out yet
    const words = (await startButton(page).textContent()) ?? '';
    assert.match(words, /\d\s?MB/, 'the button does not state the size');
    await startButton(page).click();
    await waitForStatus(lens, 'ready');
    const [run] = await recordedRuns(page);
    assert.ok(run, 'the result did not come from a run in the worker');
    assertAgrees(run, golden, 0.1);
    assert.equal(
      await partOf(lens, 'top').locator('.class-name').first().innerText(),
      goldenNames(golden)[0],
    );
    assert.match(await partOf(lens, 'line').innerText(), /WebAssembly[^]*\d threads?[^]*\d\s?ms/);
  });
}

test('a second visit downloads nothing again', async (t) => {
  const page = await openPage(t, path);
  await startButton(page).click();
  await waitForStatus(lensOf(page), 'ready');
  const asked: string[] = [];
  page.context().on('request', (request) => asked.push(request.url()));
  await page.reload();
  await startButton(page).click();
  await waitForStatus(lensOf(page), 'ready');
  assert.deepEqual(
    asked.filter((url) => /\.(onnx|wasm|gz)(\?|$)/.test(url)),
    [],
  );
});

test('the settings page lists what was downloaded, deletes one file, then all, and leaves others alone', async (t) => {
  const page = await openPage(t, path);
  await startButton(page).click();
  await waitForStatus(lensOf(page), 'ready');
  // Another site under the same host
  await page.evaluate(async () => {
    const cache = await caches.open('somebody-elses');
    await cache.put('/elsewhere', new Response('kept'));
  });
  await page.goto(new URL('/settings/', page.url()).href);
  const rows = page.locator('[data-files] tbody tr');
  await rows.first().waitFor();
  const words = (await rows.allInnerTexts()).join('\n');
  assert.match(words, /runtime wasm\s+3\.\d\sMB/);
  assert.match(words, /weights resnet-mixed\s+\d\.\d\sMB/);
  const before = await rows.count();
  assert.match(await page.locator('[data-stored="models"]').innerText(), new RegExp(`^${before} files, `));
  await page.getByRole('button', { name: 'Delete weights resnet-mixed' }).press('Enter');
  await page.getByText('Deleted: weights resnet-mixed.').waitFor();
  assert.equal(await rows.count(), before - 1);
  assert.match(
    await page.evaluate(() => document.activeElement?.textContent ?? ''),
    /^(Delete|\s*Erase all of it\s*)$/,
  );
  await page.getByRole('button', { name: 'Erase all of it' }).click();
  await page.getByText('Erased. Nothing is stored any more.').waitFor();
  assert.equal(await rows.count(), 0);
  assert.equal(await page.locator('[data-stored="models"]').innerText(), 'nothing');
  assert.ok(await page.evaluate(async () => (await caches.match('/elsewhere')) !== undefined));
});

test('two figures started at once both finish', async (t) => {
  const page = await openPage(t, path);
  await wakeLens(page);
  // A page of the course may hold several lenses; a copy beside the first makes sure of two
  await page.evaluate(() => {
    const figure = document.querySelector('thaw-resnet-lens')?.closest('figure');
    const copy = figure?.cloneNode(true) as HTMLElement;
    copy.id = 'second-lens';
    for (const radio of copy.querySelectorAll('input[type="radio"]'))
      radio.setAttribute('name', 'second-approach');
    figure?.after(copy);
  });
  const [first, second] = [lensOf(page), page.locator('#second-lens thaw-resnet-lens')];
  await partOf(second, 'pictures').locator('button').nth(3).click();
  await page.evaluate(() => {
    for (const button of document.querySelectorAll<HTMLButtonElement>(
      'thaw-resnet-lens button[data-action="run"]',
    ))
      button.click();
  });
  await Promise.all([waitForStatus(first, 'ready'), waitForStatus(second, 'ready')]);
  const names = await Promise.all(
    [first, second].map((lens) => partOf(lens, 'top').locator('.class-name').allInnerTexts()),
  );
  assert.notDeepEqual(names[0], names[1], 'both figures show the same answer for different pictures');
});
