/** Every internal link, file and anchor that a built page names exists; read from the HTML, no browser needed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { builtPages, dist } from './built-site.ts';
import { brokenLinks, parsePage } from './links.ts';

test('every internal link and anchor leads somewhere', () => {
  const pages = builtPages();
  assert.ok(pages.length >= 5, `expected the pages of a site, found ${pages.length}`);
  assert.deepEqual(brokenLinks(pages, dist, (process.env.BASE_PATH ?? '').replace(/\/$/, '')), []);
});

test('no page repeats an id', () => {
  const repeated = builtPages().flatMap((page) => {
    const ids = parsePage(page).flatMap(({ id }) => (id === '' ? [] : [id]));
    return ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${page.path}#${id}`);
  });
  assert.deepEqual(repeated, []);
});
