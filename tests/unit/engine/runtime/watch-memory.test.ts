/** The runtime's memory is found without its help, and growth shows. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { watchMemory } from '../../../../src/engine/runtime/watch-memory.ts';

test('memories made after the watch began are counted, as large as they have grown', () => {
  const scope = { WebAssembly: { Memory: WebAssembly.Memory } };
  const before = new scope.WebAssembly.Memory({ initial: 5 });
  const { bytes } = watchMemory(scope);
  assert.equal(bytes(), 0);
  const own = new scope.WebAssembly.Memory({ initial: 1, maximum: 8, shared: true });
  assert.ok(own instanceof WebAssembly.Memory);
  assert.equal(bytes(), 65_536);
  own.grow(2);
  before.grow(1);
  assert.equal(bytes(), 3 * 65_536);
});
