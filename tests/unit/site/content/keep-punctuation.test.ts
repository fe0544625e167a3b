import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keepPunctuation } from '../../../../src/site/content/keep-punctuation.ts';

const formula = { type: 'element', tagName: 'span', properties: { className: ['katex'] }, children: [] };
const text = (value: string) => ({ type: 'text', value });
const paragraph = (...children: unknown[]) => ({ type: 'element', tagName: 'p', properties: {}, children });
const unbroken = (marks: string) => ({
  type: 'element',
  tagName: 'span',
  properties: { className: ['unbroken'] },
  children: [formula, text(marks)],
});

function apply(tree: unknown): unknown {
  keepPunctuation()(tree);
  return tree;
}

test('a comma stays with the formula before it', () => {
  const page = { type: 'root', children: [paragraph(text('with '), formula, text(', and then'))] };
  assert.deepEqual(apply(page), {
    type: 'root',
    children: [paragraph(text('with '), unbroken(','), text(' and then'))],
  });
});

test('a full stop at the end leaves no empty text behind', () => {
  assert.deepEqual(apply(paragraph(formula, text(').'))), paragraph(unbroken(').')));
});

test('words and other elements behind a formula are left alone', () => {
  const plain = () =>
    paragraph(formula, text(' is small'), { type: 'element', tagName: 'em', properties: {}, children: [] });
  assert.deepEqual(apply(plain()), plain());
});
