import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseThreads } from '../../../../src/engine/runtime/thread-probe.ts';

/** Spins that take these times, one after the other. */
function spinsOf(...times: readonly number[]) {
  let at = 0;
  return () => Promise.resolve(times[at++]);
}

test('two threads are used where they do not hold each other up', async () => {
  assert.equal(await chooseThreads(2, true, spinsOf(30, 10, 11, 12, 11, 13)), 2);
});

test('a core that another program takes back in the second round does not count', async () => {
  assert.equal(await chooseThreads(2, true, spinsOf(10, 10, 11, 11, 11, 20)), 1);
});

test('four threads give way to two', async () => {
  const four = [11, 11, 20, 11];
  assert.equal(await chooseThreads(8, true, spinsOf(10, 10, ...four, ...four, 11, 11, 11, 11)), 2);
});

test('one thread where there is no second core, no isolation, or no thread to probe with', async () => {
  const never = () => Promise.reject(new Error('not to be asked'));
  assert.equal(await chooseThreads(1, true, never), 1);
  assert.equal(await chooseThreads(4, false, never), 1);
  assert.equal(await chooseThreads(4, true, never), 1);
});
