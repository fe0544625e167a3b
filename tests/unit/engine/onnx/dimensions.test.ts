import assert from 'node:assert/strict';
import { it } from 'node:test';
import {
  addDims,
  broadcast,
  countElements,
  divideDims,
  multiplyDims,
  sameDim,
} from '../../../../src/engine/onnx/dimensions.ts';

it('knows when dimensions are certainly the same', () => {
  assert.ok(sameDim(3, 3) && sameDim('N', 'N'));
  assert.ok(!sameDim('N', 'M') && !sameDim(3, 'N') && !sameDim('?', '?'));
});

it('broadcasts as numpy does, names included', () => {
  assert.deepEqual(broadcast([4, 1], [3]), [4, 3]);
  assert.deepEqual(broadcast(['N', 8, 1, 1], [8, 5, 5]), ['N', 8, 5, 5]);
  assert.deepEqual(broadcast(['N', 2], ['N', 1]), ['N', 2]);
  assert.deepEqual(broadcast(['N'], [7]), [7]);
  assert.deepEqual(broadcast(['N'], ['M']), ['?']);
  assert.deepEqual(broadcast([], [2]), [2]);
  assert.equal(broadcast([2, 3], [2, 4]), undefined);
});

it('multiplies, divides and adds around names', () => {
  assert.equal(multiplyDims([2, 3]), 6);
  assert.equal(multiplyDims([]), 1);
  assert.equal(multiplyDims(['N']), 'N');
  assert.equal(multiplyDims(['N', 256, 1]), '256*N');
  assert.equal(multiplyDims(['256*N', 2]), '512*N');
  assert.equal(multiplyDims(['?', 2]), '?');
  assert.equal(multiplyDims(['N', 0]), 0);
  assert.equal(divideDims(['N', 8, 4], [32]), 'N');
  assert.equal(divideDims(['N', 8, 4], ['N']), 32);
  assert.equal(divideDims([7], [2]), '?');
  assert.equal(divideDims([8], ['N']), '?');
  assert.equal(divideDims(['?'], ['?']), '?');
  assert.equal(addDims([2, 3]), 5);
  assert.equal(addDims(['N', 0]), 'N');
  assert.equal(addDims(['N', 1]), 'N + 1');
});

it('counts elements per example', () => {
  assert.equal(countElements(['N', 3, 64, 64]), 12288);
  assert.equal(countElements(['N', 3], 16), 48);
  assert.equal(countElements(['N', '?']), undefined);
});
