import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PagefindRecord } from '../../../../src/site/search/pagefind-module.ts';
import { dropFillers, rankRecords, readWords } from '../../../../src/site/search/rank.ts';

const record = (url: string, meta: PagefindRecord['meta'], content = ''): PagefindRecord => ({
  url,
  meta,
  content,
  excerpt: '',
});
const order = (query: string, records: PagefindRecord[]) =>
  rankRecords(
    query,
    records,
    records.map(() => 1),
  ).map(({ record: { url } }) => url);

test('a chapter on a thing comes before its entry, the entry before a mention', () => {
  const heading = record('heading', { kind: 'chapter', title: 'Gradual unfreezing' });
  const entry = record('entry', { kind: 'term', term: 'gradual unfreezing' });
  const mention = record(
    'mention',
    { kind: 'chapter', title: 'Choosing' },
    'then try gradual unfreezing of layers',
  );
  assert.deepEqual(order('gradual unfreezing', [mention, entry, heading]), ['heading', 'entry', 'mention']);
});

test('words side by side count more than words apart', () => {
  const apart = record(
    'apart',
    { kind: 'chapter', title: 'A' },
    'few pictures were seen before the many new examples came',
  );
  const together = record('together', { kind: 'chapter', title: 'B' }, 'with few examples');
  assert.deepEqual(order('few examples', [apart, together]), ['together', 'apart']);
});

test('an author finds the work', () => {
  const mention = record('mention', { kind: 'chapter', title: 'A' }, 'Shimodaira showed');
  const work = record('work', { kind: 'work', term: 'Improving inference', authors: 'Hidetoshi Shimodaira' });
  assert.deepEqual(order('shimodaira', [mention, work]), ['work', 'mention']);
});

test('words are letters, digits and underscores; fillers go unless nothing else is there', () => {
  assert.deepEqual(readWords('What is nn.Linear(requires_grad_)?'), [
    'what',
    'is',
    'nn',
    'linear',
    'requires_grad_',
  ]);
  assert.deepEqual(dropFillers(['what', 'is', 'freezing']), ['freezing']);
  assert.deepEqual(dropFillers(['to', 'be']), ['to', 'be']);
});
