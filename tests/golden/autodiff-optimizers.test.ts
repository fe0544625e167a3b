/** Twenty steps of each optimizer end where those of torch.optim end, by way of the same losses. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packWeights, unpackWeights } from '../../src/engine/autodiff/bundles.ts';
import { lossInputs } from '../../src/engine/autodiff/losses.ts';
import { optimizerScalars } from '../../src/engine/autodiff/optimizers.ts';
import type { OptimizerKind, OptimizerSettings } from '../../src/engine/autodiff/optimizers.ts';
import { buildTrainingStep } from '../../src/engine/autodiff/training-step.ts';
import type { TrainingStep } from '../../src/engine/autodiff/training-step.ts';
import { buildModel, buildNode, float32Value } from '../../src/engine/onnx/build.ts';
import { float32Tensor, float32Values } from '../../src/engine/onnx/tensor-values.ts';
import type { Model } from '../../src/engine/onnx/types.ts';
import { numbersOf } from '../unit/engine/autodiff/rule-case.ts';
import { openModel, readGoldenCases, relativeError } from './autodiff-session.ts';

interface OptimizerCase {
  readonly kind: OptimizerKind;
  readonly settings: Omit<OptimizerSettings, 'learningRates'>;
  readonly rates: Readonly<Record<string, number>>;
  readonly x: string;
  readonly labels: readonly number[];
  readonly start: Readonly<Record<string, string>>;
  readonly losses: readonly number[];
  readonly norms: readonly number[];
  readonly end: Readonly<Record<string, string>>;
}

// twenty float32 steps against float64 ones; the weights are of size 1
const tolerance = 1e-5;

for (const one of readGoldenCases<OptimizerCase>('optimizers')) {
  const { momentum, weightDecay, largestNorm } = one.settings;
  test(`${one.kind}, momentum ${momentum ?? '–'}, decay ${weightDecay}, clipped to ${largestNorm ?? '–'}`, async () => {
    const model = smallNetwork(one.start);
    const step = buildTrainingStep(model, {
      groups: Object.keys(one.rates).map((id) => ({ id, weights: [`${id}.weight`, `${id}.bias`] })),
      sizes: { N: one.labels.length },
      loss: 'cross-entropy',
      optimizer: one.kind,
      clips: true,
    });
    const { trained, losses, norms } = await train(step, model, one);
    losses.forEach((loss, at) =>
      assert.ok(Math.abs(loss - one.losses[at]) <= tolerance, `loss of step ${at}: ${loss}`),
    );
    norms.forEach((norm, at) =>
      assert.ok(Math.abs(norm - one.norms[at]) <= tolerance, `norm of step ${at}: ${norm}`),
    );
    for (const [name, line] of Object.entries(one.end)) {
      const tensor = trained.graph.initializers.get(name)!;
      const error = relativeError(float32Values(tensor), numbersOf(line));
      assert.ok(error <= tolerance, `${name} is off by ${error}`);
    }
  });
}

async function train(
  step: TrainingStep,
  model: Model,
  one: OptimizerCase,
): Promise<{ trained: Model; losses: number[]; norms: number[] }> {
  const session = await openModel(step.model);
  let state = new Map<string, ArrayLike<number>>(
    step.state.map(({ input, dims }) => [input, new Float32Array(dims[0])]),
  );
  for (const bundle of step.bundles) state.set(bundle.input, packWeights(bundle, model));
  const [losses, norms]: number[][] = [[], []];
  for (let at = 0; at < one.losses.length; at++) {
    const learningRates = Object.fromEntries(
      Object.entries(one.rates).map(([group, rate]) => [group, rate * (1 - at / 40)]),
    );
    const scalars = optimizerScalars(one.kind, { ...one.settings, learningRates }, at + 1);
    const results = await session.run(
      new Map<string, ArrayLike<number>>([
        ['x', numbersOf(one.x)],
        [lossInputs.targets, one.labels],
        [lossInputs.weights, one.labels.map(() => 1)],
        [lossInputs.labelSmoothing, [0]],
        ...Object.entries(scalars).map(([name, value]) => [name, [value]] as const),
        ...state,
      ]),
    );
    losses.push(results.get(step.loss)?.[0] ?? NaN);
    norms.push(results.get(step.gradientNorm ?? '')?.[0] ?? NaN);
    state = new Map(step.state.map(({ input, output }) => [input, results.get(output)!]));
  }
  await session.release();
  const trained = step.bundles.reduce(
    (whole, bundle) => unpackWeights(bundle, state.get(bundle.input) as Float32Array, whole),
    model,
  );
  return { trained, losses, norms };
}

/** float32 [N, 4] → logits [N, 3] by way of five hidden numbers. */
function smallNetwork(weights: Readonly<Record<string, string>>): Model {
  const dims: Record<string, number[]> = {
    'hidden.weight': [5, 4],
    'hidden.bias': [5],
    'head.weight': [3, 5],
    'head.bias': [3],
  };
  return buildModel({
    name: 'small',
    nodes: [
      buildNode('Gemm', 'hidden', ['x', 'hidden.weight', 'hidden.bias'], ['hidden'], { transB: 1 }),
      buildNode('Tanh', 'tanh', ['hidden'], ['tanh']),
      buildNode('Gemm', 'head', ['tanh', 'head.weight', 'head.bias'], ['logits'], { transB: 1 }),
    ],
    initializers: Object.entries(weights).map(([name, line]) =>
      float32Tensor(name, dims[name], numbersOf(line)),
    ),
    inputs: [float32Value('x', ['N', 4])],
    outputs: [float32Value('logits', ['N', 3])],
  });
}
