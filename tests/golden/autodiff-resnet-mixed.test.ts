/** Gradients of the committed network, whole, against PyTorch in double precision. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packWeights } from '../../src/engine/autodiff/bundles.ts';
import { lossInputs } from '../../src/engine/autodiff/losses.ts';
import { buildTrainingStep } from '../../src/engine/autodiff/training-step.ts';
import type { TrainingStepOptions } from '../../src/engine/autodiff/training-step.ts';
import { dequantizeWeights } from '../../src/engine/onnx/dequantize-weights.ts';
import { readModel } from '../../src/engine/onnx/reader.ts';
import { float32Values } from '../../src/engine/onnx/tensor-values.ts';
import { numbersOf } from '../unit/engine/autodiff/rule-case.ts';
import { makePixels, normalise, readModelFiles } from './golden.ts';
import { openModel, readGoldenCases, relativeError } from './autodiff-session.ts';

/** A tensor's length and every `step`-th element. */
interface Summary {
  readonly elements: number;
  readonly norm: number;
  readonly step: number;
  readonly sample: string;
}

interface WholeCase {
  readonly name: string;
  readonly model: { readonly sha256: string };
  readonly noiseSeeds: readonly number[];
  readonly labels: readonly number[];
  readonly labelSmoothing: number;
  readonly loss: number;
  readonly gradients: Readonly<Record<string, Summary>>;
  readonly running?: Readonly<Record<string, Summary>>;
}

const { manifest, weights } = readModelFiles('resnet-mixed');
const model = dequantizeWeights(readModel(weights));

for (const one of readGoldenCases<WholeCase>('resnet-mixed')) {
  for (const poolMethod of ['indices', 'compare'] as const) {
    test(`all gradients with ${one.name}, maxima by ${poolMethod}`, async () => {
      assert.equal(
        one.model.sha256,
        manifest.files.weights.sha256,
        'make them again: python -m training.gradients',
      );
      const usesBatch = one.running !== undefined;
      const results = await run(one, { poolMethod, usesBatchStatistics: () => usesBatch });
      const loss = results.get('training/loss')?.[0] ?? NaN;
      assert.ok(Math.abs(loss - one.loss) <= 1e-5 * one.loss, `loss ${loss}, expected ${one.loss}`);
      assert.ok(Object.keys(one.gradients).length > 60);
      const errors = Object.entries(one.gradients).map(([name, summary]) => {
        return [name, sampledError(results.get(`training/gradient/${name}`), summary)] as const;
      });
      const [name, worst] = errors.reduce((a, b) => (b[1] > a[1] ? b : a));
      assert.ok(worst <= (usesBatch ? 1e-4 : 1e-5), `the gradient of ${name} is off by ${worst}`);
      for (const [buffer, summary] of Object.entries(one.running ?? {})) {
        const error = sampledError(results.get(`${buffer}/next`), summary);
        assert.ok(error <= 1e-5, `${buffer} is off by ${error}`);
      }
    });
  }
}

/** ‖g − g64‖ / ‖g64‖, estimated from evenly spaced elements where a tensor has more than 64. */
function sampledError(actual: Float32Array | undefined, { elements, norm, step, sample }: Summary): number {
  assert.equal(actual?.length, elements);
  const expected = numbersOf(sample);
  const sampled = expected.map((_, at) => actual[at * step]);
  return relativeError(sampled, expected, norm) * Math.sqrt(elements / expected.length);
}

async function run(one: WholeCase, options: Pick<TrainingStepOptions, 'poolMethod' | 'usesBatchStatistics'>) {
  const step = buildTrainingStep(model, {
    groups: [{ id: 'all', weights: Object.keys(one.gradients) }],
    sizes: { N: one.labels.length },
    loss: 'cross-entropy',
    optimizer: 'sgd',
    returns: 'gradients',
    ...options,
  });
  const pictures = await Promise.all(
    one.noiseSeeds.map(async (seed) => {
      const pixels = await makePixels({
        name: '',
        input: { kind: 'lcg', seed },
        topk: [],
        logits: [],
        values: {},
      });
      return [...normalise(pixels!, manifest.input)];
    }),
  );
  const session = await openModel(step.model);
  const results = await session.run(
    new Map<string, ArrayLike<number>>([
      [manifest.input.name, pictures.flat()],
      [lossInputs.targets, one.labels],
      [lossInputs.weights, one.labels.map(() => 1)],
      [lossInputs.labelSmoothing, [one.labelSmoothing]],
      ...step.bundles.map((bundle) => [bundle.input, packWeights(bundle, model)] as const),
      ...step.running.map(
        ({ input }) => [input, float32Values(model.graph.initializers.get(input)!)] as const,
      ),
    ]),
  );
  await session.release();
  return results;
}
