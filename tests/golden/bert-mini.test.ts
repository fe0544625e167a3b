/** The committed encoder reads the recipe's sentences as PyTorch does, in float32 and in int8, and is what its manifest says. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { dequantizeWeights } from '../../src/engine/onnx/dequantize-weights.ts';
import { measureCost } from '../../src/engine/onnx/cost.ts';
import { readModel } from '../../src/engine/onnx/reader.ts';
import { topK } from '../../src/engine/preprocess/probabilities.ts';
import { parseTextManifest } from '../../src/engine/registry/text-manifest.ts';
import { createNodeRuntime } from '../../src/engine/runtime/node.ts';
import type { LoadedModel } from '../../src/engine/runtime/types.ts';
import { describeEncoder } from '../../src/labs/bert-lens/encoder.ts';
import { encodeText, guessPiece, lensValues } from '../../src/labs/bert-lens/run.ts';
import { inputsOf, openTokenizer, readText, type LensToken } from '../../src/labs/bert-lens/text.ts';
import type { ValueSummary } from './golden.ts';

interface TextCase {
  sentence: string;
  pieces: string[];
  ids: number[];
  /** The five best pieces and their logits at each asked place. */
  best: Record<string, [id: number, logit: number][]>;
  /** First logits of the text with three [PAD] behind it. */
  padded: number[];
  values: Record<string, ValueSummary>;
}

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const golden = JSON.parse(readFileSync(at('tests/golden/bert-mini.json'), 'utf8')) as {
  made: { script: string; model: { sha256: string }; vocabulary: { sha256: string }; tolerance: number };
  cases: TextCase[];
};
const manifestPath = 'models/bert-mini/manifest.json';
const folder = at('public/models/bert-mini/');
const manifest = parseTextManifest(JSON.parse(readFileSync(`${folder}manifest.json`, 'utf8')), manifestPath);
const weights = new Uint8Array(readFileSync(folder + manifest.files.weights.path));
const vocabulary = new Uint8Array(readFileSync(folder + manifest.files.vocabulary.path));
const encoder = describeEncoder(weights, 'bert-mini', manifest.title);
const tokenizer = openTokenizer(manifest, vocabulary);
const runtime = createNodeRuntime([{ manifestPath, manifest }], { publicDir: at('public') });
const tokensOf = (sentence: string) => readText(sentence, new Set(), tokenizer, manifest.input).tokens;
const [first] = golden.cases;

test('the manifest tells the truth about its files, and the goldens belong to them', () => {
  for (const file of [manifest.files.weights, manifest.files.vocabulary]) {
    assert.equal(statSync(folder + file.path).size, file.sizeBytes, file.path);
    assert.equal(sha256(readFileSync(folder + file.path)), file.sha256, file.path);
  }
  assert.equal(
    golden.made.model.sha256,
    manifest.files.weights.sha256,
    `make them again: ${golden.made.script}`,
  );
  assert.equal(golden.made.vocabulary.sha256, manifest.files.vocabulary.sha256);
  assert.ok(golden.cases.length >= 3);
});

test('parameters and MACs are what the engine and the lens count', () => {
  const { total } = measureCost(dequantizeWeights(readModel(weights)), undefined, (name) =>
    name === 'T' ? manifest.input.longest : 1,
  );
  assert.deepEqual([total.parameters, total.macs], [manifest.parameters, manifest.macs]);
  assert.equal(encoder.parameters, manifest.parameters);
});

test('the sentences become the same pieces', () => {
  for (const { sentence, pieces, ids } of golden.cases) {
    const tokens = tokensOf(sentence);
    assert.deepEqual(
      tokens.map(({ piece }) => piece),
      pieces,
    );
    assert.deepEqual(
      tokens.map(({ id }) => id),
      ids,
    );
  }
});

test('in float32 every value of the graph agrees with PyTorch', async () => {
  const names = Object.keys(first.values).filter((name) => !(name in { input_ids: 0, attention_mask: 0 }));
  const model = await runtime.load('bert-mini', { precision: 'fp32', values: names });
  for (const one of golden.cases) {
    const { outputs } = await model.run(inputsOf(tokensOf(one.sentence), manifest.input), { outputs: names });
    for (const name of names) compareValue(`${one.sentence}: ${name}`, outputs[name], one.values[name]);
    compareBest(outputs['logits'].data, one, golden.made.tolerance);
  }
});

