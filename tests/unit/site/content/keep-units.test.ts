import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keepUnits } from '../../../../src/site/content/keep-units.ts';

const text = (value: string) => ({ type: 'text', value });
const element = (tagName: string, ...children: unknown[]) => ({ type: 'element', tagName, children });
const formula = () => ({ ...element('span', text('15.9')), properties: { className: ['katex'] } });

function apply<T>(tree: T): T {
  keepUnits()(tree);
  return tree;
}

test('a number and its per cent sign cannot be parted', () => {
  assert.deepEqual(
    apply(element('p', text('from 8.5 % to 33 % wrong'), element('b', text('5 %')))),
    element('p', text('from 8.5\u202F% to 33\u202F% wrong'), element('b', text('5\u202F%'))),
  );
});

test('nor can a formula and the sign behind it', () => {
  assert.deepEqual(
    apply(element('p', formula(), text(' %, and 7 %'))),
    element('p', formula(), text('\u202F%, and 7\u202F%')),
  );
});

test('code stays as it was typed', () => {
  const code = () => element('p', element('code', text('17 % 5')), text('a % sign'));
  assert.deepEqual(apply(code()), code());
});
