import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSearchKey, isTyping, typeAhead } from '../../../../src/site/search/keys.ts';

const press = (
  key: string,
  held: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'isComposing', boolean>> = {},
) =>
  isSearchKey({
    key,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    shiftKey: false,
    isComposing: false,
    ...held,
  });

test('slash, Ctrl-K and Command-K open the search, nothing else does', () => {
  assert.ok(press('/') && press('/', { shiftKey: true }));
  assert.ok(press('k', { ctrlKey: true }) && press('K', { metaKey: true }));
  for (const other of [
    press('k'),
    press('/', { altKey: true }),
    press('/', { ctrlKey: true }),
    press('k', { ctrlKey: true, shiftKey: true }),
    press('/', { isComposing: true }),
  ])
    assert.equal(other, false);
});

test('keys belong to whoever types', () => {
  const target = (fields: object) => isTyping(fields as EventTarget);
  assert.ok(
    target({ tagName: 'INPUT', type: 'search' }) &&
      target({ tagName: 'TEXTAREA' }) &&
      target({ tagName: 'SELECT' }),
  );
  assert.ok(target({ tagName: 'DIV', isContentEditable: true }));
  assert.ok(
    !target({ tagName: 'INPUT', type: 'range' }) && !target({ tagName: 'BUTTON' }) && !isTyping(null),
  );
});

test('keys that come before the field are kept as text', () => {
  const none = { ctrlKey: false, metaKey: false, altKey: false, isComposing: false };
  const keys = ['ä', '1', ' ', '🦊', 'Backspace', 'x'];
  assert.equal(
    keys.reduce((typed, key) => typeAhead(typed, { ...none, key }) ?? typed, ''),
    'ä1 x',
  );
  assert.equal(typeAhead('', { ...none, key: 'Backspace' }), '');
  for (const key of ['Shift', 'Tab', 'Escape', 'ArrowDown', 'F5'])
    assert.equal(typeAhead('a', { ...none, key }), undefined);
  assert.equal(typeAhead('a', { ...none, key: 'c', ctrlKey: true }), undefined);
});
