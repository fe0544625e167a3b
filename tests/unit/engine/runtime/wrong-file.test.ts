/** What the runtime says of a file whose checksum was another's. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isThawError } from '../../../../src/engine/errors.ts';
import { createFakeRuntime } from './fake-worker.ts';

test('counts nothing of a wrong file as arrived', async () => {
  let isDamaged = true;
  const { runtime } = createFakeRuntime({ isDamaged: () => isDamaged });
  await assert.rejects(runtime.load('test-net'), (error) => isThawError(error, 'wrong-bytes'));
  const { parts, remainingBytes } = await runtime.planDownload('test-net');
  const file = parts.find(({ name }) => name === 'weights');
  assert.equal(remainingBytes, file?.sizeBytes, 'a file that was thrown away is said to be here');
  isDamaged = false;
  await runtime.load('test-net');
});
