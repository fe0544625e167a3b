/** Held-out parts by picture and by object. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countLeaks, drawSplit } from '../../../src/labs/split-kinds.ts';

test('both ways hold out a third, and by object nothing leaks', () => {
  for (const seed of [1, 2, 3]) {
    const byPicture = countLeaks(drawSplit('picture', 6, 5, seed));
    const byObject = countLeaks(drawSplit('object', 6, 5, seed));
    assert.equal(byPicture.heldOut, 10);
    assert.deepEqual(byObject, { heldOut: 10, leaking: 0 });
    assert.ok(byPicture.leaking > 0);
  }
});

test('a seed fixes the division, another one changes it', () => {
  assert.deepEqual(drawSplit('picture', 6, 5, 7), drawSplit('picture', 6, 5, 7));
  assert.notDeepEqual(drawSplit('picture', 6, 5, 7), drawSplit('picture', 6, 5, 8));
});

test('an object of which every picture is held out does not leak', () => {
  assert.deepEqual(
    countLeaks([
      [true, true],
      [true, false],
    ]),
    { heldOut: 3, leaking: 1 },
  );
});
