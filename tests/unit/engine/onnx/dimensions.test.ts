import assert from 'node:assert/strict';
import { it } from 'node:test';
import {
  addDims,
  broadcast,
  countElements,
  ceilDivideDims,
  differ,
  divideDims,
  evaluateDim,
  floorDivideDims,
  maxDim,
  minDim,
  multiplyDims,
  namesOf,
  sameDim,
  subtractDims,
  surelyAtMost,
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

it('writes the size behind a chain of strided windows as one floor', () => {
  let size: string | number = 'H';
  const halve = (dim: string | number): string | number =>
    addDims([floorDivideDims(subtractDims(dim, 1), 2), 1]);
  for (const text of ['floor((H + 1)/2)', 'floor((H + 3)/4)', 'floor((H + 7)/8)']) {
    size = halve(size);
    assert.equal(size, text);
    for (const height of [1, 2, 7, 224, 225]) {
      const steps = text.endsWith('/2)') ? 1 : text.endsWith('/4)') ? 2 : 3;
      let expected = height;
      for (let step = 0; step < steps; step++) expected = Math.floor((expected - 1) / 2) + 1;
      assert.equal(
        evaluateDim(size, () => height),
        expected,
      );
    }
  }
});

it('keeps one way of writing each size', () => {
  assert.equal(floorDivideDims(addDims(['2*N', 1]), 4), 'floor(N/2)');
  assert.equal(floorDivideDims('2*N', 2), 'N');
  assert.equal(floorDivideDims(multiplyDims([0.5, 'N']), 1), 'floor(N/2)');
  assert.equal(floorDivideDims('N', 'M'), 'floor(N/M)');
  assert.equal(floorDivideDims('N', 0), '?');
  assert.equal(ceilDivideDims('N', 2), 'floor((N + 1)/2)');
  assert.equal(multiplyDims([addDims(['P', 'S']), 'B']), 'B*P + B*S');
  assert.equal(
    divideDims([multiplyDims([addDims(['P', 'S']), 'B', 768])], ['B', addDims(['P', 'S']), 12]),
    64,
  );
  assert.equal(subtractDims(3, 'N'), '3 - N');
  assert.equal(subtractDims(addDims(['N', 5]), 'N'), 5);
  assert.equal(minDim('N', 5), 'min(5, N)');
  assert.equal(maxDim(addDims(['N', 1]), 'N'), 'N + 1');
});

it('reads the expressions of PyTorch’s exporter', () => {
  assert.equal(addDims(['s0 + 1', 1]), 's0 + 2');
  assert.equal(addDims(['((s0 - 1)//2) + 1', 0]), 'floor((s0 + 1)/2)');
  assert.equal(
    evaluateDim('Max(1, s0) + 2*s1', (name) => (name === 's0' ? 0 : 4)),
    9,
  );
  assert.deepEqual(namesOf('floor((H + 3)/2)*W').sort(), ['H', 'W']);
  // not every odd name is an expression
  for (const name of ['batch-size', 'input.1_dim_0', 'batch size', 'f(x', '(((('])
    assert.equal(addDims([name, 0]), name);
});

it('knows what is certain and what is not', () => {
  assert.ok(surelyAtMost('N', addDims(['N', 1])) && !surelyAtMost('N', 5) && surelyAtMost(0, 'N'));
  assert.ok(differ('N', addDims(['N', 1])) && !differ('N', 'M') && !differ('N', '?') && differ(2, 3));
  assert.equal(
    evaluateDim('N + M', (name) => (name === 'N' ? 1 : undefined)),
    undefined,
  );
});

it('does not grow without bound', () => {
  let dim: string | number = 'a0';
  for (let at = 1; at < 60; at++) dim = multiplyDims([addDims([dim, `b${at}`]), addDims([`c${at}`, at])]);
  assert.equal(dim, '?');
});
