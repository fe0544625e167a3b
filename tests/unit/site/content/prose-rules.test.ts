/** Prose is prose: no code around it, nothing that a base path would break, no term or work that hangs in the air. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';

const read = (file: string) => readFileSync(file, 'utf8');
const pages = globSync('content/**/*.{md,mdx}');
const terms = globSync('content/glossary/*.md').map((file) => file.replace(/^.*\/|\.md$/g, ''));
const works = (parse(read('content/bibliography.yaml')) as { id: string }[]).map(({ id }) => id);

/** The text of a page as MDX reads it, without code and formulas. */
function proseOf(source: string): string {
  return source
    .replace(/^---\n[^]*?\n---\n/, '')
    .replace(/^([ \t]*)(`{3,})[^]*?^\1\2[ \t]*$/gm, '')
    .replace(/(`+)[^`\n](?:.*?[^`\n])?\1/g, '')
    .replace(/\$\$[^]*?\$\$|\$[^$\n]+\$/g, '');
}

test('no page imports, computes or styles anything', () => {
  assert.ok(pages.length > 70, `only ${pages.length} pages were read`);
  for (const file of pages) {
    const prose = proseOf(read(file));
    assert.doesNotMatch(prose, /^(import|export)\s/m, `${file} holds an import`);
    assert.doesNotMatch(prose, /\bstyle=|<(style|script)\b/, `${file} holds a style or a script`);
    assert.doesNotMatch(prose.replace(/\\[{}]/g, ''), /\{(?!\/\*)/, `${file} holds an expression`);
  }
});

test('links inside the site are relative', () => {
  for (const file of pages) assert.doesNotMatch(proseOf(read(file)), /\]\(\/|href="\//, file);
});

test('what terms and works point to exists, and every work is cited', () => {
  const text = pages.map(read).join('\n');
  for (const file of globSync('content/glossary/*.md')) {
    const { see = [], cites = [] } = parse(read(file).split('---')[1] ?? '') as Record<string, string[]>;
    for (const id of see) assert.ok(terms.includes(id), `${file} points to the term ${id}`);
    for (const id of cites) assert.ok(works.includes(id), `${file} cites ${id}`);
  }
  for (const id of works) assert.match(text, new RegExp(`\\b${id}\\b`), `${id} is cited nowhere`);
});
