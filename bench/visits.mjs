// What a visit to the built site costs a reader who runs the lens: waiting, bytes, memory, and a page that is held up.
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { serve } from '../scripts/serve.ts';
import { chromiumPath, dist, webgpuFlags } from '../tests/browser/built-site.ts';
import { lensPages, startButton } from '../tests/browser/lens.ts';
import { weighVisit } from '../tests/browser/weight.ts';
import { longestTask } from './main-thread.mjs';
import { atMost, median, rounded, told } from './row.mjs';

const visits = 3;

/** Rows of what a reader of the built site waits for, pays and feels: medians of a few visits, cold and warm. */
export async function measureVisits() {
  const all = await visitOften('wasm', []);
  const middle = (of) => median(all.map(of));
  const note = `median of ${visits} visits, resnet-mixed on WASM with the threads that the probe chose`;
  const task = (when) => {
    const { ms, processorMs } = middleTask(all, when);
    return [
      atMost(
        `longest main-thread task, ${when} load and run`,
        ms,
        'ms',
        50,
        `median of ${visits} visits; no task took more than ${processorMs} ms of the processor`,
      ),
      atMost(`the same on the processor, ${when}`, processorMs, 'ms', 50, withoutWaiting),
    ];
  };
  return [
    told(
      'press to result, cold',
      rounded(
        middle(({ cold }) => cold.ms),
        0,
      ),
      'ms',
      note,
    ),
    told(
      'press to result, warm',
      rounded(
        middle(({ warm }) => warm.ms),
        0,
      ),
      'ms',
      note,
    ),
    ...task('cold'),
    ...task('warm'),
    told(
      'memory, asleep',
      rounded(
        middle(({ asleepMB }) => asleepMB),
        0,
      ),
      'MB',
      'of the page’s process',
    ),
    told(
      'memory, after a run',
      rounded(
        middle(({ runMB }) => runMB),
        0,
      ),
      'MB',
      'of the page’s process',
    ),
    told('bytes before the press', rounded(middle(({ readBytes }) => readBytes) / 1e6, 2), 'MB'),
    atMost('bytes to the first result', rounded(middle(({ runBytes }) => runBytes) / 1e6, 2), 'MB', 7),
    atMost(
      'files of network and runtime fetched again, warm',
      middle(({ again }) => again),
      'files',
      0,
    ),
  ];
}

/**
 * What WebGPU costs the main thread, told by its processor time: the stand-in for a card computes on every core, so that the clock says how
 * long a task waited for one.
 */
export async function measureGpuVisits() {
  const all = await visitOften('webgpu', webgpuFlags);
  return ['cold', 'warm'].map((when) => {
    const { ms, processorMs } = middleTask(all, when);
    return atMost(
      `longest main-thread task on the processor, ${when} load and run under WebGPU`,
      processorMs,
      'ms',
      50,
      `median of ${visits} visits; SwiftShader in the place of a card keeps all cores, so the longest lasts ${ms} ms on the clock`,
    );
  });
}

const withoutWaiting = 'without what a task waits for a core that something else keeps';

function middleTask(all, when) {
  const of = (unit) => rounded(median(all.map((one) => one[when].task[unit])), 1);
  return { ms: of('ms'), processorMs: of('processorMs') };
}

/** Each visit is of a browser of its own, so that nothing is compiled or stored and its processes are all this page's. */
async function visitOften(backend, args) {
  const site = await serve({ root: dist, headers: true });
  const all = [];
  try {
    for (let visit = 0; visit < visits; visit += 1) {
      const browser = await chromium.launch({ executablePath: chromiumPath(), args });
      all.push(await visitTwice(browser, site, backend));
      await browser.close();
    }
    return all;
  } finally {
    await site.close();
  }
}

/** One page: asleep, its first run, and the same after a reload. */
async function visitTwice(browser, site, backend) {
  const page = await (await browser.newContext()).newPage();
  const weight = weighVisit(page, site.url);
  await page.goto(new URL(`${lensPages()[0].slice(1)}?backend=${backend}`, site.url).href, {
    waitUntil: 'networkidle',
  });
  const asleepMB = await memoryMB(browser);
  const readBytes = weight().totalBytes;
  const cold = await pressAndWait(browser, page);
  const runMB = await memoryMB(browser);
  const runBytes = weight().totalBytes;
  const fetched = [];
  page.context().on('request', (request) => fetched.push(request.url()));
  await page.reload({ waitUntil: 'networkidle' });
  const warm = await pressAndWait(browser, page);
  const again = fetched.filter((url) => /\.(onnx|wasm|gz)(\?|$)|labels/.test(url)).length;
  return { asleepMB, readBytes, cold, runMB, runBytes, warm, again };
}

/** Milliseconds from the press to the first result, and the longest task until the drawing rests. */
async function pressAndWait(browser, page) {
  await startButton(page).scrollIntoViewIfNeeded();
  // What comes into view is drawn, and seen, before anybody presses
  await page.waitForTimeout(500);
  let ms = 0;
  const task = await longestTask(browser, page, async () => {
    ms = await startButton(page).evaluate((button) => {
      const lens = button.closest('thaw-resnet-lens');
      const startedAt = performance.now();
      return new Promise((resolve, reject) => {
        const look = () => {
          if (lens.dataset.status === 'ready') resolve(performance.now() - startedAt);
          if (lens.dataset.status === 'failed') reject(new Error(lens.innerText));
        };
        new MutationObserver(look).observe(lens, { attributes: true });
        button.click();
      });
    });
    await page.waitForTimeout(1000);
  });
  return { ms, task };
}

/** Memory of the browser's page processes, what they share counted by its share; Linux alone tells. */
async function memoryMB(browser) {
  const devtools = await browser.newBrowserCDPSession();
  const { processInfo } = await devtools.send('SystemInfo.getProcessInfo');
  await devtools.detach();
  const sizes = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => pssKB(id));
  return sizes.reduce((sum, size) => sum + size, 0) / 1000;
}

function pssKB(pid) {
  try {
    return Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
  } catch {
    // The process ended, or this is no Linux
    return 0;
  }
}
