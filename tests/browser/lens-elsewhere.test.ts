/** The lens in the other browsers: one press, one result, the same answer; and what befalls it there on the way. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openBreakingLine, type BreakingLine } from './environments.ts';
import { openFirefox } from './firefox.ts';
import { siteUrl } from './harness.ts';
import { galleryCase, goldenNames } from './lens-goldens.ts';
import { lensPages } from './lens.ts';
import { openWebKit } from './webkit.ts';

const [path = ''] = lensPages();

test('Firefox runs the lens', async (t) => {
  const page = await openFirefox(t);
  if (typeof page === 'string') {
    t.skip(page);
    return;
  }
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    if (['warn', 'error'].includes(message.type())) problems.push(message.text());
  });
  const { golden, query } = galleryCase();
  await page.goto(`${await siteUrl()}${path}${query}`);
  assertAnswer(await page.evaluate(runLens), goldenNames(golden));
  assert.deepEqual(problems, []);
});

test('WebKitGTK runs the lens', async (t) => {
  const window = await openWebKit(t);
  if (typeof window === 'string') {
    t.skip(window);
    return;
  }
  const { golden, query } = galleryCase();
  await window.goto(`${await siteUrl()}${path}${query}`);
  assertAnswer(await window.evaluate(runLens), goldenNames(golden));
});

/** A page of either browser, as far as these tests use one. */
interface Elsewhere {
  goto: (url: string) => Promise<unknown>;
  evaluate: <T>(work: (...args: never[]) => T | Promise<T>, ...args: unknown[]) => Promise<T>;
}

// How a worker is brought to its end. WebKitGTK's driver did not come to one by close(), so there it fails
for (const [name, open, end] of [
  ['Firefox', openFirefox, 'close()'],
  ['WebKitGTK', openWebKit, 'setTimeout(() => { throw new Error("the end"); })'],
] as const)
  test(`${name}: a wrong byte, a broken line, a worker that ends and a full disk`, async (t) => {
    const opened = await open(t);
    if (typeof opened === 'string') {
      t.skip(opened);
      return;
    }
    const page = opened as unknown as Elsewhere;
    const { golden, query } = galleryCase();
    const expected = goldenNames(golden);
    const site = await siteUrl();
    const line = await openBreakingLine(t, site);
    await page.goto(line.url + path + query);
    await faultsOfTheLine(page, line, expected);

    await t.test(
      'a worker that ends in the middle of the run is started anew, and the figure says so',
      async () => {
        await page.goto(line.url + path + query);
        await page.evaluate(
          putIntoWorker,
          `addEventListener('message', ({ data }) => { if (data.kind === 'run') ${end}; });`,
          1,
        );
        assertAnswer(await page.evaluate(runLens), expected);
        // A worker may finish what it has begun: then the lens's second run finds it gone
        assert.match(
          await page.evaluate(lineSaying, 'started anew'),
          /stopped unexpectedly\. It was started anew by itself/,
        );
      },
    );

    await t.test('with a full disk it runs and says what that costs', async () => {
      // Another address: nothing is stored there yet
      const fresh = await openBreakingLine(t, site);
      await page.goto(fresh.url + path + query);
      await page.evaluate(
        putIntoWorker,
        `Cache.prototype.put = () => Promise.reject(new DOMException('full', 'QuotaExceededError'));`,
        9,
      );
      const answer = await page.evaluate(runLens);
      assertAnswer(answer, expected);
      assert.match(answer.line, /refused to store/);
    });
  });

/** One damaged transfer, then one that breaks, then a good one: a sentence each, and the answer at last. */
async function faultsOfTheLine(page: Elsewhere, line: BreakingLine, expected: string[]): Promise<void> {
  line.damage = /\.onnx/;
  const damaged = await page.evaluate(runLens);
  assert.equal(damaged.status, 'failed');
  assert.match(damaged.text, /is not the one that was expected, so it was not used/);

  assert.doesNotMatch(damaged.text, /arrived and is kept/, 'a wrong file is said to be kept');

  line.damage = undefined;
  line.breakAfter = { pattern: /\.onnx/, bytes: 300_000 };
  const broken = await page.evaluate(runLens);
  assert.equal(broken.status, 'failed');
  assert.match(broken.text, /The connection broke/);

  line.breakAfter = undefined;
  const before = line.requests.length;
  assertAnswer(await page.evaluate(runLens), expected);
  const again = line.requests.slice(before).find((request) => request.path.includes('.onnx'));
  assert.match(again?.range ?? '', /^bytes=\d{6,}-$/, 'the download began anew');
}

/** Runs in the page: puts a script before the runtime's own in so many of the workers that are started from now on. */
function putIntoWorker(script: string, workers: number): void {
  const Plain = Blob;
  let left = workers;
  (globalThis as { Blob: typeof Blob }).Blob = class extends Plain {
    constructor(parts: BlobPart[] = [], options?: BlobPropertyBag) {
      super(options?.type === 'text/javascript' && left-- > 0 ? [script, ...parts] : parts, options);
    }
  };
}

interface Answer {
  status: string;
  names: string[];
  line: string;
  text: string;
}

function assertAnswer({ status, names, line, text }: Answer, expected: string[]): void {
  assert.equal(status, 'ready', text.slice(0, 600));
  assert.equal(names[0], expected[0]);
  assert.match(line, /WebAssembly[^]*\d\s?m?s a picture/);
}

/** Runs in the page: the status line once it says this, or what it says after half a minute. */
function lineSaying(words: string): Promise<string> {
  const line = document.querySelector('thaw-resnet-lens [data-part="line"]');
  return new Promise((resolve) => {
    const startedAt = performance.now();
    const look = () => {
      const text = line?.textContent ?? '';
      if (text.includes(words) || performance.now() - startedAt > 30_000) resolve(text);
      else setTimeout(look, 200);
    };
    look();
  });
}

/** Runs in the page: presses the button and resolves when the figure is done, or with where it stands after 100 seconds. */
function runLens(): Promise<Answer> {
  const lens = document.querySelector<HTMLElement>('thaw-resnet-lens');
  if (!lens) throw new Error('no lens on this page');
  return new Promise((resolve) => {
    const first = lens.dataset.status;
    let hasBegun = false;
    const look = () => {
      const status = lens.dataset.status ?? '';
      hasBegun ||= status !== first;
      if (hasBegun && (status === 'ready' || status === 'failed')) finish(status);
    };
    const finish = (status: string) => {
      observer.disconnect();
      clearInterval(again);
      clearTimeout(end);
      const names = [...lens.querySelectorAll<HTMLElement>('[data-part="top"] .class-name')].map(
        (name) => name.textContent,
      );
      resolve({
        status,
        names,
        line: lens.querySelector('[data-part="line"]')?.textContent ?? '',
        text: lens.textContent,
      });
    };
    const observer = new MutationObserver(look);
    observer.observe(lens, { attributes: true });
    const press = () => lens.querySelector<HTMLButtonElement>('button[data-action="run"]')?.click();
    // WebKit's driver comes back before the page's modules have run
    if (document.readyState === 'complete') press();
    else addEventListener('load', press, { once: true });
    // A driver may press before the page listens
    const again = setInterval(() => {
      if (!hasBegun) press();
    }, 5000);
    const end = setTimeout(() => finish(lens.dataset.status ?? 'without a status'), 100_000);
  });
}
