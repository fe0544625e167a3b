// A scripted drag of a drawing by the mouse, and the frames that the page gets meanwhile.
import { median } from './row.mjs';

/** Drags what scrolls in `scroll` upwards for a while, again and again: median and 95th percentile of the frames, and what was moved. */
export async function dragDown(page, scroll, dragMs) {
  const { x, y, width, height } = await scroll.boundingBox();
  const beforePx = await scroll.evaluate((box) => box.scrollTop);
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
  const movedPx = (await scroll.evaluate((box) => box.scrollTop)) - beforePx;
  if (Math.abs(movedPx) < 1000) throw new Error(`The drag moved the drawing by ${movedPx} pixels only.`);
  return {
    medianMs: median(times),
    slowMs: times[Math.floor(times.length * 0.95)],
    frames: times.length,
    drags,
    movedPx: Math.round(Math.abs(movedPx)),
  };
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
