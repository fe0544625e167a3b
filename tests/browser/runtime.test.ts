import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { parseCatalogue } from '../../src/engine/registry/catalogue.ts';
import { createNodeRuntime } from '../../src/engine/runtime/node.ts';
import type { NamedTensors, RunResult } from '../../src/engine/runtime/types.ts';
import { openRuntimePage, type RuntimePage } from './runtime-page.ts';

const model = 'resnet-mixed';
const value = 'layer2.1.relu2';
const inputOf = (i: number) => Math.sin(i * 0.37);

interface Seen extends Omit<RunResult, 'outputs'> {
  logits: number[];
  value: number[];
  storageRefused: boolean;
  remainingBefore: number;
  remainingAfter: number;
}

/** Plans, loads and runs in the page; the input is the sine of the element's index. */
function runIn(
  { page, catalogue }: RuntimePage,
  backend: 'wasm' | 'webgpu',
  threads?: number,
): Promise<Seen> {
  return page.evaluate(
    async ({ catalogue, backend, threads, model, value }) => {
      const { createBrowserRuntime, parseCatalogue } = globalThis.doors;
      const runtime = createBrowserRuntime(parseCatalogue(catalogue), '/sub/', threads ? { threads } : {});
      const { remainingBytes: remainingBefore } = await runtime.planDownload(model, backend);
      const loaded = await runtime.load(model, { backend, values: [value] });
      const data = Float32Array.from({ length: 3 * 64 * 64 }, (_, i) => Math.sin(i * 0.37));
      const input = { dtype: 'float32' as const, shape: [1, 3, 64, 64], data };
      const { outputs, ...report } = await loaded.run({ input }, { outputs: ['logits', value] });
      const { remainingBytes: remainingAfter } = await runtime.planDownload(model, backend);
      const list = (name: string) => [...(outputs[name]?.data ?? [])];
      const { storageRefused } = loaded;
      return {
        ...report,
        logits: list('logits'),
        value: list(value),
        storageRefused,
        remainingBefore,
        remainingAfter,
      };
    },
    { catalogue, backend, threads, model, value },
  );
}

/** The same in Node, by the native runtime. */
async function runInNode(catalogue: unknown, precision: 'int8' | 'fp32'): Promise<NamedTensors> {
  const runtime = createNodeRuntime(parseCatalogue(catalogue).models);
  const loaded = await runtime.load(model, { precision, values: [value] });
  const data = Float32Array.from({ length: 3 * 64 * 64 }, (_, i) => inputOf(i));
  return (
    await loaded.run(
      { input: { dtype: 'float32', shape: [1, 3, 64, 64], data } },
      { outputs: ['logits', value] },
    )
  ).outputs;
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  assert.equal(a.length, b.length);
  return Array.from(a).reduce((most, x, i) => Math.max(most, Math.abs(x - b[i])), 0);
}

