/** Every gradient rule gives what PyTorch gives in double precision. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as web from 'onnxruntime-web';
import * as native from 'onnxruntime-node';
import { gradientRules } from '../../src/engine/autodiff/rules/table.ts';
import {
  backwardModel,
  inputsOf,
  numbersOf,
  openCase,
  readRuleCases,
} from '../unit/engine/autodiff/rule-case.ts';

const cases = readRuleCases();

// float32 sums of some dozen products of numbers up to 5
const tolerance = 2e-6;

test('every rule has a case', () => {
  const covered = new Set(
    cases.flatMap(({ nodes }) =>
      nodes.map(({ domain, opType }) => (domain ? `${domain}.${opType}` : opType)),
    ),
  );
  assert.deepEqual(
    [...gradientRules.keys()].filter((operator) => !covered.has(operator)),
    [],
  );
});

// The browser's own build, which has fewer kernels, on WebAssembly
web.env.wasm.numThreads = 1;
const runtimes = [
  ['onnxruntime-node', native.InferenceSession],
  ['WebAssembly', web.InferenceSession],
] as const;

for (const one of cases) {
  for (const poolMethod of one.pools) {
    const title = one.pools.length > 1 ? `${one.name}, by ${poolMethod}` : one.name;
    for (const [place, runtime] of runtimes) {
      test(`${title}, in ${place}`, async () => {
        const session = await openCase(backwardModel(one, 'float32', poolMethod), one, 'float32', runtime);
        const results = await session.run(inputsOf(one));
        await session.release();
        for (const [name, line] of Object.entries(one.gradients))
          compare(name, results[`gradient/${name}`], numbersOf(line));
      });
    }
  }
}

function compare(name: string, actual: readonly number[] | undefined, expected: readonly number[]): void {
  assert.equal(actual?.length, expected.length, name);
  const size = Math.max(...expected.map(Math.abs));
  expected.forEach((value, at) => {
    const error = Math.abs((actual[at] ?? NaN) - value);
    assert.ok(error <= tolerance * size + 1e-7, `d${name}[${at}] is ${actual[at]}, expected ${value}`);
  });
}
