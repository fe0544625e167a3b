import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cutRecords } from '../../../../src/site/search/records.ts';

const page = (main: string, head = '') =>
  `<!doctype html><html lang="en"><head><meta name="description" content="What it says."/>${head}</head><body><nav>menu</nav><main><h1>Approaches</h1>${main}</main></body></html>`;
const textOf = (record: { parts: { text: string }[] } | undefined) =>
  record?.parts.map(({ text }) => text).join(' | ');

test('a page is cut at its headings, whatever they are wrapped in', () => {
  const records = cutRecords(
    page(
      '<p>Before.</p><div class="sl-heading-wrapper"><h2 id="cost">Cost</h2><a class="sl-anchor-link" href="#cost">#</a></div><p>MACs.</p><div><h3 id="time">Time</h3><p>Seconds.</p></div>',
    ),
    '/course/approaches/',
  );
  assert.deepEqual(
    records.map(({ url, title, kind }) => [url, title, kind]),
    [
      ['/course/approaches/', 'Approaches', 'chapter'],
      ['/course/approaches/#cost', 'Cost', 'chapter'],
      ['/course/approaches/#time', 'Time', 'chapter'],
    ],
  );
  assert.equal(textOf(records[0]), 'What it says. | Before.');
  assert.equal(textOf(records[1]), 'MACs.');
});

test('captions and hidden answers are read, controls and drawings are not', () => {
  const [record] = cutRecords(
    page(
      '<figure><svg><text>drawn</text></svg><button>Run</button><label>Speed</label><figcaption>Half as many.</figcaption></figure>' +
        '<details><summary>Show</summary><p>The answer is ice.</p></details><form>field</form><p role="status">ready</p>',
    ),
    '/course/approaches/',
  );
  const text = textOf(record) ?? '';
  assert.match(text, /Half as many\./);
  assert.match(text, /The answer is ice\./);
  assert.doesNotMatch(text, /drawn|Run|Speed|field|ready/);
});

test('code is a part of low weight, its names parted from its signs', () => {
  const [record] = cutRecords(
    page('<p>Text.</p><pre><code>net.requires_grad_(False)</code></pre>'),
    '/course/x/',
  );
  const code = record?.parts.find(({ weight }) => weight < 1);
  assert.deepEqual(code?.text.split(/\s/).filter(Boolean), ['net', '.', 'requires_grad_', '(', 'False', ')']);
});

test('terms and works are records of their own', () => {
  const records = cutRecords(
    page(
      '<section class="term-entry" id="head"><h2 id="head-name"><a href="#head">head</a></h2><p>The last layers.</p></section>' +
        '<ol><li class="work" id="a2000"><p>Ada Adams, Bo Berg (2000). <a href="https://x.example">On heads</a>. Venue.</p></li></ol>',
    ),
    '/reference/glossary/',
  );
  const [, term, work] = records;
  assert.deepEqual(
    [term?.kind, term?.url, term?.title, textOf(term)],
    ['term', '/reference/glossary/#head', 'head', 'The last layers.'],
  );
  assert.deepEqual(
    [work?.kind, work?.url, work?.title, work?.authors],
    ['work', '/reference/glossary/#a2000', 'On heads', 'Ada Adams, Bo Berg'],
  );
});

test('a formula is read as its signs, once', () => {
  const formula =
    '<span class="katex"><span class="katex-mathml"><math><annotation>\\hat{x}</annotation></math></span><span class="katex-html" aria-hidden="true">x̂</span></span>';
  assert.equal(
    textOf(cutRecords(page(`<p>Let ${formula} be.</p>`), '/course/x/')[0]),
    'What it says. | Let x̂ be.',
  );
});

test('a page that says so, and the page for what is missing, stay out', () => {
  assert.deepEqual(cutRecords(page('<p>x</p>', '<meta name="robots" content="noindex">'), '/a/'), []);
  assert.deepEqual(cutRecords(page('<p>x</p>'), '/404.html'), []);
});
