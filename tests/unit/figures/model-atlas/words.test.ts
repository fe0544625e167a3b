import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sayOperators } from '../../../../src/figures/model-atlas/words.ts';

test('one operator is one, thousands are grouped', () => {
  assert.equal(sayOperators({ operators: 1 }), '1 operator');
  assert.match(sayOperators({ operators: 5000 }), /^5.000 operators$/);
});
