// Netron beside us, where its folder is here: NETRON_HOME names a folder with Netron's index.html, which the Python package
// of that name holds (`pip install --target <folder> netron`, then NETRON_HOME=<folder>/netron). It stays outside the repository.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { serve } from '../scripts/serve.ts';
import { dragDown } from './drag.mjs';
import { rounded } from './row.mjs';

/** What the rows say where Netron was not measured. */
export const withoutNetron =
  'without Netron: npm has no package of that name, and NETRON_HOME names no folder with its index.html';

/** How long it may take over one file. */
const patienceMs = 120_000;

/**
 * Netron in a page of the same browser, or undefined where its folder is not here. `open` gives the milliseconds to read a file
 * and, apart from that, to show it (layout among it); `pan` drags what it shows as the page of ours is dragged.
 */
export async function startNetron(browser) {
  const root = process.env.NETRON_HOME;
  const index = root && join(root, 'index.html');
  if (!index || !existsSync(index)) return undefined;
  const html = readFileSync(index, 'utf8');
  const version = /name="version" content="([^"]*)"/.exec(html)?.[1] ?? 'of unknown version';
  const site = await serve({ root, port: 0, headers: false });
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  // It asks a third party where the reader is, reports to another, and refuses to start when it is half a year old
  await context.route(
    (url) => url.origin !== new URL(site.url).origin,
    (route) => route.abort(),
  );
  const fresh = html
    .replace(/(name="version" content=")[^"]*/, '$10.0.0')
    .replace(/(name="date" content=")[^"]*/, `$1${new Date().toISOString().slice(0, 19).replace('T', ' ')}`);
  await context.route(site.url, (route) => route.fulfill({ contentType: 'text/html', body: fresh }));
  await context.addCookies([{ name: 'consent', value: '1', url: site.url }]);
  // It takes eval away from the page, by which the page is asked for its times
  await context.addInitScript(() => {
    const { eval: kept } = globalThis;
    Object.defineProperty(globalThis, 'eval', { get: () => kept, set: () => undefined });
  });
  const page = await context.newPage();

  async function open(file) {
    await page.goto(site.url);
    await page.waitForFunction(() => document.body.className === 'welcome');
    await page.evaluate(watchReading);
    await page.setInputFiles('#open-file-dialog', file);
    await page.waitForFunction(() => globalThis.netronTimes.shownMs !== undefined, undefined, {
      timeout: patienceMs,
    });
    const { readMs, shownMs } = await page.evaluate(() => globalThis.netronTimes);
    const marks = await page.locator('#canvas .node').count();
    if (marks === 0) throw new Error('Netron shows no node.');
    return { readMs, showMs: shownMs - readMs, marks };
  }

  return {
    name: `Netron ${version}`,
    page,
    open,
    pan: (dragMs) => dragDown(page, page.locator('#target'), dragMs),
    close: async () => {
      await context.close();
      await site.close();
    },
  };
}

/** Netron's number in words, behind ours: `Netron 9.3.3 12 ms`. */
export const besideNetron = (netron, value, unit, digits = 1) =>
  netron ? `${netron.name}: ${rounded(value, digits)} ${unit}` : withoutNetron;

/** Takes the time of its reading of a file, and of the whole way to the drawing's second frame. */
function watchReading() {
  const view = globalThis.__view__;
  const factory = view._modelFactoryService;
  const times = {};
  const read = factory.open.bind(factory);
  factory.open = async (context) => {
    const startedAt = performance.now();
    const model = await read(context);
    times.readMs = performance.now() - startedAt;
    return model;
  };
  const open = view.open.bind(view);
  view.open = async (context) => {
    const startedAt = performance.now();
    const model = await open(context);
    await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    times.shownMs = performance.now() - startedAt;
    return model;
  };
  globalThis.netronTimes = times;
}
