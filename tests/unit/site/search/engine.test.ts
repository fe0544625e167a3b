import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findSections, readExcerpt, type EnginePorts } from '../../../../src/site/search/engine.ts';
import type { PagefindRecord } from '../../../../src/site/search/pagefind-module.ts';

/** An index in memory: a record is found by a query all of whose words it holds. */
function createPorts(records: Record<string, string>, words: string[] = []) {
  const asked: string[] = [];
  const ports: EnginePorts = {
    pagefind: {
      options: () => Promise.resolve(),
      search: (query) => {
        asked.push(query);
        const held = Object.entries(records).filter(([, text]) =>
          query.split(' ').every((word) => text.toLowerCase().includes(word)),
        );
        const results = held.map(([url, content]) => {
          const data: PagefindRecord = {
            url,
            content,
            excerpt: content,
            meta: { kind: 'chapter', title: url, page: 'Page' },
          };
          return { id: url, score: 1, data: () => Promise.resolve(data) };
        });
        return Promise.resolve({ results });
      },
    },
    loadWords: () => {
      asked.push('(word list)');
      return Promise.resolve(new Map(words.map((word) => [word, 1])));
    },
  };
  return { ports, asked };
}

const many = Object.fromEntries(['a', 'b', 'c', 'd'].map((id) => [`/p/#${id}`, `frozen layers ${id}`]));

test('sections are grouped by page, and the word list stays away while all is well', async () => {
  const { ports, asked } = createPorts({ ...many, '/q/#e': 'frozen layers' });
  const { groups, count, suggestion } = await findSections('the frozen layers', ports);
  assert.deepEqual(groups.map(({ hits }) => hits.length).sort(), [1, 4]);
  assert.equal(count, 5);
  assert.equal(suggestion, undefined);
  assert.deepEqual(asked, ['frozen layers']);
});

test('a mistyped query is answered in its better spelling, and says so', async () => {
  const { ports } = createPorts({ '/a/': 'negative transfer' }, ['negative', 'transfer']);
  const answer = await findSections('negitive transfer', ports);
  assert.equal(answer.suggestion, 'negative transfer');
  assert.equal(answer.searched, 'negative transfer');
  assert.equal(answer.groups[0]?.hits[0]?.url, '/a/');
});

test('where no section holds all words, those that hold most are shown', async () => {
  const { ports } = createPorts({ '/a/': 'frozen layers', '/b/': 'ice' }, ['frozen', 'layers', 'bicycle']);
  const answer = await findSections('frozen layers bicycle', ports);
  assert.equal(answer.groups[0]?.hits[0]?.url, '/a/');
});

test('nothing found is an answer too, and a lost word list does no harm', async () => {
  const { ports } = createPorts({});
  ports.loadWords = () => Promise.reject(new Error('offline'));
  assert.deepEqual(await findSections('xyzzy', ports), {
    groups: [],
    count: 0,
    suggestion: undefined,
    searched: 'xyzzy',
  });
});

test('an excerpt is read as text: marks become runs, entities become signs', () => {
  assert.deepEqual(readExcerpt('a &lt;b&gt; <mark>frozen</mark> &amp;amp;'), [
    { text: 'a <b> ', isFound: false },
    { text: 'frozen', isFound: true },
    { text: ' &amp;', isFound: false },
  ]);
});

test('an excerpt leaves out the title above it and shows code as written', async () => {
  const { ports } = createPorts({ '/a/': '/a/. torch . manual_seed ( 0 ) seeds' });
  const { groups } = await findSections('seeds', ports);
  assert.equal(groups[0]?.hits[0]?.excerpt.map(({ text }) => text).join(''), 'torch.manual_seed(0) seeds');
});

test('a section that holds none of the words is no answer', async () => {
  const { ports } = createPorts({ '/a/': 'frozen' });
  const { results } = await ports.pagefind.search('frozen');
  ports.pagefind.search = () => Promise.resolve({ results });
  assert.equal((await findSections('xyzzy', ports)).count, 0);
});
