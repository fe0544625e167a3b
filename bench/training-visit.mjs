// What a reader of the built site's freeze lab waits for: the first step when everything is stored, and a whole small task.
import { chromium } from 'playwright-core';
import { serve } from '../scripts/serve.ts';
import { builtPages, chromiumPath, dist } from '../tests/browser/built-site.ts';
import { atMost, median, rounded } from './row.mjs';

const visits = 5;

/** Rows `start to first step` and `head task 5×5`: five classes with five examples each, evaluations among it, from press to result. */
export async function measureLab() {
  const site = await serve({ root: dist, headers: true });
  const browser = await chromium.launch({ executablePath: chromiumPath() });
  const starts = [];
  const tasks = [];
  try {
    const page = await (await browser.newContext()).newPage();
    const { path } = builtPages().find(({ html }) => html.includes('<thaw-freeze-lab'));
    await page.goto(new URL(path.slice(1), site.url).href);
    await wakeLab(page);
    await pressAndWait(page);
    for (let visit = 0; visit < visits; visit += 1) {
      await page.reload({ waitUntil: 'networkidle' });
      await wakeLab(page);
      const { firstStepMs } = await pressAndWait(page);
      const { readyMs } = await pressAndWait(page);
      starts.push(firstStepMs);
      tasks.push(readyMs);
    }
  } finally {
    await browser.close();
    await site.close();
  }
  const note = (from) =>
    `${from}; the lab of the built site, threads as its probe chose, median of ${visits} visits`;
  return [
    atMost(
      'start to first step',
      rounded(median(starts), 0),
      'ms',
      1000,
      note('aim 500; everything stored, worker not started'),
    ),
    atMost(
      'head task 5×5',
      rounded(median(tasks), 0),
      'ms',
      3000,
      note('aim 1000; 40 steps and their evaluations, network loaded'),
    ),
  ];
}

async function wakeLab(page) {
  const lab = page.locator('thaw-freeze-lab');
  await lab.scrollIntoViewIfNeeded();
  await lab.hover();
  await page.waitForFunction(() => customElements.get('thaw-freeze-lab') !== undefined);
}

/** Milliseconds from the press of “Train” to the first step that is shown, and to the end. */
function pressAndWait(page) {
  return page.locator('thaw-freeze-lab').evaluate((lab) => {
    const startedAt = performance.now();
    let firstStepMs;
    return new Promise((resolve, reject) => {
      const look = () => {
        const { status } = lab.dataset;
        if (status === 'failed') reject(new Error(lab.innerText.slice(0, 500)));
        if (status === 'running' && firstStepMs === undefined) {
          const text = lab.querySelector('.run-steps')?.textContent ?? '';
          if (Number(/step (\d+)/.exec(text)?.[1] ?? 0) > 0) firstStepMs = performance.now() - startedAt;
        }
        if (status !== 'ready' || performance.now() - startedAt < 5) return;
        watcher.disconnect();
        const readyMs = performance.now() - startedAt;
        resolve({ firstStepMs: firstStepMs ?? readyMs, readyMs });
      };
      const watcher = new MutationObserver(look);
      watcher.observe(lab, { attributes: true, childList: true, subtree: true, characterData: true });
      lab.querySelector('[data-action="run"]').click();
    });
  });
}
