/** No page scrolls sideways, from 400 % zoom on a small screen to a large one, before and after its figures ran. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { startFigures } from './figures.ts';
import { builtPages, eachAtMost, openPage } from './harness.ts';

// 320 px is a 1280 px window at 400 % zoom
const widths = [1920, 1440, 820, 390, 320];

test('no page scrolls sideways between 320 and 1920 px', async (t) => {
  await eachAtMost(builtPages(), 2, async ({ path }) => {
    await t.test(path, async (t) => {
      const page = await openPage(t, path);
      const before = await overflows(page);
      const started = await startFigures(page);
      const after = started > 0 ? await overflows(page) : [];
      const found = [...before, ...after.map((line) => `figures started: ${line}`)];
      assert.equal(found.length, 0, found.join('\n'));
    });
  });
});

async function overflows(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const width of widths) {
    await page.setViewportSize({ width, height: 900 });
    const culprits = await page.evaluate(async () => {
      await document.fonts.ready;
      await new Promise((done) => {
        // A page behind others may get no frames
        requestAnimationFrame(() => requestAnimationFrame(done));
        setTimeout(done, 100);
      });
      const room = document.documentElement.clientWidth;
      const wide = Math.max(document.documentElement.scrollWidth, document.body.scrollWidth);
      if (wide <= room) return undefined;
      // What a scrolling or clipping box holds does not widen the page
      const isHeld = (element: Element): boolean => {
        for (let box = element.parentElement; box && box !== document.body; box = box.parentElement)
          if (getComputedStyle(box).overflowX !== 'visible') return true;
        return false;
      };
      const outside = [...document.querySelectorAll('body *')].filter(
        (element) => element.getBoundingClientRect().right > room + 1 && !isHeld(element),
      );
      const names = outside
        .slice(0, 6)
        .map((element) => `${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''}`);
      return `${wide} px wide, by ${names.join(', ')}`;
    });
    if (culprits) found.push(`at ${width} px: ${culprits}`);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  return found;
}
