/** The bar of the first download tells bytes: they grow, never shrink, and end at the size that the button stated. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Locator } from 'playwright-core';
import { openPage, waitForStatus } from './harness.ts';
import { lensOf, lensPages, startButton } from './lens.ts';

const [path = ''] = lensPages();

interface Seen {
  value: number;
  max: number;
  /** Such as "1.2 of 5.9 MB". */
  came: string;
}

/** Everything that the bar showed, each change once. */
function watchBar(lens: Locator): Promise<void> {
  return lens.evaluate((element) => {
    const seen: Seen[] = [];
    Object.assign(globalThis, { seenOfBar: seen });
    const look = () => {
      const bar = element.querySelector('progress');
      const came = element.querySelector('.came')?.textContent ?? '';
      if (bar && seen.at(-1)?.value !== bar.value) seen.push({ value: bar.value, max: bar.max, came });
    };
    new MutationObserver(look).observe(element, { subtree: true, childList: true, attributes: true });
  });
}

test('the bar tells bytes from nothing to the size that the button stated', async (t) => {
  const page = await openPage(t, path);
  const lens = lensOf(page);
  const [stated = ''] = /[\d.]+\s?MB/.exec((await startButton(page).textContent()) ?? '') ?? [];
  assert.notEqual(stated, '');
  await watchBar(lens);
  await startButton(page).click();
  await waitForStatus(lens, 'ready');

  const seen = await page.evaluate(() => (globalThis as unknown as { seenOfBar: Seen[] }).seenOfBar);
  const values = seen.map(({ value }) => value);
  assert.ok(values.length >= 5, `the bar moved ${values.length} times`);
  assert.deepEqual(
    values,
    values.toSorted((a, b) => a - b),
    'it went back',
  );
  const last = seen.at(-1);
  assert.equal(last?.value, last?.max, 'it never filled');
  const plain = (text: string) => text.replaceAll(/\s/gu, ' ');
  for (const { value, came } of seen)
    assert.equal(plain(came), `${(value / 1e6).toFixed(1)} of ${plain(stated)}`);
  assert.equal(await lens.locator('progress').count(), 0, 'the bar stays');
});
