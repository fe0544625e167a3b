/** The other two ways to hand the lens a picture, asleep and awake: dropping one, and pasting one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Locator } from 'playwright-core';
import { openPage } from './harness.ts';
import { lensOf, lensPages, partOf, wakeLens } from './lens.ts';

const [path = ''] = lensPages();

for (const way of ['drop', 'paste'] as const)
  for (const isAwake of [false, true])
    test(`a picture can be handed over by ${way}, the figure ${isAwake ? 'awake' : 'asleep'}`, async (t) => {
      const page = await openPage(t, path);
      const lens = lensOf(page);
      if (isAwake) await wakeLens(page);
      else await lens.scrollIntoViewIfNeeded();
      await hand(partOf(lens, 'blocks').locator('button').first(), way);
      await lens.locator('.big-pic img.own').waitFor();
      assert.match(await partOf(lens, 'picture').innerText(), /square/);
    });

/** Drops or pastes a drawing of eight by eight pixels on an element that has the focus, as the browser would. */
async function hand(target: Locator, way: 'drop' | 'paste'): Promise<void> {
  await target.evaluate(async (element, type) => {
    const canvas = new OffscreenCanvas(8, 8);
    canvas.getContext('2d')?.fillRect(0, 0, 8, 8);
    const files = new DataTransfer();
    files.items.add(new File([await canvas.convertToBlob()], 'square.png', { type: 'image/png' }));
    const options = { bubbles: true, cancelable: true };
    (element as HTMLElement).focus();
    element.dispatchEvent(
      type === 'drop'
        ? new DragEvent('drop', { ...options, dataTransfer: files })
        : new ClipboardEvent('paste', { ...options, clipboardData: files }),
    );
  }, way);
}
