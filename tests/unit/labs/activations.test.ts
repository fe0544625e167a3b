import assert from 'node:assert/strict';
import { test } from 'node:test';
import { channelOf, mostVaried, summarise, type ActivationStack } from '../../../src/labs/activations.ts';

const stack: ActivationStack = {
  channels: 3,
  height: 1,
  width: 4,
  data: Float32Array.of(1, 1, 1, 1, 0, 4, 0, 4, 0, 0, 0, 0),
};

test('a channel is a view of its places', () => assert.deepEqual([...channelOf(stack, 1)], [0, 4, 0, 4]));

test('a summary counts exact zeros', () =>
  assert.deepEqual(summarise(channelOf(stack, 1)), { mean: 2, largest: 4, smallest: 0, zeroShare: 0.5 }));

test('the most varied channel is neither flat nor dead', () => assert.equal(mostVaried(stack), 1));

test('a stack of dead channels still has a face', () =>
  assert.equal(mostVaried({ channels: 2, height: 1, width: 1, data: Float32Array.of(0, 0) }), 0));
