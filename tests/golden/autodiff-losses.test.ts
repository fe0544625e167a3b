/** Losses and their gradients are those of PyTorch, with smoothed labels, weighted examples and ignored places. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GraphBuilder } from '../../src/engine/autodiff/graph-builder.ts';
import { lossInputs, pushLoss } from '../../src/engine/autodiff/losses.ts';
import type { LossKind } from '../../src/engine/autodiff/losses.ts';
import { buildModel, float32Value, withGraph } from '../../src/engine/onnx/build.ts';
import type { Model } from '../../src/engine/onnx/types.ts';
import { numbersOf } from '../unit/engine/autodiff/rule-case.ts';
import { openModel, readGoldenCases, relativeError } from './autodiff-session.ts';

interface LossCase {
  readonly name: string;
  readonly kind: LossKind;
  readonly labelSmoothing: number;
  readonly dims: readonly number[];
  readonly output: string;
  readonly targets: string;
  readonly weights: string;
  readonly loss: number;
  readonly gradient: string;
}

const cases = readGoldenCases<LossCase>('losses');

for (const one of cases) {
  test(one.name, async () => {
    const { loss, gradient } = await measure(one, numbersOf(one.weights));
    assert.ok(Math.abs(loss - one.loss) <= 2e-6 * Math.abs(one.loss), `loss ${loss}, expected ${one.loss}`);
    const error = relativeError(gradient, numbersOf(one.gradient));
    assert.ok(error <= 2e-6, `gradient off by ${error}`);
  });
}

for (const kind of ['cross-entropy', 'mean-squared-error', 'binary'] as const) {
  test(`${kind} of examples without any weight is 0, and so is its gradient`, async () => {
    const one = cases.find((each) => each.kind === kind)!;
    const { loss, gradient } = await measure(one, numbersOf(one.weights).fill(0));
    assert.equal(loss, 0);
    assert.ok(gradient.every((value) => value === 0));
  });
}

async function measure(
  one: LossCase,
  weights: readonly number[],
): Promise<{ loss: number; gradient: Float32Array }> {
  const session = await openModel(lossModel(one));
  const results = await session.run(
    new Map<string, ArrayLike<number>>([
      ['output', numbersOf(one.output)],
      [lossInputs.targets, numbersOf(one.targets)],
      [lossInputs.weights, weights],
      [lossInputs.labelSmoothing, [one.labelSmoothing]],
    ]),
  );
  await session.release();
  return { loss: results.get('loss')?.[0] ?? NaN, gradient: results.get('gradient')! };
}

function lossModel({ kind, dims }: LossCase): Model {
  const empty = buildModel({
    name: 'loss',
    nodes: [],
    initializers: [],
    inputs: [float32Value('output', dims)],
    outputs: [],
  });
  const b = new GraphBuilder(empty);
  const { loss, gradient } = pushLoss(b, kind, 'output');
  const outputs = [
    float32Value(b.alias(loss, 'loss'), []),
    float32Value(b.alias(gradient, 'gradient'), dims),
  ];
  return withGraph(empty, { nodes: b.nodes, initializers: b.initializers, inputs: b.inputs, outputs });
}
