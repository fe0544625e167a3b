import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import katex from 'katex';
import { address } from '../../../../src/site/content/address.ts';
import { readLines } from '../../../../src/site/content/code-blocks.ts';
import { entryId } from '../../../../src/site/content/entry-id.ts';
import { katexOptions } from '../../../../src/site/content/mathematics.ts';
import { buildSidebar } from '../../../../src/site/content/sidebar.ts';
import { wrapTables } from '../../../../src/site/content/tables.ts';
import { citeLabel, describeWork, listAuthors } from '../../../../src/site/content/works.ts';

test('addresses leave the numbers of folders and files out', () => {
  for (const [file, id] of [
    ['course/03-approaches/index.mdx', 'course/approaches'],
    ['course/index.mdx', 'course'],
    ['reference/embed-a-figure.mdx', 'reference/embed-a-figure'],
    ['reference/models/resnet-mixed.mdx', 'reference/models/resnet-mixed'],
    ['index.mdx', 'index'],
  ] as const)
    assert.equal(entryId(file), id);
});

test('an address carries the base path once', () => {
  assert.equal(address('course/idea/', '/'), '/course/idea/');
  assert.equal(address('course/idea/', '/sub'), '/sub/course/idea/');
  assert.equal(address('/course/idea/', '/sub/'), '/sub/course/idea/');
  assert.equal(address('', '/sub'), '/sub/');
});

test('the sidebar lists chapters by their numbers, ten after nine', (context) => {
  const content = mkdtempSync(join(tmpdir(), 'thaw-sidebar-'));
  context.after(() => rmSync(content, { recursive: true }));
  for (const folder of ['10-last', '02-why', '9-ninth', 'drafts'])
    mkdirSync(join(content, 'course', folder), { recursive: true });
  for (const folder of ['10-last', '02-why', '9-ninth'])
    writeFileSync(join(content, 'course', folder, 'index.mdx'), '');
  writeFileSync(join(content, 'course', 'index.mdx'), '');
  assert.deepEqual(buildSidebar(content)[0]?.items, [
    { slug: 'course/why' },
    { slug: 'course/ninth' },
    { slug: 'course/last' },
  ]);
});

test('citations name one author, two, or the first of many', () => {
  const work = { year: 2010, title: 'A survey', venue: 'TKDE' };
  assert.equal(citeLabel({ ...work, authors: ['Stevo Bozinovski'] }), 'Bozinovski 2010');
  assert.equal(citeLabel({ ...work, authors: 'Sinno Pan and Qiang Yang' }), 'Pan and Yang 2010');
  assert.equal(citeLabel({ ...work, authors: ['A B', 'C D', 'E F'] }), 'B et al. 2010');
  assert.equal(citeLabel({ ...work, authors: ['Laurens van der Maaten'] }), 'van der Maaten 2010');
  assert.equal(describeWork(work), 'A survey. TKDE.');
  assert.deepEqual(listAuthors('A B, C D and E F'), ['A B', 'C D', 'E F']);
});

test('formulas know the two colours, and nothing else may carry a class or link', () => {
  const html = katex.renderToString('\\froz{\\theta}+\\train{\\theta}', katexOptions);
  assert.match(html, /eq-frozen/);
  assert.match(html, /eq-trainable/);
  assert.doesNotMatch(katex.renderToString('\\href{https://example.org}{x}', katexOptions), /<a\b/);
  assert.throws(() => katex.renderToString('\\nonsense', { ...katexOptions, throwOnError: true }));
});

test('lines of code are read from ranges', () => {
  assert.deepEqual([...readLines(['4-6,9', ' 12 '])], [4, 5, 6, 9, 12]);
  assert.deepEqual([...readLines(['x', ''])], []);
});

test('every table stands in a box of its own', () => {
  const table = { type: 'element', tagName: 'table', children: [] };
  const tree = { type: 'root', children: [{ type: 'element', tagName: 'section', children: [table] }] };
  wrapTables()(tree);
  const box = (tree.children[0]?.children as { tagName: string; children: unknown[] }[])[0];
  assert.equal(box?.tagName, 'div');
  assert.equal(box.children[0], table);
});

test('cells that Markdown sets to the right carry a class in place of a deprecated attribute', () => {
  const cell = { type: 'element', tagName: 'td', properties: { align: 'right' } };
  const row = { type: 'element', tagName: 'tr', children: [cell] };
  wrapTables()({ type: 'root', children: [{ type: 'element', tagName: 'table', children: [row] }] });
  assert.deepEqual(cell.properties, { className: ['number'] });
});
