/** Words of content/ are spelt as in Britain, or stand in content/words.txt. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { countSyllables, measureReadability } from '../../../../scripts/prose/measure.ts';
import { readPassages, splitSentences, splitWords } from '../../../../scripts/prose/plain-text.ts';
import { createSpeller } from '../../../../scripts/prose/spelling.ts';

const speller = createSpeller();

test('every word of content/ is known', () => {
  const unknown = globSync('content/**/*.{md,mdx}').flatMap((file) =>
    speller.check(readFileSync(file, 'utf8')).map(({ word, line }) => `${file}:${line}: ${word}`),
  );
  assert.deepEqual(unknown, []);
});

test('the list of own words is sorted and holds nothing that the dictionary has', () => {
  const words = readFileSync('content/words.txt', 'utf8')
    .split('\n')
    .filter((line) => line && !line.startsWith('#'));
  const sorted = words.toSorted((a, b) => a.localeCompare(b, 'en', { sensitivity: 'base' }));
  assert.deepEqual(words, sorted);
  assert.deepEqual(speller.superfluous, []);
});

test('a misspelling is found with its line and a suggestion; code, formulas and addresses are left alone', () => {
  const source = [
    '---',
    'title: Colour',
    'lead: The color of a layer.',
    '---',
    '',
    'Good words `defintely` $\\froz{x}$ [here](https://exmaple.org).',
    '',
    '```python',
    'zzyzx = 1',
    '```',
    '',
    'A <Term id="pretrained-model">pre-trained</Term> netwrok stands.',
  ].join('\n');
  const found = speller.check(source);
  assert.deepEqual(
    found.map(({ word, line }) => [word, line]),
    [
      ['color', 3],
      ['netwrok', 12],
    ],
  );
  assert.ok(found[1]?.suggestions.includes('network'));
});

test('readability counts words, sentences and syllables', () => {
  assert.deepEqual(splitSentences('One stays. Two, e.g. this, moves! “Why?” Three'), [
    'One stays.',
    'Two, e.g. this, moves!',
    '“Why?”',
    'Three',
  ]);
  assert.deepEqual(splitWords('A pre-trained net, 2.5 times; it’s $x$'), [
    'A',
    'pre-trained',
    'net',
    '2.5',
    'times',
    'it’s',
    'x',
  ]);
  assert.deepEqual(
    ['layer', 'weights', 'trainable', 'frozen', 'trained'].map(countSyllables),
    [2, 1, 3, 2, 1],
  );
  const { words, sentences, meanLength, grade } = measureReadability(
    '# A heading\n\nThe cat sat. The dog ran off.\n',
  );
  assert.deepEqual({ words, sentences, meanLength }, { words: 9, sentences: 2, meanLength: 3.5 });
  assert.equal(grade.toFixed(2), (0.39 * 3.5 + 11.8 - 15.59).toFixed(2));
  assert.equal(readPassages('a\n\n- b\n- c\n').length, 3);
});
