import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { t } from '../../../src/site/strings.ts';

test('a word comes back as it stands, placeholders filled in', () => {
  assert.equal(t('nav.glossary'), 'Glossary');
  assert.equal(t('chapter.number', { number: 3 }), 'Chapter 3');
  assert.equal(t('glossary.count', { count: 2, total: 66 }), '2 of 66 terms');
});

test('every key that a component asks for literally is in the table', () => {
  const table = readFileSync('src/site/strings.ts', 'utf8');
  const known = new Set([...table.matchAll(/^ {2}'([\w.-]+)':/gm)].map(([, key]) => key));
  assert.ok(known.size > 100, `only ${known.size} keys were read from the table`);
  const missing = listFiles('src')
    .filter((file) => /\.(astro|ts|mjs)$/.test(file))
    .flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/\bt\(\s*'([\w.-]+)'/g)]
        .filter(([, key]) => !known.has(key))
        .map(([, key]) => `${file}: ${key}`),
    );
  assert.deepEqual(missing, []);
});

function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
}
