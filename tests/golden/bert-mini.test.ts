/** The committed encoder reads the recipe's sentences as PyTorch does, in float32 and in int8, and is what its manifest says. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { dequantizeWeights } from '../../src/engine/onnx/dequantize-weights.ts';
import { measureCost } from '../../src/engine/onnx/cost.ts';
import { readModel } from '../../src/engine/onnx/reader.ts';
import { parseTextManifest } from '../../src/engine/registry/text-manifest.ts';
import { openModelSessions } from '../../src/engine/runtime/model-sessions.ts';
import { createNodeRuntime } from '../../src/engine/runtime/node.ts';
import { describeEncoder } from '../../src/labs/bert-lens/encoder.ts';
import { encodeText, guessPiece, lensValues } from '../../src/labs/bert-lens/run.ts';
import { inputsOf, openTokenizer, readText, type LensToken } from '../../src/labs/bert-lens/text.ts';
import { checkFiles, checkInt8, closeTo, compareBest, compareValue, type TextGolden } from './text-golden.ts';

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const golden = JSON.parse(readFileSync(at('tests/golden/bert-mini.json'), 'utf8')) as TextGolden<{
  /** First logits of the text with three [PAD] behind it. */
  padded: number[];
}>;
const { tolerance } = golden.made;
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
  checkFiles(golden, manifest, folder);
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

test('a session that stops at the lens’s values computes no head, and reads the same', async () => {
  const values = lensValues(encoder);
  const made: Uint8Array[] = [];
  const idle = { run: () => Promise.resolve({}), release: () => Promise.resolve() };
  const create = (bytes: Uint8Array) => Promise.resolve((made.push(bytes), idle));
  await openModelSessions(
    weights,
    manifest,
    { precision: 'int8', values, stopsAtValues: true },
    create,
    () => 0,
  );
  const { nodes, outputs } = readModel(made[0]).graph;
  assert.deepEqual(outputs.map(({ name }) => name).sort(), values.toSorted());
  assert.ok(!nodes.some((node) => node.outputs.includes(manifest.output.name)));

  const inputs = inputsOf(tokensOf(first.sentence), manifest.input);
  const [whole, part] = await Promise.all(
    [false, true].map((stopsAtValues) => runtime.load('bert-mini', { values, stopsAtValues })),
  );
  const asked = { outputs: values };
  assert.deepEqual((await part.run(inputs, asked)).outputs, (await whole.run(inputs, asked)).outputs);
  assert.deepEqual((await part.run(inputs)).outputs, (await whole.run(inputs)).outputs);
});

test('in float32 every value of the graph agrees with PyTorch', async () => {
  const names = Object.keys(first.values).filter((name) => !(name in { input_ids: 0, attention_mask: 0 }));
  const model = await runtime.load('bert-mini', { precision: 'fp32', values: names });
  for (const one of golden.cases) {
    const { outputs } = await model.run(inputsOf(tokensOf(one.sentence), manifest.input), { outputs: names });
    for (const name of names)
      compareValue(`${one.sentence}: ${name}`, outputs[name], one.values[name], tolerance);
    compareBest(outputs['logits'].data, one, { pieces: encoder.pieces, tolerance });
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
    one.padded.forEach((value, i) =>
      closeTo(outputs['logits'].data[i], value, tolerance, `padded logit ${i}`),
    );
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

test('in int8 the logits stay close', async () => {
  assert.ok(manifest.activationRanges, 'the manifest has no activation ranges');
  const model = await runtime.load('bert-mini', { precision: 'int8' });
  for (const one of golden.cases) {
    const { outputs } = await model.run(inputsOf(tokensOf(one.sentence), manifest.input));
    checkInt8(outputs['logits'].data, one, encoder.pieces);
  }
});
