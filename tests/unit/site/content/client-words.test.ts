import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { areasIn, pruneWords } from '../../../../src/site/content/client-words.ts';

test('areas are read from keys, whether literal, chosen or composed', () => {
  const source = "t('lens.title'); t(isDark ? 'theme.dark' : 'theme.light'); t(`state.${name}`);";
  assert.deepEqual(areasIn(source), ['lens', 'theme', 'theme', 'state']);
});

test('words of other areas are left out, those of the given ones stay as they are', () => {
  const table = readFileSync('src/site/strings.ts', 'utf8');
  const keysOf = (source: string) => [...source.matchAll(/^ {2}'([\w.-]+)':/gm)].map(([, key = '']) => key);
  const pruned = pruneWords(table, new Set(['lens', 'search']));
  assert.deepEqual(
    keysOf(pruned),
    keysOf(table).filter((key) => /^(lens|search)\./.test(key)),
  );
  assert.ok(pruned.includes('export function t'));
  assert.equal(pruneWords(table, new Set(keysOf(table).map((key) => key.split('.')[0] ?? ''))), table);
});
