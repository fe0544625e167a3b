/** The lens in the other browsers: one press, one result, the same answer. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
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

interface Answer {
  status: string;
  names: string[];
  line: string;
  text: string;
}

function assertAnswer({ status, names, line, text }: Answer, expected: string[]): void {
  assert.equal(status, 'ready', text.slice(0, 600));
  assert.equal(names[0], expected[0]);
  assert.match(line, /WebAssembly[^]*\d\s?ms/);
}

/** Runs in the page: presses the button and resolves when the figure is done. */
function runLens(): Promise<Answer> {
  const lens = document.querySelector<HTMLElement>('thaw-resnet-lens');
  if (!lens) throw new Error('no lens on this page');
  return new Promise((resolve) => {
    const look = () => {
      const status = lens.dataset.status ?? '';
      if (status !== 'ready' && status !== 'failed') return;
      observer.disconnect();
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
  });
}
