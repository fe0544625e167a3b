/** Each committed picture network computes what PyTorch computed, in float32 and in int8, and is what its manifest says. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { describe, test, type TestContext } from 'node:test';
import * as ort from 'onnxruntime-node';
import { addOutputs } from '../../src/engine/onnx/add-outputs.ts';
import { measureCost } from '../../src/engine/onnx/cost.ts';
import { dequantizeWeights } from '../../src/engine/onnx/dequantize-weights.ts';
import { quantizeActivations } from '../../src/engine/onnx/quantize-activations.ts';
import { readModel } from '../../src/engine/onnx/reader.ts';
import { inferShapes } from '../../src/engine/onnx/shapes.ts';
import { writeModel } from '../../src/engine/onnx/writer.ts';
import { MODELS } from '../../src/engine/registry/models.ts';
import { makePixels, normalise, readGolden, readModelFiles, type GoldenCase } from './golden.ts';

// What int8 may cost: a tenth of the best logit at any of them
const int8Tolerance = 0.1;

const readTask = (path: string): string =>
  (JSON.parse(readFileSync(new URL(`../../public/${path}`, import.meta.url), 'utf8')) as { task: string })
    .task;

const readLabels = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as { source: string }[];

const pictureNetworks = MODELS.filter(
  ({ manifestPath }) => readTask(manifestPath) === 'image-classification',
);

for (const { id } of pictureNetworks)
  describe(id, () => {
    const golden = readGolden(id);
    const { folder, manifest, weights } = readModelFiles(id);
    const stored = readModel(weights);
    const knowsDrawings = readLabels(folder + manifest.files.labels.path).some(
      ({ source }) => source === 'emoji',
    );
    const valueNames = Object.keys(golden.cases[0]?.values ?? {}).filter((name) => name !== 'input');

    test('the manifest tells the truth about its files', () => {
      for (const file of [manifest.files.weights, manifest.files.labels]) {
        assert.equal(statSync(folder + file.path).size, file.sizeBytes, file.path);
        assert.equal(
          createHash('sha256')
            .update(readFileSync(folder + file.path))
            .digest('hex'),
          file.sha256,
          file.path,
        );
      }
      assert.equal(readLabels(folder + manifest.files.labels.path).length, manifest.output.classes);
    });

    test('the manifest counts parameters and MACs as the engine does', () => {
      const { total } = measureCost(dequantizeWeights(stored));
      assert.equal(total.parameters, manifest.parameters);
      assert.equal(total.macs, manifest.macs);
    });

    test('the goldens belong to the committed weights', () => {
      assert.equal(
        golden.made.model.sha256,
        manifest.files.weights.sha256,
        `make them again: ${golden.made.script}`,
      );
      assert.ok(golden.cases.length >= 3);
    });

    test('in float32 every value of the graph agrees with PyTorch', async (t) => {
      const session = await openSession(writeModel(dequantizeWeights(stored)), valueNames);
      await eachCase(t, session, (one, values) => {
        for (const name of valueNames) compareValue(name, values[name], one);
        const logits = floats(values[manifest.output.name]);
        assert.deepEqual(
          best(logits, 5),
          one.topk.map(([index]) => index),
        );
        one.topk.forEach(([index, logit]) =>
          closeTo(logits[index] ?? NaN, logit, largest(one.topk.map(([, value]) => value)), `logit ${index}`),
        );
      });
    });

    test('shapes inferred from the graph equal those computed', async () => {
      const session = await openSession(writeModel(dequantizeWeights(stored)), valueNames);
      const { values: inferred, problems, unknownOperators } = inferShapes(dequantizeWeights(stored));
      assert.deepEqual([problems, unknownOperators], [[], []]);
      const [first] = golden.cases;
      assert.ok(first);
      const values = await run(session, first);
      for (const name of valueNames) {
        const dims = inferred.get(name)?.dims?.map((dim) => (dim === 'N' ? 1 : dim));
        assert.deepEqual(dims, values?.[name]?.dims, name);
      }
    });

    test('in int8 the best class is the same and the logits stay close', async (t) => {
      assert.ok(manifest.activationRanges, 'the manifest has no activation ranges');
      const session = await openSession(
        writeModel(quantizeActivations(stored, manifest.activationRanges)),
        [],
      );
      await eachCase(t, session, (one, values) => {
        const logits = floats(values[manifest.output.name]);
        const expected = one.values[manifest.output.name];
        assert.ok(expected);
        one.logits.forEach((logit, index) => {
          const error = Math.abs((logits[index] ?? NaN) - logit);
          assert.ok(
            error <= int8Tolerance * largest(one.topk.map(([, value]) => value)),
            `logit ${index}: ${logits[index]} instead of ${logit}`,
          );
        });
        // In what looks like nothing that it knows, two classes nearer to each other than the error may change places
        const [[, top]] = one.topk;
        const isStrange = one.name === 'noise' || (one.name.includes(' in ') && !knowsDrawings);
        const margin = isStrange ? int8Tolerance * top : 0;
        const likely = one.topk.filter(([, value]) => value >= top - margin).map(([index]) => index);
        assert.ok(
          likely.includes(best(logits, 1)[0]),
          `class ${best(logits, 1)[0]} instead of ${likely.join(' or ')}`,
        );
      });
    });

    /** Runs every case, each a test of its own. */
    async function eachCase(
      t: TestContext,
      session: ort.InferenceSession,
      check: (one: GoldenCase, values: Record<string, ort.Tensor>) => void,
    ): Promise<void> {
      for (const one of golden.cases)
        await t.test(one.name, async (t) => {
          const values = await run(session, one);
          if (values) check(one, values);
          else t.skip('the picture sheets are not built: npm run build');
        });
    }

    async function openSession(bytes: Uint8Array, values: readonly string[]): Promise<ort.InferenceSession> {
      const isOutput = new Set(stored.graph.outputs.map(({ name }) => name));
      const more = values
        .filter((name) => !isOutput.has(name))
        .map((name) => ({ name, dtype: 'float32' as const }));
      return ort.InferenceSession.create(addOutputs(bytes, more), {
        intraOpNumThreads: 1,
        logSeverityLevel: 3,
      });
    }

    async function run(
      session: ort.InferenceSession,
      one: GoldenCase,
    ): Promise<Record<string, ort.Tensor> | undefined> {
      const pixels = await makePixels(one);
      if (!pixels) return undefined;
      const input = new ort.Tensor('float32', normalise(pixels, manifest.input), [1, 3, 64, 64]);
      return session.run({ [manifest.input.name]: input });
    }

    function compareValue(name: string, tensor: ort.Tensor | undefined, { values }: GoldenCase): void {
      const expected = values[name];
      assert.ok(tensor && expected, `${name} is missing`);
      assert.deepEqual(tensor.dims, expected.shape, name);
      const data = floats(tensor);
      const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
      const deviation = Math.sqrt(data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length);
      const scale = Math.abs(expected.mean) + expected.std;
      closeTo(mean, expected.mean, scale, `${name}: mean`);
      closeTo(deviation, expected.std, scale, `${name}: standard deviation`);
      expected.first.forEach((value, index) =>
        closeTo(data[index] ?? NaN, value, scale, `${name}[${index}]`),
      );
    }

    /** Relative to the size of the value's numbers; the file rounds to six decimals. */
    function closeTo(actual: number, expected: number, scale: number, what: string): void {
      const allowed = golden.made.tolerance * Math.max(Math.abs(expected), scale) + 1e-5;
      assert.ok(
        Math.abs(actual - expected) <= allowed,
        `${what} is ${actual}, expected ${expected} within ${allowed}`,
      );
    }
  });

function floats(tensor: ort.Tensor | undefined): Float32Array {
  assert.ok(tensor?.data instanceof Float32Array, 'expected a float32 tensor');
  return tensor.data;
}

function best(logits: Float32Array, count: number): number[] {
  return [...logits.keys()].sort((a, b) => (logits[b] ?? 0) - (logits[a] ?? 0)).slice(0, count);
}

function largest(values: readonly number[]): number {
  return Math.max(...values.map(Math.abs));
}
