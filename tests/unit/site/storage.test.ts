import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { readStored, readTicks, storageKeys, writeStored, writeTicks } from '../../../src/site/storage.ts';

const original = Object.getOwnPropertyDescriptor(globalThis, 'localStorage');
const put = (value: unknown) =>
  Object.defineProperty(globalThis, 'localStorage', { value, configurable: true });

function memory(): Map<string, string> & { getItem: unknown } {
  const map = new Map<string, string>();
  return Object.assign(map, {
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, value: string) => map.set(key, value),
    removeItem: (key: string) => map.delete(key),
  });
}

afterEach(() => {
  if (original) Object.defineProperty(globalThis, 'localStorage', original);
});

test('ticks are stored and erased', () => {
  const store = memory();
  put(store);
  assert.deepEqual(readTicks(), new Set());
  assert.ok(writeTicks(new Set(['idea-mixture'])));
  assert.deepEqual(readTicks(), new Set(['idea-mixture']));
  writeTicks(new Set());
  assert.equal(store.has(storageKeys.exercises), false);
});

test('what somebody else wrote there counts as no ticks', () => {
  const store = memory();
  put(store);
  for (const value of ['not json', '{"a":1}', '[1, null]']) {
    store.set(storageKeys.exercises, value);
    assert.deepEqual(readTicks(), new Set(), value);
  }
});

test('a browser that refuses storage reads as empty and says that nothing was kept', () => {
  const refuse = () => {
    throw new Error('refused');
  };
  put({ getItem: refuse, setItem: refuse, removeItem: refuse });
  assert.equal(readStored('theme'), undefined);
  assert.equal(writeStored('theme', 'dark'), false);
  assert.deepEqual(readTicks(), new Set());
});