describe('the runtime in Chromium', () => {
  it('fetches nothing before it is started, runs int8 on WASM, and needs nothing more afterwards', async (t) => {
    const opened = await openRuntimePage(t);
    const before = opened.requests.length;
    assert.deepEqual(
      opened.requests.filter((path) => /ort|model|worker/.test(path)),
      [],
    );
    const seen = await runIn(opened, 'wasm');
    assert.deepEqual([seen.backend, seen.build, seen.precision, seen.threads], ['wasm', 'wasm', 'int8', 1]);
    assert.ok(seen.remainingBefore > 5e6);
    assert.equal(seen.remainingAfter, 0);
    const native = await runInNode(opened.catalogue, 'int8');
    // int8 kernels differ in how they round halves: a step of the last scale, not more
    assert.ok(largestDifference(seen.logits, native['logits'].data) < 0.05);
    const fetched = opened.requests.slice(before);
    assert.ok(
      fetched.every((path) => !/^https?:/.test(path)),
      'everything came from the site',
    );
    assert.equal(
      fetched.filter((path) => /\.wasm\.gz|jspi|asyncify|webgpu/.test(path)).length,
      1,
      'one build only',
    );

    const count = opened.requests.length;
    await runIn(opened, 'wasm');
    assert.ok(
      !opened.requests.slice(count).some((path) => /\.wasm\.gz|\.onnx|labels/.test(path)),
      'stored files are used',
    );
    assert.deepEqual(opened.problems, []);
  });

  it('runs on two threads where the page is isolated, under the same policy', async (t) => {
    const opened = await openRuntimePage(t, { headers: true });
    assert.equal(await opened.page.evaluate(() => crossOriginIsolated), true);
    const seen = await runIn(opened, 'wasm', 2);
    assert.equal(seen.threads, 2);
    const native = await runInNode(opened.catalogue, 'int8');
    assert.ok(largestDifference(seen.logits, native['logits'].data) < 0.05);
    assert.deepEqual(opened.problems, []);
  });

  it('runs its kernels on WebGPU when asked to, with the numbers of the native runtime', async (t) => {
    const opened = await openRuntimePage(t, { webgpu: true });
    const seen = await runIn(opened, 'webgpu');
    assert.deepEqual([seen.backend, seen.build, seen.precision], ['webgpu', 'jspi', 'fp32']);
    const convolutions = Object.entries(seen.gpu?.kernels ?? {}).filter(([name]) => name.startsWith('Conv'));
    const count = convolutions.reduce((sum, [, dispatches]) => sum + dispatches, 0);
    assert.ok(count >= 20, `the network's 20 convolutions ran there: ${JSON.stringify(seen.gpu)}`);
    const native = await runInNode(opened.catalogue, 'fp32');
    assert.ok(largestDifference(seen.logits, native['logits'].data) < 1e-4);
    assert.ok(largestDifference(seen.value, native[value].data) < 1e-4);
    assert.deepEqual(opened.problems, []);
  });

  it('works when storage is refused, and says so', async (t) => {
    const opened = await openRuntimePage(t, {
      before: () => {
        CacheStorage.prototype.open = () => Promise.reject(new DOMException('no', 'SecurityError'));
      },
      inWorker: `CacheStorage.prototype.open = () => Promise.reject(new DOMException('no', 'SecurityError'));`,
    });
    const seen = await runIn(opened, 'wasm');
    assert.equal(seen.storageRefused, true);
    assert.ok(seen.logits.every(Number.isFinite));
    assert.deepEqual(opened.problems, []);
  });

  it('keeps what arrived when the network is lost, and goes on from there', async (t) => {
    const opened = await openRuntimePage(t);
    await opened.page.context().route(/\.onnx/, (route) => route.abort('connectionreset'));
    const failed = await loadIn(opened.page, opened.catalogue);
    assert.equal(failed.code, 'network-lost');
    assert.match(failed.message, /connection broke/);
    await opened.page.context().unroute(/\.onnx/);
    assert.ok(
      failed.remaining > 1e6 && failed.remaining < 4e6,
      `${failed.remaining} bytes are left: the runtime is here`,
    );
    const retried = await loadIn(opened.page, opened.catalogue);
    assert.deepEqual([retried.code, retried.remaining], ['', 0]);
  });
});

/** Loads in the page; says what went wrong and what is left to fetch. */
function loadIn(
  page: Page,
  catalogue: unknown,
): Promise<{ code: string; message: string; remaining: number }> {
  return page.evaluate(
    async ({ catalogue, model }) => {
      const { createBrowserRuntime, parseCatalogue } = globalThis.doors;
      const runtime = createBrowserRuntime(parseCatalogue(catalogue), '/sub/');
      const error = await runtime.load(model, { backend: 'wasm' }).then(
        () => ({ code: '', message: '' }),
        (reason: unknown) => reason as { code: string; message: string },
      );
      const { remainingBytes: remaining } = await runtime.planDownload(model, 'wasm');
      return { code: error.code, message: error.message, remaining };
    },
    { catalogue, model },
  );
}

describe('the content policy inside workers', () => {
  it('forbids foreign hosts and eval in the worker and in its threads, by <meta> alone', async (t) => {
    const { page, requests } = await openRuntimePage(t);
    const through = await page.evaluate(
      () =>
        new Promise<string[]>((resolve, reject) => {
          const { spyUrl, startConfinedWorker } = globalThis.doors;
          const worker = startConfinedWorker(spyUrl, { name: 'outer' });
          worker.onerror = (event) => reject(new Error(event.message));
          worker.onmessage = ({ data }: MessageEvent<{ ready?: boolean; through?: string[] }>) => {
            if (data.ready) worker.postMessage(null);
            if (data.through) resolve(data.through);
          };
        }),
    );
    assert.deepEqual(through, []);
    assert.ok(!requests.some((url) => url.includes('foreign.test')), 'not even a request leaves');
  });

  it('would not hold in a worker started from its own address, which is why ours begin as a blob', async (t) => {
    const { page } = await openRuntimePage(t);
    const through = await page.evaluate(
      () =>
        new Promise<string[]>((resolve, reject) => {
          const worker = new Worker(globalThis.doors.spyUrl, { type: 'module', name: 'plain' });
          worker.onerror = (event) => reject(new Error(event.message));
          worker.onmessage = ({ data }: MessageEvent<{ ready?: boolean; through?: string[] }>) => {
            if (data.ready) worker.postMessage(null);
            if (data.through) resolve(data.through);
          };
        }),
    );
    assert.ok(through.includes('eval'));
  });
});
