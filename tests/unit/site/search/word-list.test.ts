import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  countWords,
  readWordList,
  splitWords,
  writeWordList,
} from '../../../../src/site/search/word-list.ts';

test('words are counted in lower case, compounds in parts, possessives without their ending', () => {
  const counts = countWords(['Fine-tuning a network’s head', 'the Head, fine']);
  assert.deepEqual(Object.fromEntries(counts), { fine: 2, tuning: 1, network: 1, head: 2, the: 1 });
});

test('letters with accents belong to a word, digits and underscores do not', () => {
  assert.deepEqual(splitWords('naïve Łukasz layer4 requires_grad'), [
    'naïve',
    'łukasz',
    'layer',
    'requires',
    'grad',
  ]);
});

test('a list survives writing and reading, counts as powers of two', () => {
  const text = writeWordList(
    new Map([
      ['thaw', 40],
      ['ice', 1],
    ]),
  );
  assert.equal(text, 'ice0\nthaw5');
  assert.deepEqual(
    [...readWordList(text)],
    [
      ['ice', 0],
      ['thaw', 5],
    ],
  );
  assert.equal(readWordList('<!doctype html>\n').size, 0);
});
