/** The lens on WebGPU: the kernels really run there, and the numbers are PyTorch's. SwiftShader stands in for a card. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Worker } from 'playwright-core';
import { openBlank, siteUrl, waitForStatus } from './harness.ts';
import { assertAgrees, galleryCase, goldenNames } from './lens-goldens.ts';
import { lensOf, lensPages, partOf, recordedRuns, recordRuns, startButton, wakeLens } from './lens.ts';

const [path = ''] = lensPages();

test('on WebGPU the kernels run on the graphics path and agree with PyTorch', async (t) => {
  const { golden, query } = galleryCase();
  const page = await openBlank(t, { webgpu: true, before: recordRuns });
  const workers: Worker[] = [];
  page.on('worker', (worker) => {
    workers.push(worker);
    // Counted here a second time, independently of the site's own count; a worker that ended has nothing to count
    worker.evaluate(countDispatches).catch(() => undefined);
  });
  await page.goto(`${await siteUrl()}${path}${query}`);
  const lens = lensOf(page);
  await wakeLens(page);
  await partOf(lens, 'backend').selectOption('webgpu');
  await startButton(page).click();
  await waitForStatus(lens, 'ready', 120_000);

  const [run] = await recordedRuns(page);
  assert.ok(run, 'the result did not come from a run in the worker');
  assertAgrees(run, golden, 1e-3);
  assert.deepEqual(await partOf(lens, 'top').locator('.class-name').allInnerTexts(), goldenNames(golden));
  assert.match(await partOf(lens, 'line').innerText(), /WebGPU[^]*\d\s?m?s/);

  const counts = await Promise.all(
    workers.map((worker) =>
      worker.evaluate(() => (globalThis as { dispatches?: number }).dispatches ?? 0).catch(() => 0),
    ),
  );
  const convolutions = Object.keys(golden.values).filter((name) => /conv|downsample\.0/.test(name)).length;
  const dispatches = Math.max(...counts);
  assert.ok(dispatches >= convolutions, `${dispatches} dispatches cannot be ${convolutions} convolutions`);
  assert.ok(run.gpu && run.gpu.dispatches >= convolutions, 'the site itself counted no kernels');
});

function countDispatches(): void {
  const scope = globalThis as unknown as {
    dispatches: number;
    GPUComputePassEncoder?: { prototype: Record<string, (...args: unknown[]) => unknown> };
  };
  scope.dispatches = 0;
  const prototype = scope.GPUComputePassEncoder?.prototype;
  for (const name of ['dispatchWorkgroups', 'dispatchWorkgroupsIndirect']) {
    const original = prototype?.[name];
    if (!prototype || !original) continue;
    prototype[name] = function (...args: unknown[]) {
      scope.dispatches += 1;
      return original.apply(this, args);
    };
  }
}
test('where WebAssembly cannot wait for promises by itself, the build that can do without computes the same', async (t) => {
  const { golden, query } = galleryCase();
  const page = await openBlank(t, {
    webgpu: true,
    before: () => {
      Reflect.deleteProperty(WebAssembly, 'Suspending');
    },
  });
  const builds = new Set<string>();
  page.context().on('request', (request) => {
    const [build] = /asyncify|jspi/.exec(request.url()) ?? [];
    if (build) builds.add(build);
  });
  await page.goto(`${await siteUrl()}${path}${query}`);
  const lens = lensOf(page);
  await wakeLens(page);
  await partOf(lens, 'backend').selectOption('webgpu');
  await startButton(page).click();
  await waitForStatus(lens, 'ready', 120_000);
  assert.deepEqual([...builds], ['asyncify']);
  assert.deepEqual(await partOf(lens, 'top').locator('.class-name').allInnerTexts(), goldenNames(golden));
  assert.match(await partOf(lens, 'line').innerText(), /WebGPU/);
});
