import assert from 'node:assert/strict';
import { test } from 'node:test';
import { correctQuery, correctWord, editDistance } from '../../../../src/site/search/correct.ts';

const words = new Map([
  ['negative', 5],
  ['transfer', 7],
  ['transformer', 3],
  ['tuning', 6],
  ['turning', 0],
  ['fine', 6],
  ['layer', 7],
  ['later', 2],
]);

test('edits are counted: insert, delete, replace, and the swap of neighbours as one', () => {
  for (const [a, b, distance] of [
    ['layer', 'layer', 0],
    ['layr', 'layer', 1],
    ['layeer', 'layer', 1],
    ['lbyer', 'layer', 1],
    ['lyaer', 'layer', 1],
    ['gradeint', 'gradient', 1],
    ['', 'ab', 2],
  ] as const)
    assert.equal(editDistance(a, b, 3), distance, `${a} → ${b}`);
  assert.equal(editDistance('abcdef', 'uvwxyz', 2), 3);
});

test('an unknown word becomes the nearest one, the more frequent of equally near ones', () => {
  assert.equal(correctWord('negitive', words), 'negative');
  assert.equal(correctWord('tunning', words), 'tuning');
  assert.equal(correctWord('laver', words), 'layer');
});

test('known words, short words, words being typed and far words stay', () => {
  for (const word of ['negative', 'fyn', 'transf']) assert.equal(correctWord(word, words), word);
  assert.equal(correctWord('hippopotamus', words), undefined);
});

test('a query is corrected word by word, its separators kept', () => {
  assert.equal(correctQuery('Negitive transfer?', words), 'negative transfer?');
  assert.equal(correctQuery('fine-tunning', words), 'fine-tuning');
  assert.equal(correctQuery('fine-tuning', words), undefined);
});
