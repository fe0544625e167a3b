/** What befalls a runtime in a reader's browser: its worker ends, its graphics device goes away, the disk is full, another tab does the same, the reader comes back. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chromium, type Page } from 'playwright-core';
import type { LoadedModel } from '../../src/engine/runtime/types.ts';
import { chromiumPath } from './built-site.ts';
import { shared } from './harness.ts';
import { openRuntimePage, type RuntimePage } from './runtime-page.ts';

declare global {
  /** The model that the page keeps between two looks at it. */
  var kept: LoadedModel | undefined;
}

/** In the first worker: ends it without a word when the tenth run reaches it. */
const endOnTenthRun = `
  let runs = 0;
  addEventListener('message', ({ data }) => {
    if (life === 1 && data.kind === 'run' && ++runs === 10) close();
  });
`;

/** In the first worker: takes the graphics device away when the second run reaches it. */
const loseDeviceOnSecondRun = `
  const devices = [];
  const { requestDevice } = GPUAdapter.prototype;
  GPUAdapter.prototype.requestDevice = async function (...settings) {
    devices.push(await requestDevice.apply(this, settings));
    return devices.at(-1);
  };
  let runs = 0;
  addEventListener('message', ({ data }) => {
    if (life === 1 && data.kind === 'run' && ++runs === 2) for (const device of devices) device.destroy();
  });
`;

/** Loads the network and keeps it on the page. */
function load({ page, catalogue }: Pick<RuntimePage, 'page' | 'catalogue'>, backend: 'wasm' | 'webgpu') {
  return page.evaluate(
    async ({ catalogue, backend }) => {
      const { createBrowserRuntime, parseCatalogue } = globalThis.doors;
      const runtime = createBrowserRuntime(parseCatalogue(catalogue), '/sub/');
      globalThis.kept = await runtime.load('resnet-mixed', { backend });
      const { storageRefused, report } = globalThis.kept;
      return { storageRefused, backend: report.backend };
    },
    { catalogue, backend },
  );
}

/** So many runs of the kept model, all asked for at once: first logit, note and backend of each. */
function run(page: Page, runs: number): Promise<{ logit: number; note: string; backend: string }[]> {
  return page.evaluate(async (runs) => {
    const runOnce = async () => {
      const data = Float32Array.from({ length: 3 * 64 * 64 }, (_, i) => Math.sin(i * 0.37));
      const input = { dtype: 'float32' as const, shape: [1, 3, 64, 64], data };
      const { outputs, note, backend } = await globalThis.kept!.run({ input }); // load() came first
      return { logit: outputs['logits']?.data[0] ?? NaN, note, backend };
    };
    return Promise.all(Array.from({ length: runs }, runOnce));
  }, runs);
}

function assertSame(answers: { logit: number }[], tolerance = 0): void {
  const [first] = answers;
  for (const { logit } of answers)
    assert.ok(Math.abs(logit - first.logit) <= tolerance, `${logit} for ${first.logit}`);
}

describe('a runtime in trouble', () => {
  it('loses its worker in the middle of runs without an event, and every run comes to its end', async (t) => {
    const opened = await openRuntimePage(t, { inWorker: endOnTenthRun });
    await load(opened, 'wasm');
    const answers = await run(opened.page, 30);
    assertSame(answers);
    const told = answers.filter(({ note }) => /stopped unexpectedly.*started anew by itself/.test(note));
    assert.ok(told.length > 0, 'the worker was gone before the last run');
    assert.ok(!answers.at(0)?.note, 'the first run was over');
    const [after] = await run(opened.page, 1);
    assert.equal(after.note, '');
    assert.deepEqual(opened.problems, []);
  });

  it('loses its graphics device in the middle of runs, and starts anew', async (t) => {
    const opened = await openRuntimePage(t, { inWorker: loseDeviceOnSecondRun, webgpu: true });
    assert.equal((await load(opened, 'webgpu')).backend, 'webgpu');
    const answers = await run(opened.page, 3);
    assertSame(answers, 1e-4);
    assert.ok(
      answers.some(({ note }) => /graphics card went away.*started anew/.test(note)),
      JSON.stringify(answers),
    );
  });

  it('runs when the disk is full, and says that nothing is stored', async (t) => {
    const opened = await openRuntimePage(t, {
      inWorker: `Cache.prototype.put = () => Promise.reject(new DOMException('full', 'QuotaExceededError'));`,
    });
    assert.equal((await load(opened, 'wasm')).storageRefused, true);
    assertSame(await run(opened.page, 2));
    assert.deepEqual(opened.problems, []);
  });

  it('shares its files with a second tab that starts at the same time, and outlives it', async (t) => {
    const opened = await openRuntimePage(t);
    const second = await opened.page.context().newPage();
    await second.addInitScript({ content: 'globalThis.isSecond = true' });
    await second.goto(opened.page.url());
    await second.waitForFunction(() => 'doors' in globalThis);
    await Promise.all([load(opened, 'wasm'), load({ ...opened, page: second }, 'wasm')]);
    const [[here], [there]] = await Promise.all([run(opened.page, 1), run(second, 1)]);
    assertSame([here, there]);
    await second.close();
    assertSame([here, ...(await run(opened.page, 3))]);
    const stored = await opened.page.evaluate(async () => {
      const names = await caches.keys();
      const files = await Promise.all(
        names.map(async (name) => (await (await caches.open(name)).keys()).length),
      );
      return { names, files };
    });
    assert.deepEqual(
      [stored.names.length, stored.files],
      [1, [3]],
      'each file once: runtime, weights, labels',
    );
    assert.deepEqual(opened.problems, []);
  });

  it('runs again when the reader comes back by the browser’s button', async (t) => {
    const opened = await openRuntimePage(t, {
      open: () =>
        shared(
          'chromium with back/forward cache',
          () =>
            chromium.launch({
              executablePath: chromiumPath(),
              ignoreDefaultArgs: ['--disable-back-forward-cache'],
            }),
          (browser) => browser.close(),
        ),
    });
    const { page } = opened;
    await load(opened, 'wasm');
    const [before] = await run(page, 1);
    await page.goto('data:text/html,<title>elsewhere</title>');
    await page.goBack({ waitUntil: 'commit' });
    await page.waitForFunction(() => 'doors' in globalThis);
    const isRestored = await page.evaluate(() => globalThis.kept !== undefined);
    t.diagnostic(isRestored ? 'the page came from the cache' : 'the browser made the page anew');
    if (!isRestored) await load(opened, 'wasm');
    const [after] = await run(page, 1);
    assertSame([before, after]);
  });
});
