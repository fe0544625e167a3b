// A drawing of 5,000 operators in the built site: how long it takes to be laid out, and how smoothly a mouse drags it.
import { chromium } from 'playwright-core';
import { serve } from '../scripts/serve.ts';
import { builtPages, chromiumPath, dist } from '../tests/browser/built-site.ts';
import { buildChain } from '../tests/fixtures/onnx/chain.ts';
import { atMost, median, rounded, withoutNetron } from './row.mjs';

const operators = 5000;
const dragMs = 3000;

/** Rows `lay out 5,000 nodes` (from the press to the first frame with boxes) and `pan 5,000 nodes` (median and 95th percentile of frames). */
export async function measure() {
  const path = builtPages().find(({ html }) => html.includes('<thaw-own-model'))?.path;
  if (!path) throw new Error('No page of the built site holds the figure for a reader’s own network.');
  const site = await serve({ root: dist, port: 0, headers: true });
  const browser = await chromium.launch({ executablePath: chromiumPath() });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(site.url.replace(/\/$/, '') + path);
    const figure = page.locator('thaw-own-model');
    const buffer = Buffer.from(buildChain(operators));
    await figure
      .locator('[data-part="file"]')
      .setInputFiles({ name: 'chain.onnx', mimeType: 'application/octet-stream', buffer });
    await figure.locator('g.box').first().waitFor();
    const layoutMs = await page.evaluate(openAll);
    const scroll = figure.locator('[data-part="scroll"]');
    await scroll.evaluate((box) => box.scrollIntoView({ block: 'center' }));
    const { x, y, width, height } = await scroll.boundingBox();
    const frames = page.evaluate(watchFrames, dragMs);
    const middle = x + width / 2;
    const until = performance.now() + dragMs;
    let drags = 0;
    while (performance.now() < until) {
      await page.mouse.move(middle, y + height - 20);
      await page.mouse.down();
      await page.mouse.move(middle, y + 20, { steps: 30 });
      await page.mouse.up();
      drags += 1;
    }
    const times = (await frames).toSorted((a, b) => a - b);
    const movedPx = await scroll.evaluate((box) => box.scrollTop);
    if (movedPx < 1000) throw new Error(`The drag moved the drawing by ${movedPx} pixels only.`);
    const note = `${times.length} frames, ${drags} drags, ${Math.round(movedPx)} px in ${dragMs / 1000} s; ${withoutNetron}`;
    return [
      atMost(
        'lay out 5,000 nodes',
        rounded(layoutMs, 0),
        'ms',
        2000,
        `laid out in a worker, from the press to the frame that shows them; ${withoutNetron}`,
      ),
      atMost('pan 5,000 nodes: median frame', rounded(median(times), 1), 'ms', 20, note),
      atMost(
        'pan 5,000 nodes: 95th percentile',
        rounded(times[Math.floor(times.length * 0.95)], 1),
        'ms',
        34,
        note,
      ),
    ];
  } finally {
    await browser.close();
    await site.close();
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

/** Milliseconds between the frames of a while. */
async function watchFrames(forMs) {
  const times = [];
  let last = await new Promise(requestAnimationFrame);
  const until = last + forMs;
  while (last < until) {
    const now = await new Promise(requestAnimationFrame);
    times.push(now - last);
    last = now;
  }
  return times;
}
