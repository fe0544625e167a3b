/** Twenty steps of fine-tuning of the committed network follow PyTorch's loss curve in double precision. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OptimizerKind } from '../../src/engine/autodiff/optimizers.ts';
import { readModel } from '../../src/engine/onnx/reader.ts';
import { nativeSessions } from '../../src/engine/runtime/node.ts';
import { openTraining } from '../../src/engine/trainer/training.ts';
import { readGoldenCases } from './autodiff-session.ts';
import { makePixels, normalise, readModelFiles } from './golden.ts';

interface FineTuning {
  readonly name: string;
  readonly model: { readonly sha256: string };
  readonly optimizer: OptimizerKind;
  readonly rate: number;
  readonly weightDecay: number;
  readonly batchStatistics: boolean;
  readonly noiseSeeds: readonly number[];
  readonly labels: readonly number[];
  readonly trained: readonly string[];
  readonly losses: readonly number[];
}

const { manifest, weights } = readModelFiles('resnet-mixed');
const model = readModel(weights);
const createSession = await nativeSessions(1);

for (const one of readGoldenCases<FineTuning>('fine-tuning'))
  test(`twenty steps of ${one.optimizer}: ${one.name}`, async () => {
    const sha = manifest.files.weights.sha256;
    assert.equal(one.model.sha256, sha, 'make them again: python -m training.gradients');
    const pictures = await Promise.all(
      one.noiseSeeds.map((seed) =>
        makePixels({ name: '', input: { kind: 'lcg', seed }, topk: [], logits: [], values: {} }),
      ),
    );
    const data = Float32Array.from(pictures.flatMap((pixels) => [...normalise(pixels!, manifest.input)]));
    const shape = [pictures.length, ...manifest.input.shape.slice(1).map(Number)];
    // the network keeps its head of 797 classes; those that nothing is an example of are named by a number
    const training = openTraining(
      model,
      {
        classes: Array.from({ length: manifest.output.classes }, (_, at) => `class ${at}`),
        train: { inputs: { input: { dtype: 'float32', shape, data } }, labels: Int32Array.from(one.labels) },
      },
      {
        phases: [
          {
            groups: [{ id: 'all', weights: one.trained, learningRate: one.rate }],
            epochs: one.losses.length,
            statistics: one.batchStatistics ? 'batch' : 'stored',
          },
        ],
        optimizer: one.optimizer,
        weightDecay: one.weightDecay,
        replacesHead: false,
      },
      { createSession, now: () => 0, poolMethod: 'indices' },
    );
    for (const [at, expected] of one.losses.entries()) {
      const report = await training.next();
      const error = Math.abs((report?.loss ?? NaN) - expected) / one.losses[0];
      assert.ok(error < 1e-4, `step ${at}: ${report?.loss}, PyTorch ${expected}`);
    }
    assert.ok(one.losses.at(-1)! < 0.7 * one.losses[0], 'the curve shows learning');
    await training.release();
  });
