// A drawing of 5,000 operators in the built site: how long it takes to be laid out, and how smoothly a mouse drags it; Netron beside it.
import { chromium } from 'playwright-core';
import { serve } from '../scripts/serve.ts';
import { builtPages, chromiumPath, dist } from '../tests/browser/built-site.ts';
import { buildChain } from '../tests/fixtures/onnx/chain.ts';
import { dragDown } from './drag.mjs';
import { besideNetron, startNetron } from './netron.mjs';
import { atMost, rounded } from './row.mjs';

const operators = 5000;
const dragMs = 3000;

/** Rows `lay out 5,000 nodes` (from the press to the first frame with boxes) and `pan 5,000 nodes` (median and 95th percentile of frames). */
export async function measure() {
  const path = builtPages().find(({ html }) => html.includes('<thaw-own-model'))?.path;
  if (!path) throw new Error('No page of the built site holds the figure for a reader’s own network.');
  const site = await serve({ root: dist, port: 0, headers: true });
  const browser = await chromium.launch({ executablePath: chromiumPath() });
  const file = {
    name: 'chain.onnx',
    mimeType: 'application/octet-stream',
    buffer: Buffer.from(buildChain(operators)),
  };
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(site.url.replace(/\/$/, '') + path);
    const figure = page.locator('thaw-own-model');
    await figure.locator('[data-part="file"]').setInputFiles(file);
    await figure.locator('g.box').first().waitFor();
    const layoutMs = await page.evaluate(openAll);
    const scroll = figure.locator('[data-part="scroll"]');
    await scroll.evaluate((box) => box.scrollIntoView({ block: 'center' }));
    const ours = await dragDown(page, scroll, dragMs);
    await page.close();
    const theirs = await measureNetron(browser, file);
    const { frames, drags, movedPx } = ours;
    const note = `${frames} frames, ${drags} drags, ${movedPx} px in ${dragMs / 1000} s`;
    return [
      atMost(
        'lay out 5,000 nodes',
        rounded(layoutMs, 0),
        'ms',
        2000,
        `laid out in a worker, from the press to the frame that shows them; ${besideNetron(theirs, theirs?.showMs, 'ms from the model it has read to that frame', 0)}`,
      ),
      atMost(
        'pan 5,000 nodes: median frame',
        rounded(ours.medianMs, 1),
        'ms',
        20,
        `${note}; ${besideNetron(theirs, theirs?.medianMs, 'ms')}`,
      ),
      atMost(
        'pan 5,000 nodes: 95th percentile',
        rounded(ours.slowMs, 1),
        'ms',
        34,
        `${note}; ${besideNetron(theirs, theirs?.slowMs, 'ms')}`,
      ),
    ];
  } finally {
    await browser.close();
    await site.close();
  }
}

/** The same file in Netron: laid out, and dragged by the same hand. */
async function measureNetron(browser, file) {
  const netron = await startNetron(browser);
  if (!netron) return undefined;
  try {
    const { showMs } = await netron.open(file);
    return { name: netron.name, showMs, ...(await netron.pan(dragMs)) };
  } finally {
    await netron.close();
  }
}

/** Opens every box, as a press on "Operators" does; milliseconds until the frame after the drawing has grown. */
async function openAll() {
  const radio = document.querySelector('thaw-own-model input[value="operators"]');
  const map = document.querySelector('thaw-own-model [data-part="map"]');
  const before = map.getAttribute('height');
  const startedAt = performance.now();
  radio.click();
  do await new Promise(requestAnimationFrame);
  while (map.getAttribute('height') === before);
  await new Promise(requestAnimationFrame);
  return performance.now() - startedAt;
}
