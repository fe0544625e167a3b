import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unknownName } from '../../../../src/site/content/mistake.ts';
import { nearMatches } from '../../../../src/site/content/near-matches.ts';

const terms = [
  'backbone',
  'head',
  'stem',
  'feature-map',
  'fine-tuning',
  'batch-normalisation',
  'source-domain',
];

test('a slip of the pen finds the word that was meant', () => {
  for (const [written, meant] of [
    ['bakbone', 'backbone'],
    ['backbnoe', 'backbone'],
    ['featuremap', 'feature-map'],
    ['Feature Map', 'feature-map'],
    ['fine-tunning', 'fine-tuning'],
    ['source', 'source-domain'],
    ['batchnormalization', 'batch-normalisation'],
  ] as const)
    assert.equal(nearMatches(written, terms)[0], meant, written);
});

test('a word that is far from all finds none', () => {
  assert.deepEqual(nearMatches('xylophone', terms), []);
  assert.deepEqual(nearMatches('backbone', []), []);
});

test('no more than the wanted number come back, nearest first', () => {
  assert.deepEqual(nearMatches('head', ['heads', 'header', 'head1', 'heap'], 2).length, 2);
});

test('the error names file and line, what was written, near names and what to do', () => {
  const { message } = unknownName({
    what: 'glossary term',
    written: 'bakbone',
    tag: '<Term id="bakbone">',
    known: terms,
    where: { file: 'content/course/01-idea/index.mdx', line: 12 },
    advice: 'Write content/glossary/bakbone.md.',
  });
  for (const part of [
    'content/course/01-idea/index.mdx:12',
    '"bakbone"',
    '<Term id="bakbone">',
    'Did you mean "backbone"?',
    'Write content/glossary',
  ])
    assert.ok(message.includes(part), `${part} is missing in: ${message}`);
});

test('without a near name the error lists what is known', () => {
  const error = (known: string[]) =>
    unknownName({
      what: 'work',
      written: 'zzzzzzzz',
      tag: '<Cite/>',
      known,
      where: { file: 'a.mdx' },
      advice: '',
    }).message;
  assert.match(error(['b', 'a']), /Known: a, b\./);
  assert.match(error([]), /None is known yet/);
});
