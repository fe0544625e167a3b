/** The credits name every font, icon set and runtime that the built site carries, with its licence. */
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { FONT_FACES } from '../../scripts/assets/font-table.ts';
import { iconStyles, readIconSet } from '../../scripts/sprites/icon-sets.ts';
import { builtPages, dist } from './built-site.ts';

const html = builtPages().find(({ path }) => path === '/reference/credits/')?.html ?? '';

/** Rows of the table under a heading: title, authors, licence. */
function rowsOf(kind: string): string[][] {
  const table = new RegExp(`<h2[^>]*id="${kind}"[^]*?<tbody[^>]*>([^]*?)</tbody>`).exec(html)?.[1] ?? '';
  return [...table.matchAll(/<tr[^>]*>([^]*?)<\/tr>/g)].map(([, row = '']) =>
    [...row.matchAll(/<td[^>]*>([^]*?)<\/td>/g)].map(([, cell = '']) =>
      cell
        .replaceAll(/<[^>]+>/g, '')
        .replaceAll('&amp;', '&')
        .trim(),
    ),
  );
}

for (const kind of ['fonts', 'icons', 'runtime', 'packages'])
  test(`${kind}: every row names authors and a licence`, () => {
    const rows = rowsOf(kind);
    assert.ok(rows.length > 0, 'the table is empty');
    for (const [title = '', by = '', licence = ''] of rows) {
      assert.ok(by.length > 2, `${title} has no authors`);
      assert.match(licence, /^(OFL-1\.1|MIT|ISC|Apache-2\.0|BSD-\d-Clause|CC-BY(-SA)?-4\.0)\b/, title);
    }
  });

test('every icon set whose pictures the gallery shows is named', () => {
  const titles = rowsOf('icons').map(([title = '']) => title);
  for (const { title } of iconStyles.map(readIconSet))
    assert.ok(
      titles.some((row) => row.startsWith(title)),
      `${title} is missing among ${titles.join(', ')}`,
    );
});

test('every font family of the pages is named, and KaTeX', () => {
  const titles = rowsOf('fonts').map(([title = '']) => title);
  // Packages are called after their family: @fontsource-variable/source-serif-4
  const families = new Set(FONT_FACES.map(({ source }) => source.replace(/^.*\//, '').replaceAll('-', ' ')));
  for (const family of families)
    assert.ok(
      titles.some((row) => row.toLowerCase().startsWith(family)),
      `${family} is missing among ${titles.join(', ')}`,
    );
  assert.match([...rowsOf('fonts'), ...rowsOf('packages')].flat().join(' '), /KaTeX/);
});

test('the runtime is named where its files are shipped', () => {
  assert.ok(globSync(join(dist, 'generated/ort/*')).length > 0, 'no runtime in dist/');
  assert.match(rowsOf('runtime').flat().join(' '), /ONNX Runtime Web/i);
});

test('the full texts travel with the site', () => {
  const file = join(dist, 'generated/third-party-licences.txt');
  assert.ok(existsSync(file));
  const text = readFileSync(file, 'utf8');
  for (const words of [/SIL OPEN FONT LICENSE/i, /Permission is hereby granted, free of charge/])
    assert.match(text, words);
});
