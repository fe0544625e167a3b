import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import subsetFont from 'subset-font';
import { readFontName, renameFont } from '../../../../scripts/assets/font-names.ts';

const RESERVED = /source/i;

test('a renamed font carries our name, its licence, and nothing of the reserved name', async () => {
  const path = createRequire(import.meta.url).resolve(
    '@fontsource-variable/source-sans-3/files/source-sans-3-latin-wght-normal.woff2',
  );
  const sfnt = await subsetFont(await readFile(path), 'abc', {
    targetFormat: 'sfnt',
    variationAxes: { wght: 400 },
  });
  assert.match(readFontName(sfnt, 1) ?? '', RESERVED, 'the source font should carry its own name');
  const renamed = renameFont(sfnt, { family: 'Thaw Sans', style: 'Regular', copyright: 'Copyright Adobe.' });
  assert.equal(readFontName(renamed, 1), 'Thaw Sans');
  assert.equal(readFontName(renamed, 6), 'ThawSans');
  assert.equal(readFontName(renamed, 0), 'Copyright Adobe.');
  for (const id of [1, 2, 3, 4, 5, 6, 16, 17]) assert.doesNotMatch(readFontName(renamed, id) ?? '', RESERVED);
  // The result is a sound font: it can be packed and unpacked again
  const packed = await subsetFont(Buffer.from(renamed), 'ab', { targetFormat: 'woff2' });
  assert.ok(packed.length > 200);
});

test('the sum over the whole renamed file is the one that the format asks for', async () => {
  const path = createRequire(import.meta.url).resolve(
    '@fontsource-variable/source-code-pro/files/source-code-pro-latin-wght-normal.woff2',
  );
  const sfnt = await subsetFont(await readFile(path), 'x', {
    targetFormat: 'sfnt',
    variationAxes: { wght: 400 },
  });
  const renamed = renameFont(sfnt, { family: 'Thaw Code', style: 'Regular', copyright: '' });
  const view = new DataView(renamed.buffer, renamed.byteOffset, renamed.byteLength);
  let sum = 0;
  for (let at = 0; at < renamed.length; at += 4) sum = (sum + view.getUint32(at)) >>> 0;
  assert.equal(sum, 0xb1b0afba);
});
