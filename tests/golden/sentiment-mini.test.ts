/** The committed classifier judges the recipe's sentences as PyTorch does, in float32 and in int8, padded and not, and is what its manifest says. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { dequantizeWeights } from '../../src/engine/onnx/dequantize-weights.ts';
import { measureCost } from '../../src/engine/onnx/cost.ts';
import { readModel } from '../../src/engine/onnx/reader.ts';
import { parseTextManifest } from '../../src/engine/registry/text-manifest.ts';
import { createNodeRuntime } from '../../src/engine/runtime/node.ts';
import { inputsOf, openTokenizer, readText } from '../../src/labs/bert-lens/text.ts';
import { checkFiles, closeTo, compareValue, type TextGolden } from './text-golden.ts';

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const golden = JSON.parse(readFileSync(at('tests/golden/sentiment-mini.json'), 'utf8')) as TextGolden<{
  /** Logits of the text with three [PAD] behind it. */
  padded?: number[];
}>;
const { tolerance } = golden.made;
const manifestPath = 'models/sentiment-mini/manifest.json';
const folder = at('public/models/sentiment-mini/');
const manifest = parseTextManifest(JSON.parse(readFileSync(`${folder}manifest.json`, 'utf8')), manifestPath);
const tokenizer = openTokenizer(
  manifest,
  new Uint8Array(readFileSync(folder + manifest.files.vocabulary.path)),
);
const runtime = createNodeRuntime([{ manifestPath, manifest }], { publicDir: at('public') });
const tokensOf = (sentence: string) => readText(sentence, new Set(), tokenizer, manifest.input).tokens;
const [first] = golden.cases;

/** Logits by label, as PyTorch has them. */
function expectedLogits(best: Record<string, [id: number, logit: number][]>): number[] {
  return best['text'].toSorted(([one], [other]) => one - other).map(([, logit]) => logit);
}

test('the manifest tells the truth about its files, and the goldens belong to them', () =>
  checkFiles(golden, manifest, folder));

test('parameters and MACs are what the engine counts', () => {
  const file = new Uint8Array(readFileSync(folder + manifest.files.weights.path));
  const { total } = measureCost(dequantizeWeights(readModel(file)), undefined, (name) =>
    name === 'T' ? manifest.input.longest : 1,
  );
  assert.deepEqual([total.parameters, total.macs], [manifest.parameters, manifest.macs]);
});

test('in float32 every value of the graph agrees with PyTorch', async () => {
  const names = Object.keys(first.values);
  const model = await runtime.load('sentiment-mini', { precision: 'fp32', values: names });
  assert.deepEqual(
    model.labels.map(({ name }) => name),
    ['negative', 'positive'],
  );
  for (const { sentence, pieces, values, best } of golden.cases) {
    const tokens = tokensOf(sentence);
    assert.deepEqual(
      tokens.map(({ piece }) => piece),
      pieces,
    );
    const { outputs } = await model.run(inputsOf(tokens, manifest.input), { outputs: names });
    for (const name of names) compareValue(`${sentence}: ${name}`, outputs[name], values[name], tolerance);
    expectedLogits(best).forEach((logit, label) =>
      closeTo(outputs['logits'].data[label], logit, tolerance, `${sentence}: label ${label}`),
    );
  }
});

test('padding that the mask names changes no judgement', async () => {
  const model = await runtime.load('sentiment-mini', { precision: 'fp32' });
  const { name, mask = '' } = manifest.input;
  const { ids, padded = [] } = first;
  const length = ids.length + 3;
  const fill = (values: readonly number[]) =>
    BigInt64Array.from({ length }, (_, place) => BigInt(values[place] ?? 0));
  const { outputs } = await model.run({
    [name]: { dtype: 'int64', shape: [1, length], data: fill(ids) },
    [mask]: { dtype: 'int64', shape: [1, length], data: fill(ids.map(() => 1)) },
  });
  assert.equal(padded.length, 2);
  padded.forEach((logit, label) =>
    closeTo(outputs['logits'].data[label], logit, tolerance, `label ${label}`),
  );
});

// Short and odd texts lie at the edge of the ranges; over the sentences of SST-2 int8 changes no answer (see the card)
test('in int8 the label is the same and the logits stay close', async () => {
  const model = await runtime.load('sentiment-mini', { precision: 'int8' });
  const largest = Math.max(...golden.cases.flatMap(({ best }) => expectedLogits(best)).map(Math.abs));
  for (const { sentence, best } of golden.cases) {
    const { outputs } = await model.run(inputsOf(tokensOf(sentence), manifest.input));
    const [negative, positive] = outputs['logits'].data;
    const expected = expectedLogits(best);
    assert.equal(positive > negative, expected[1] > expected[0], sentence);
    [negative, positive].forEach((logit, label) =>
      assert.ok(
        Math.abs(logit - expected[label]) <= 0.2 * largest,
        `${sentence}: label ${label} is ${logit}`,
      ),
    );
  }
});
