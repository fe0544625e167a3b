import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  addressPrefix,
  freeText,
  oneOf,
  placeIn,
  readFields,
  wholeNumber,
  writeFields,
  type FieldTable,
} from '../../../src/figures/kit/url-state.ts';

interface Values {
  block: string;
  channel: number;
}

const fields: FieldTable<Values> = { block: oneOf(['stem', '1.1']), channel: wholeNumber(0, 99) };
const fallbacks: Values = { block: 'stem', channel: 0 };

test('values that pass are read', () =>
  assert.deepEqual(readFields(fields, '?block=1.1&channel=7'), { block: '1.1', channel: 7 }));

for (const search of [
  '?block=9.9',
  '?channel=-1',
  '?channel=100',
  '?channel=7e1',
  '?channel=',
  '?other=1',
  '',
])
  test(`${search || 'nothing'} leaves the fallbacks`, () => assert.deepEqual(readFields(fields, search), {}));

test('writing leaves out fallbacks and keeps what is not ours', () => {
  assert.equal(writeFields(fields, { block: 'stem', channel: 0 }, fallbacks, '?q=ice&block=1.1'), '?q=ice');
  assert.equal(writeFields(fields, { block: '1.1', channel: 3 }, fallbacks, ''), '?block=1.1&channel=3');
});

test('what is written is read again', () => {
  const values = { block: '1.1', channel: 42 };
  assert.deepEqual(readFields(fields, writeFields(fields, values, fallbacks, '')), values);
});

test('a place in a list travels as its word, and one outside the list not at all', () => {
  const places: FieldTable<{ picture: number }> = { picture: placeIn(['apple', 'zebra']) };
  assert.deepEqual(readFields(places, '?picture=zebra'), { picture: 1 });
  assert.deepEqual(readFields(places, '?picture=1'), {});
  assert.equal(writeFields(places, { picture: 1 }, { picture: 0 }, ''), '?picture=zebra');
  assert.equal(writeFields(places, { picture: -1 }, { picture: 0 }, '?picture=zebra'), '');
});

test('an emptied field travels as empty, a long text not at all', () => {
  const texts: FieldTable<{ text: string; other: string }> = { text: freeText(5), other: oneOf(['a', 'b']) };
  const fallback = { text: 'The', other: 'a' };
  const search = writeFields(texts, { text: '', other: 'a' }, fallback, '');
  assert.equal(search, '?text=');
  assert.deepEqual(readFields(texts, search), { text: '' });
  assert.equal(writeFields(texts, { text: 'The', other: 'a' }, fallback, '?text='), '');
  assert.equal(writeFields(texts, { text: 'Thawed', other: 'a' }, fallback, '?text=ab'), '');
  assert.equal(writeFields(texts, { text: '', other: 'a' }, { text: '', other: 'a' }, '?text=ab'), '');
  assert.deepEqual(readFields(texts, '?text=Thawed&other='), {});
});

test('a second figure has keys of its own', () => {
  const search = writeFields(fields, { block: '1.1', channel: 3 }, fallbacks, '?channel=9', addressPrefix(1));
  assert.equal(search, '?channel=9&2-block=1.1&2-channel=3');
  assert.deepEqual(readFields(fields, search), { channel: 9 });
  assert.deepEqual(readFields(fields, search, addressPrefix(1)), { block: '1.1', channel: 3 });
});