test('padding changes nothing', async () => {
  const model = await runtime.load('bert-mini', { precision: 'fp32' });
  for (const one of golden.cases) {
    const pad = tokenizer.idOf(manifest.input.special.pad);
    assert.ok(pad !== undefined);
    const padding: LensToken = { ...tokensOf(one.sentence)[0], id: pad };
    const inputs = inputsOf([...tokensOf(one.sentence), padding, padding, padding], manifest.input);
    const mask = inputs[manifest.input.mask ?? ''];
    mask.data.fill(0n as never, one.ids.length);
    const { outputs } = await model.run(inputs);
    one.padded.forEach((value, i) => closeTo(outputs['logits'].data[i], value, 1, `padded logit ${i}`));
  }
});

test('the head alone, behind the last layer, says what the whole network says', async () => {
  const model = await runtime.load('bert-mini', { precision: 'fp32', values: lensValues(encoder) });
  const encoded = await encodeText(model, encoder, tokensOf(first.sentence));
  for (const [place, best] of Object.entries(first.best)) {
    const guess = await guessPiece(model, encoder, encoded, Number(place), tokenizer);
    assert.deepEqual(
      guess.depths[encoder.layers].slice(0, 5).map(({ id }) => id),
      best.map(([id]) => id),
    );
    assert.equal(guess.depths.length, encoder.layers + 1);
  }
});

// What int8 may cost: logits within a tenth of the largest
const int8Tolerance = 0.1;

test('in int8 the logits stay close', async () => {
  assert.ok(manifest.activationRanges, 'the manifest has no activation ranges');
  const model = await runtime.load('bert-mini', { precision: 'int8' });
  for (const one of golden.cases) {
    const logits = await logitsOf(model, one);
    for (const [place, best] of Object.entries(one.best)) {
      const row = logits.subarray(Number(place) * encoder.pieces, (Number(place) + 1) * encoder.pieces);
      const largest = Math.max(...best.map(([, logit]) => Math.abs(logit)));
      for (const [id, logit] of best)
        assert.ok(
          Math.abs(row[id] - logit) <= int8Tolerance * largest,
          `${one.sentence}: logit ${id} is ${row[id]} instead of ${logit}`,
        );
    }
  }
});

async function logitsOf(model: LoadedModel, { sentence }: TextCase): Promise<Float32Array> {
  return (await model.run(inputsOf(tokensOf(sentence), manifest.input))).outputs['logits'].data;
}

function compareBest(logits: Float32Array, one: TextCase, tolerance: number): void {
  for (const [place, best] of Object.entries(one.best)) {
    const row = logits.subarray(Number(place) * encoder.pieces, (Number(place) + 1) * encoder.pieces);
    const found = topK(row, 5);
    best.forEach(([id, logit], rank) => {
      const scale = Math.max(...best.map(([, value]) => Math.abs(value)));
      assert.ok(
        Math.abs(found[rank].probability - logit) <= tolerance * scale + 1e-4,
        `${place}, rank ${rank}`,
      );
      // near ties may change places
      assert.ok(Math.abs(row[id] - logit) <= tolerance * scale + 1e-4, `${place}, piece ${id}`);
    });
  }
}

function compareValue(
  what: string,
  tensor: { shape: number[]; data: Float32Array },
  expected: ValueSummary,
): void {
  assert.deepEqual(tensor.shape, expected.shape, what);
  const { data } = tensor;
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
  const deviation = Math.sqrt(data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length);
  const scale = Math.abs(expected.mean) + expected.std;
  closeTo(mean, expected.mean, scale, `${what}: mean`);
  closeTo(deviation, expected.std, scale, `${what}: standard deviation`);
  expected.first.forEach((value, i) => closeTo(data[i] ?? NaN, value, scale, `${what}[${i}]`));
}

/** Relative to the size of the value's numbers; the file rounds to six decimals. */
function closeTo(actual: number, expected: number, scale: number, what: string): void {
  const allowed = golden.made.tolerance * Math.max(Math.abs(expected), scale) + 1e-5;
  assert.ok(
    Math.abs(actual - expected) <= allowed,
    `${what} is ${actual}, expected ${expected} within ${allowed}`,
  );
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
