import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSearchKey, isTyping } from '../../../../src/site/search/keys.ts';

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
