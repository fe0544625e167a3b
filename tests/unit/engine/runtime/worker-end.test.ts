/** A worker that ends while nobody waits for it. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createFakeRuntime, makeInput } from './fake-worker.ts';

it('a worker that ends between two runs is replaced, and the next run says so, once', async () => {
  const { runtime, workers } = createFakeRuntime();
  const model = await runtime.load('test-net');
  await model.run(makeInput());
  workers[0]?.crash('killed');
  assert.match((await model.run(makeInput())).note, /stopped unexpectedly.*started anew by itself/);
  assert.equal(workers.length, 2);
  assert.equal((await model.run(makeInput())).note, '');
});
