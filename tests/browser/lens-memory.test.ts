/** What the lens keeps: a run leaves nothing behind, a network that is left makes room. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Locator } from 'playwright-core';
import { openPage, waitForStatus, type WatchedPage } from './harness.ts';
import { lensOf, lensPages, partOf, startButton, wakeLens } from './lens.ts';
import { countNetworks, openNetworks, watchHoldings, type Holdings } from './memory.ts';

const [path = ''] = lensPages();
const shared = process.env.THAW_SHARED ?? fileURLToPath(new URL('../../../shared', import.meta.url));
const published = 'mobilenetv2-12-int8';
const file = join(shared, 'data/reference', `${published}.onnx`);
const patienceMs = 120_000;

/**
 * What a run may add: the browser goes on compiling and counting calls, and a picture is seen for the first time. An answer that is
 * kept is 170 kB of the page, a run that hangs on the device 54 kB of the worker.
 */
const perRun = { pageBytes: 50_000, workerBytes: 18_000, nodes: 4 };

/** The lens after its first run, and what tells the holdings of its page. */
async function openRan(
  t: TestContext,
  backend: 'wasm' | 'webgpu',
): Promise<{ page: WatchedPage; lens: Locator; holdings: () => Promise<Holdings> }> {
  const page = await openPage(t, `${path}?backend=${backend}`, {
    webgpu: backend === 'webgpu',
    before: countNetworks,
    expected: [/third party: https:\/\/huggingface/],
  });
  const holdings = await watchHoldings(page);
  await wakeLens(page);
  await startButton(page).click();
  await waitForStatus(lensOf(page), 'ready', patienceMs);
  return { page, lens: lensOf(page), holdings };
}

/** Runs picture after picture: the second of the gallery, the third … */
async function runPictures(lens: Locator, times: number): Promise<void> {
  const pictures = partOf(lens, 'pictures').locator('button');
  const count = await pictures.count();
  for (let run = 1; run <= times; run += 1) {
    await pictures.nth(run % count).click();
    await waitForStatus(lens, 'ready', patienceMs);
  }
}

for (const { backend, first, more } of [
  { backend: 'wasm', first: 30, more: 30 },
  // Computed on the processor, a run takes a second or two
  { backend: 'webgpu', first: 3, more: 5 },
] as const)
  test(`${more} more runs under ${backend} leave nothing behind`, async (t) => {
    const { page, lens, holdings } = await openRan(t, backend);
    await runPictures(lens, first);
    const before = await holdings();
    await runPictures(lens, more);
    const after = await holdings();
    const told = `before ${JSON.stringify(before)}, after ${JSON.stringify(after)}`;
    t.diagnostic(told);
    assert.equal(after.workers, 1, told);
    assert.equal(await openNetworks(page), 1);
    assert.equal(after.listeners, before.listeners, told);
    assert.equal(after.wasmBytes, before.wasmBytes, told);
    for (const what of ['workerBytes', 'pageBytes', 'nodes'] as const)
      assert.ok(after[what] - before[what] < more * perRun[what], `${what}: ${told}`);
  });

test('a rival, and another way to compute, are put away again', async (t) => {
  const { page, lens } = await openRan(t, 'webgpu');
  await partOf(lens, 'backend').selectOption('wasm');
  await waitForStatus(lens, 'ready', patienceMs);
  assert.equal(await openNetworks(page), 1, 'the network under WebGPU is kept beside that under WASM');
  await lens.locator('[data-part="closer-view"] label:has(input[value="compare"])').click();
  await lens.locator('[data-action="compare"]').click();
  await lens.locator('.rival').nth(1).waitFor();
  await lens.locator('[data-action="compare"]').waitFor();
  assert.equal(await openNetworks(page), 1, 'the network with random weights is kept');
});

test(
  'another network and back, again and again',
  { skip: !existsSync(file) && `skipped: ${file} is not there` },
  async (t) => {
    const { page, lens, holdings } = await openRan(t, 'wasm');
    let isAway = false;
    await page.context().route('https://huggingface.co/**', async (route) => {
      if (isAway) return;
      const headers = { 'access-control-allow-origin': '*', etag: '"one"' };
      await route.fulfill({ body: readFileSync(file), headers, contentType: 'application/octet-stream' });
    });

    await t.test('a download that is called off leaves the first network to be run again', async () => {
      isAway = true;
      await partOf(lens, 'network').selectOption(published);
      await startButton(page).click();
      await lens.locator('[data-action="cancel"]').click();
      await partOf(lens, 'network').selectOption('resnet-mixed');
      await startButton(page).click();
      await waitForStatus(lens, 'ready', patienceMs);
      isAway = false;
    });

    await t.test('nothing of a network stays that was left', async () => {
      const visit = async () => {
        for (const network of [published, 'resnet-mixed']) {
          await partOf(lens, 'network').selectOption(network);
          await startButton(page).click();
          await waitForStatus(lens, 'ready', patienceMs);
        }
      };
      for (let time = 0; time < 2; time += 1) await visit();
      const before = await holdings();
      for (let time = 0; time < 4; time += 1) await visit();
      const after = await holdings();
      const told = `before ${JSON.stringify(before)}, after ${JSON.stringify(after)}`;
      t.diagnostic(told);
      assert.equal(await openNetworks(page), 1);
      assert.equal(after.workers, 1, told);
      assert.equal(after.listeners, before.listeners, told);
      assert.equal(after.wasmBytes, before.wasmBytes, told);
      // A file of either network is several megabytes
      assert.ok(after.workerBytes - before.workerBytes < 1e6, told);
      assert.ok(after.pageBytes - before.pageBytes < 1e6, told);
    });
  },
);
