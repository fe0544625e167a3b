/** The lens's experiment against a runtime that only pretends: order of steps, shapes, and how it ends. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { cancelledError } from '../../../src/engine/errors.ts';
import type { LoadedModel, LoadOptions, Runtime } from '../../../src/engine/runtime/types.ts';
import type { Manifest } from '../../../src/engine/registry/manifest.ts';
import { describeNetwork } from '../../../src/labs/describe-network.ts';
import { runLens, type LensStep } from '../../../src/labs/resnet-lens.ts';
import { network } from '../figures/lens-fixture.ts';

const picture = { width: 8, height: 8, data: new Uint8ClampedArray(8 * 8 * 4).fill(255) };
const report = { backend: 'wasm', build: 'wasm', threads: 1, precision: 'int8', note: '' } as const;

/** A model whose logits are 0, 1, 2 and whose blocks all answer with ones. */
const model = {
  manifest: {
    task: 'image-classification',
    input: {
      name: 'input',
      mean: [0, 0, 0],
      std: [1, 1, 1],
      scale: 255,
      resize: { mode: 'contain', size: 8, background: '#ffffff' },
    },
    output: { name: 'logits', classes: 3 },
  },
  labels: ['fox', 'owl', 'teapot'].map((name) => ({ id: name, name, source: 'emoji' })),
  report,
  storageRefused: false,
  run: (_inputs: unknown, { outputs = [] }: { outputs?: readonly string[] } = {}) => {
    const tensors = outputs.map((name) => {
      const shape = network.blocks.find((block) => block.output === name)?.shape ?? [3];
      const data =
        name === 'logits'
          ? Float32Array.of(0, 1, 2)
          : new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(1);
      return [name, { dtype: 'float32', shape: [1, ...shape], data }];
    });
    return Promise.resolve({ ...report, outputs: Object.fromEntries(tensors), elapsedMs: 5 });
  },
} as unknown as LoadedModel;

function pretend(load: (options: LoadOptions) => Promise<LoadedModel>): Runtime {
  return { load: (_id: string, options: LoadOptions = {}) => load(options) } as unknown as Runtime;
}

async function collect(runtime: Runtime): Promise<LensStep[]> {
  const steps: LensStep[] = [];
  for await (const step of runLens(runtime, { network, picture })) steps.push(step);
  return steps;
}

test('loading is followed by the model, then by the answer', async () => {
  let asked: readonly string[] = [];
  const steps = await collect(
    pretend(async ({ onProgress, onStage, values = [] }) => {
      asked = values;
      onProgress?.({ receivedBytes: 1, totalBytes: 2, part: 'weights' });
      await Promise.resolve();
      onStage?.('session');
      return model;
    }),
  );
  const kinds = steps.map(({ kind }) => kind);
  assert.equal(kinds[0], 'loading');
  assert.deepEqual(kinds.slice(-2), ['loaded', 'answer']);
  assert.deepEqual(
    asked,
    network.blocks.map((block) => block.output),
  );
});

test('the answer names the likeliest classes and keeps every block', async () => {
  const last = (await collect(pretend(() => Promise.resolve(model)))).at(-1);
  assert.ok(last?.kind === 'answer');
  const { top, stacks, faces } = last.answer;
  assert.deepEqual(
    top.map(({ name }) => name),
    ['teapot', 'owl', 'fox'],
  );
  assert.ok(Math.abs(top.reduce((sum, { probability }) => sum + probability, 0) - 1) < 1e-12);
  assert.deepEqual(Object.keys(stacks), ['stem', '1.1', 'pool', 'head']);
  assert.deepEqual(Object.keys(faces), ['stem', '1.1'], 'a vector has no front face');
});

test('a load that fails ends the run with its own error', async () => {
  const lost = cancelledError('The download');
  await assert.rejects(collect(pretend(() => Promise.reject(lost))), lost);
});

const folder = new URL('../../../public/models/resnet-mixed/', import.meta.url);
const hasModel = existsSync(new URL('model.onnx', folder));

test(
  'the file of resnet-mixed is described as its manifest says',
  { skip: !hasModel && 'no model file here' },
  () => {
    const manifest = JSON.parse(readFileSync(new URL('manifest.json', folder), 'utf8')) as Manifest;
    const described = describeNetwork(
      readFileSync(new URL('model.onnx', folder)),
      'resnet-mixed',
      manifest.title,
    );
    assert.equal(described.parameters, manifest.parameters);
    assert.equal(described.macs, manifest.macs);
    assert.equal(described.classes, manifest.output.classes);
    assert.deepEqual(
      described.blocks.map(({ id }) => id),
      ['stem', '1.1', '1.2', '2.1', '2.2', '3.1', '3.2', '4.1', '4.2', 'pool', 'head'],
    );
    assert.deepEqual(described.inputShape, [3, 64, 64]);
    const sum = described.blocks.reduce((total, block) => total + block.parameters, 0);
    assert.equal(sum, described.parameters, 'blocks and total count the same weights');
    assert.equal(described.training['feature-extractor'].parameters, described.blocks.at(-1)?.parameters);
    assert.equal(described.training['from-scratch'].parameters, described.parameters);
  },
);
