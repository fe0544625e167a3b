import assert from 'node:assert/strict';
import { test } from 'node:test';
import { charactersOf, writeRanges } from '../../../../scripts/assets/fonts.ts';
import { FONT_FACES } from '../../../../scripts/assets/font-table.ts';
import { writeFallbackRules } from '../../../../src/site/fonts/fallbacks.ts';
import { writeFontHead, type FontList } from '../../../../src/site/fonts/head.ts';

const list: FontList = {
  faces: [
    {
      family: 'Thaw Serif',
      style: 'normal',
      weight: '400 600',
      file: 'thaw-serif.1.woff2',
      unicodeRange: 'U+20-7E',
      preload: true,
    },
    {
      family: 'Thaw Serif',
      style: 'italic',
      weight: '400',
      file: 'thaw-italic.2.woff2',
      unicodeRange: 'U+20-7E',
      preload: false,
    },
  ],
  katexStyle: 'katex.3.css',
};

test('fonts are addressed under the base path, and only the first ones are preloaded', () => {
  for (const [base, folder] of [
    ['/', '/generated/fonts/'],
    ['/sub', '/sub/generated/fonts/'],
    ['/sub/', '/sub/generated/fonts/'],
  ] as const) {
    const head = writeFontHead(list, base);
    const preloads = head
      .filter(({ attrs }) => attrs?.['rel'] === 'preload')
      .map(({ attrs }) => attrs?.['href']);
    assert.deepEqual(preloads, [`${folder}thaw-serif.1.woff2`]);
    const style = head.find(({ tag }) => tag === 'style')?.content ?? '';
    assert.ok(style.includes(`url(${folder}thaw-italic.2.woff2)`));
    assert.ok(head.some(({ attrs }) => attrs?.['href'] === `${folder}katex.3.css`));
  }
});

test('ranges are written as CSS and spelt out as characters', () => {
  assert.equal(
    writeRanges([
      [0x20, 0x7e],
      [0xa0, 0xa0],
    ]),
    'U+20-7E,U+A0',
  );
  assert.equal(
    charactersOf([
      [0x61, 0x63],
      [0x2212, 0x2212],
    ]),
    'abc−',
  );
});

test('the files of one family and style share no character', () => {
  const seen = new Map<string, string>();
  for (const face of FONT_FACES)
    for (const character of charactersOf(face.ranges)) {
      const key = `${face.family} ${face.style} ${character}`;
      assert.equal(seen.get(key), undefined, `${key} stands in ${face.id} and in ${seen.get(key) ?? ''}`);
      seen.set(key, face.id);
    }
});

test('no shipped font is called by the reserved name', () => {
  for (const face of FONT_FACES) assert.doesNotMatch(face.id + face.family, /source/i);
});

test('a stretched system font keeps the line height of ours', () => {
  const serif =
    /'Thaw Serif Fallback';font-style:normal[^}]*size-adjust:([\d.]+)%;ascent-override:([\d.]+)%/.exec(
      writeFallbackRules(),
    );
  assert.ok(serif);
  assert.ok(Math.abs((Number(serif[1]) / 100) * (Number(serif[2]) / 100) - 1.036) < 0.002);
});
