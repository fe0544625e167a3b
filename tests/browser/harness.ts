/**
 * What every browser test shares: the built site on a local server, a Chromium, and pages that fail their test
 * when anything unexpected happens in them. A test file is one process: it gets one browser of each kind and one
 * server of each kind, made on first use and closed when the file ends.
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, type TestContext } from 'node:test';
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Locator,
  type Page,
} from 'playwright-core';
import { serve } from '../../scripts/serve.ts';
import { chromiumPath, dist, webgpuFlags } from './built-site.ts';

export { builtPages, dist, type BuiltPage } from './built-site.ts';

/** The themes that every page has to look right in. */
export const themes = ['light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/** How a figure says where it stands, in its `data-status` attribute. */
export type FigureStatus = 'idle' | 'loading' | 'ready' | 'running' | 'failed';

export interface PageOptions {
  /** Preferred colour scheme; default light. */
  theme?: Theme;
  /** Viewport width in CSS pixels; default 1440. */
  width?: number;
  /** Viewport height in CSS pixels; default 900. */
  height?: number;
  /** Fail the test on console warnings, page errors, failed requests and requests to other hosts; default true. */
  watch?: boolean;
  /** Problems that this test provokes on purpose: any problem matching one of these does not count. */
  expected?: readonly RegExp[];
  /** Use the Chromium whose WebGPU runs on SwiftShader; default false. */
  webgpu?: boolean;
  /** Serve with the isolation headers (threads possible); default true. */
  headers?: boolean;
  /** Address of another server that counts as the site; default the built site's own. */
  site?: string;
  /** Script that runs in the page before any of its own. */
  before?: () => void;
  /** More settings of the browser context (JavaScript off, reduced motion, forced colours …). */
  context?: BrowserContextOptions;
}

/** A page with the problems seen in it so far; the list is asserted empty when the test ends. */
export interface WatchedPage extends Page {
  readonly problems: string[];
}

const closers: (() => Promise<unknown>)[] = [];
const once = new Map<string, Promise<unknown>>();

after(async () => {
  for (const close of closers.reverse()) await close();
});

/** The value made by `make` for this key, made at most once in this process. */
export function shared<T>(
  key: string,
  make: () => Promise<T>,
  close: (value: T) => Promise<unknown>,
): Promise<T> {
  let value = once.get(key) as Promise<T> | undefined;
  if (!value) {
    value = make().then((made) => {
      closers.push(() => close(made));
      return made;
    });
    once.set(key, value);
  }
  return value;
}

/** A headless Chromium shared by the tests of this file, with WebGPU on SwiftShader if asked for. */
export function launchChromium({ webgpu = false }: { webgpu?: boolean } = {}): Promise<Browser> {
  return shared(
    `chromium ${webgpu}`,
    () => chromium.launch({ executablePath: chromiumPath(), args: webgpu ? webgpuFlags : [] }),
    (browser) => browser.close(),
  );
}

/** Address of the built site on a local server, without a slash at the end. */
export async function siteUrl({ headers = true }: { headers?: boolean } = {}): Promise<string> {
  assert.ok(existsSync(join(dist, 'index.html')), 'dist/ is missing: run npm run build first');
  const site = await shared(
    `site ${headers}`,
    async () => serve({ root: dist, port: 0, base: process.env.BASE_PATH ?? '', headers }),
    async (server) => server.close(),
  );
  return site.url.replace(/\/$/, '');
}

/**
 * An empty page in a context of its own, closed when the test ends. Unless `watch` is false, the test fails if the page
 * warned, threw, missed a file or talked to another host.
 */
export async function openBlank(t: TestContext, options: PageOptions = {}): Promise<WatchedPage> {
  const {
    theme = 'light',
    width = 1440,
    height = 900,
    watch = true,
    expected = [],
    webgpu,
    headers,
  } = options;
  const site = options.site ?? (await siteUrl({ headers }));
  const browser = await launchChromium({ webgpu });
  const context = await browser.newContext({
    colorScheme: theme,
    viewport: { width, height },
    ...options.context,
  });
  if (options.before) await context.addInitScript(options.before);
  const page = await context.newPage();
  const problems = watchProblems(context, page, site);
  t.after(async () => {
    const address = page.url().replace(site, '');
    await context.close();
    const unexpected = problems.filter((problem) => !expected.some((pattern) => pattern.test(problem)));
    if (watch) assert.deepEqual(unexpected, [], `problems on ${address}`);
  });
  return Object.assign(page, { problems });
}

/** Opens a page of the built site, watched like `openBlank`. */
export async function openPage(
  t: TestContext,
  path: string,
  options: PageOptions = {},
): Promise<WatchedPage> {
  const page = await openBlank(t, options);
  await page.goto((await siteUrl({ headers: options.headers })) + path, { waitUntil: 'load' });
  return page;
}

// What Chromium itself writes when a page merely asks whether there is a graphics card; no page can silence it
const browserNoise = [/^No available adapters\.$/];

/** Collects everything in a page that a reader should never meet. */
function watchProblems(context: BrowserContext, page: Page, site: string): string[] {
  const problems: string[] = [];
  let closing = false;
  const origin = new URL(site).origin;
  const isOurs = (url: string) => url.startsWith(origin) || /^(data|blob|about|chrome-error):/.test(url);
  page.on('close', () => (closing = true));
  page.on('console', (message) => {
    if (browserNoise.some((pattern) => pattern.test(message.text()))) return;
    if (['warning', 'error', 'assert'].includes(message.type()))
      problems.push(`console ${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`page error: ${error.message}`));
  context.on('request', (request) => {
    if (!isOurs(request.url())) problems.push(`third party: ${request.url()}`);
  });
  context.on('requestfailed', (request) => {
    // A request that its own page cancels (navigation, an aborted fetch) is no fault of the site.
    const reason = request.failure()?.errorText ?? 'unknown reason';
    if (!closing && reason !== 'net::ERR_ABORTED')
      problems.push(`request failed: ${request.url()} (${reason})`);
  });
  context.on('response', (response) => {
    if (response.status() >= 400) problems.push(`status ${response.status()}: ${response.url()}`);
  });
  return problems;
}

/**
 * Resolves when the figure's `data-status` is the wanted one, also across a reload; fails early, with the figure's own
 * words, if the figure failed.
 */
export async function waitForStatus(
  figure: Locator,
  status: FigureStatus,
  timeoutMs = 60_000,
): Promise<void> {
  const reached = figure.page().locator(`[data-status="${status}"], [data-status="failed"]`);
  await figure.and(reached).waitFor({ state: 'attached', timeout: timeoutMs });
  const now = await figure.getAttribute('data-status');
  assert.equal(now, status, `figure is ${String(now)} and says: ${(await figure.innerText()).slice(0, 600)}`);
}

/** Runs `work` on every item, at most `limit` at a time; the results keep the items' order. */
export async function eachAtMost<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const lane = async () => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane));
  return results;
}

/** Pauses the run that a lab has begun, takes one step by its button, waits until it is taken, and calls the run off. */
export async function pauseStepCancel(page: Page, lab: Locator, timeout: number): Promise<void> {
  await lab.locator('[data-action="pause"]').click({ timeout });
  await lab.locator('[data-action="resume"]').waitFor();
  const focused = () =>
    page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset['action'] ?? 'lost');
  assert.equal(await focused(), 'resume', 'the button that was pressed has gone');
  const stepOf = async () => Number(/step (\d+)/.exec(await lab.locator('.run-steps').innerText())?.[1] ?? 0);
  const before = await stepOf();
  await lab.locator('[data-action="step"]').click();
  await page.waitForFunction((at) => {
    const text = document.querySelector('.run-steps')?.textContent ?? '';
    return Number(/step (\d+)/.exec(text)?.[1] ?? 0) > at;
  }, before);
  await lab.locator('[data-action="cancel"]').click();
  await waitForStatus(lab, 'idle', timeout);
  assert.equal(await focused(), 'run');
}
