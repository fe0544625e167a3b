/** How weights share the flat vectors that a step passes on. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planBundles } from '../../../../src/engine/autodiff/bundles.ts';
import { float32Tensor } from '../../../../src/engine/onnx/tensor-values.ts';

const shared = 2 ** 19;

function tensor(name: string, dims: readonly number[]) {
  return float32Tensor(name, dims, new Float32Array(dims.reduce((product, one) => product * one, 1)));
}

test('weights share a vector up to the limit; a larger one stands alone, and none is lost', () => {
  const weights = [
    tensor('a', [shared / 4, 2]),
    tensor('b', [shared / 4, 2]),
    tensor('c', [2, 3]),
    tensor('large', [shared, 2]),
    tensor('d', [5, 1]),
    tensor('bias', [7]),
  ];
  const bundles = planBundles([{ id: 'all', weights: weights.map(({ name }) => name) }], weights);
  assert.deepEqual(
    bundles.map(({ id, weights: own }) => [id, ...own.map(({ name }) => name)]),
    [
      ['all', 'a', 'b'],
      ['all/part 2', 'c'],
      ['all/part 3', 'large'],
      ['all/part 4', 'd'],
      ['all/undecayed', 'bias'],
    ],
  );
  for (const { size, weights: own } of bundles) {
    let end = 0;
    for (const { offset, size: count } of own) {
      assert.equal(offset, end);
      end += count;
    }
    assert.equal(end, size);
  }
});
