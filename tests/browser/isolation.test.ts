/** Isolation by the service worker on a host that sends no headers, and nothing of it on a host that does. */
import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { serve } from '../../scripts/serve.ts';
import { dist, launchChromium, openPage } from './harness.ts';

const isIsolated = () => crossOriginIsolated;

test('on a host with headers pages are isolated and no worker is registered', async (t) => {
  const page = await openPage(t, '/course/idea/', { headers: true });
  assert.equal(await page.evaluate(isIsolated), true);
  assert.equal(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length), 0);
});

test('on a host without headers nothing is registered before a figure asks', async (t) => {
  const page = await openPage(t, '/course/idea/', { headers: false });
  assert.equal(await page.evaluate(isIsolated), false);
  assert.equal(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length), 0);
});

for (const base of ['', '/sub'])
  test(`the worker isolates pages, under "${base}/" too, and never shows an old one after a new deploy`, async (t) => {
    const { url, root } = await deployCopy(t, base);
    const browser = await launchChromium();
    const context = await browser.newContext();
    t.after(() => context.close());
    const page = await context.newPage();
    await page.goto(`${url}course/idea/`);
    assert.equal(await page.evaluate(isIsolated), false);
    await page.evaluate(async (script) => {
      await navigator.serviceWorker.register(script, { updateViaCache: 'none' });
      await navigator.serviceWorker.ready;
    }, `${url}isolation.js`);
    await page.reload();
    assert.equal(await page.evaluate(isIsolated), true, 'isolated after one reload');

    const file = join(root, 'course/idea/index.html');
    await writeFile(file, (await readFile(file, 'utf8')).replace(/<title>[^<]*/, '<title>Second deploy'));
    await page.goto(`${url}course/idea/`);
    assert.equal(await page.title(), 'Second deploy');
    assert.equal(await page.evaluate(isIsolated), true);
    assert.deepEqual(await page.evaluate(() => caches.keys()), [], 'nothing is cached');
    // What is missing stays missing
    const missing = await page.goto(`${url}course/nowhere/`);
    assert.equal(missing?.status(), 404);
  });

/** A copy of the built site on a host that sends no headers; the folder may be changed like a new deploy. */
async function deployCopy(t: TestContext, base: string) {
  const root = await mkdtemp(join(tmpdir(), 'thaw-deploy-'));
  for (const part of ['index.html', '404.html', 'isolation.js', 'course', '_astro', 'generated/fonts'])
    await cp(join(dist, part), join(root, part), { recursive: true });
  const site = await serve({ root, base, headers: false });
  t.after(async () => {
    await site.close();
    await rm(root, { recursive: true });
  });
  return { url: site.url, root };
}
