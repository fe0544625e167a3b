/** Opening the lenses of language networks on the built site. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Locator } from 'playwright-core';
import {
  builtPages,
  openBlank,
  siteUrl,
  waitForStatus,
  type PageOptions,
  type WatchedPage,
} from './harness.ts';

const chapter = '/course/pytorch-nlp/';

/** A lens of chapter 8, scrolled to; `query` are its own keys in the address. */
export async function openTextLens(
  t: TestContext,
  tag: 'thaw-bert-lens' | 'thaw-gpt-lens',
  { query = [], ...options }: PageOptions & { query?: [key: string, value: string][] } = {},
): Promise<{ page: WatchedPage; lens: Locator; part: (name: string) => Locator }> {
  const page = await openBlank(t, options);
  const { html = '' } = builtPages().find(({ path }) => path === chapter) ?? {};
  // Keys of figures behind the first carry their number
  const place = html.slice(0, html.indexOf(`<${tag}`)).split(/<thaw-[^>]*\sdata-address/).length;
  const keys = query.map(([key, value]) => [place > 1 ? `${place}-${key}` : key, value]);
  await page.goto(`${await siteUrl()}${chapter}?${new URLSearchParams(keys).toString()}`.replace(/\?$/, ''));
  const lens = page.locator(tag);
  await lens.scrollIntoViewIfNeeded();
  return { page, lens, part: (name) => lens.locator(`[data-part="${name}"]`) };
}

/** Waits until a part of the lens says something and the lens has read what stands in its fields. */
export async function settled(lens: Locator, part: string, says: RegExp): Promise<void> {
  await lens.locator(`[data-part="${part}"]`).filter({ hasText: says }).waitFor({ timeout: 30_000 });
  await waitForStatus(lens, 'ready', 30_000);
}

/** A started lens keeps to its width, and says a sentence to texts that are odd, empty or too long; ends ready. */
export async function takesBadTexts(lens: Locator): Promise<void> {
  const part = (name: string) => lens.locator(`[data-part="${name}"]`);
  const overflow = await lens.evaluate((figure) => figure.scrollWidth - figure.clientWidth);
  assert.ok(overflow <= 1, `${overflow} pixels too wide`);
  for (const [text, said] of [
    ['🙂🙃', /\[UNK\]/],
    ['', /Nothing to read/],
    ['word '.repeat(20_000), /too long/],
    ['שלום עולם', /\[UNK\]/],
  ] as const) {
    await part('text').fill(text);
    await part('notes').filter({ hasText: said }).waitFor({ timeout: 30_000 });
  }
  await part('text').fill('a\u0000b\u0007 film');
  await part('notes').waitFor({ state: 'hidden' });
  await waitForStatus(lens, 'ready', 30_000);
}
