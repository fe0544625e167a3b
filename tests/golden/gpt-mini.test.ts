/** The committed decoder goes on as PyTorch does, in float32 and in int8, whole and step by step, and is what its manifest says. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { dequantizeWeights } from '../../src/engine/onnx/dequantize-weights.ts';
import { measureCost } from '../../src/engine/onnx/cost.ts';
import { readModel } from '../../src/engine/onnx/reader.ts';
import { parseTextManifest } from '../../src/engine/registry/text-manifest.ts';
import { createNodeRuntime } from '../../src/engine/runtime/node.ts';
import type { Precision } from '../../src/engine/runtime/types.ts';
import { inputsOf, openTokenizer, readText } from '../../src/labs/bert-lens/text.ts';
import { attentionName, describeDecoder } from '../../src/labs/gpt-lens/decoder.ts';
import { openMemory, rememberedValues, wholeMaps } from '../../src/labs/gpt-lens/memory.ts';
import { checkFiles, checkInt8, closeTo, compareBest, compareValue, type TextGolden } from './text-golden.ts';

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const golden = JSON.parse(readFileSync(at('tests/golden/gpt-mini.json'), 'utf8')) as TextGolden;
const { tolerance } = golden.made;
const manifestPath = 'models/gpt-mini/manifest.json';
const folder = at('public/models/gpt-mini/');
const manifest = parseTextManifest(JSON.parse(readFileSync(`${folder}manifest.json`, 'utf8')), manifestPath);
const weights = new Uint8Array(readFileSync(folder + manifest.files.weights.path));
const decoder = describeDecoder(weights, 'gpt-mini', manifest.title);
const tokenizer = openTokenizer(
  manifest,
  new Uint8Array(readFileSync(folder + manifest.files.vocabulary.path)),
);
const runtime = createNodeRuntime([{ manifestPath, manifest }], { publicDir: at('public') });
const tokensOf = (sentence: string) => readText(sentence, new Set(), tokenizer, manifest.input).tokens;
const [first] = golden.cases;

test('the manifest tells the truth about its files, and the goldens belong to them', () =>
  checkFiles(golden, manifest, folder));

test('parameters and MACs are what the engine and the lens count', () => {
  const { total } = measureCost(dequantizeWeights(readModel(weights)), undefined, (name) =>
    name === 'T' ? manifest.input.longest : 1,
  );
  assert.deepEqual([total.parameters, total.macs], [manifest.parameters, manifest.macs]);
  assert.equal(decoder.parameters, manifest.parameters);
});

test('the sentences become the same pieces', () => {
  for (const { sentence, pieces, ids } of golden.cases)
    assert.deepEqual(
      tokensOf(sentence).map(({ piece, id }) => [piece, id]),
      pieces.map((piece, place) => [piece, ids[place]]),
    );
});

test('in float32 every value of the graph agrees with PyTorch', async () => {
  const names = Object.keys(first.values).filter((name) => name !== 'input_ids');
  const model = await runtime.load('gpt-mini', { precision: 'fp32', values: names });
  for (const one of golden.cases) {
    const { outputs } = await model.run(inputsOf(tokensOf(one.sentence), manifest.input), { outputs: names });
    for (const name of names)
      compareValue(`${one.sentence}: ${name}`, outputs[name], one.values[name], tolerance);
    compareBest(outputs['logits'].data, one, { pieces: decoder.pieces, tolerance });
  }
});

test('in int8 the logits stay close', async () => {
  assert.ok(manifest.activationRanges, 'the manifest has no activation ranges');
  const model = await runtime.load('gpt-mini', { precision: 'int8' });
  for (const one of golden.cases) {
    const { outputs } = await model.run(inputsOf(tokensOf(one.sentence), manifest.input));
    checkInt8(outputs['logits'].data, one, decoder.pieces);
  }
});

for (const precision of ['fp32', 'int8'] satisfies Precision[])
  test(`step by step it computes what the whole pass computes, in ${precision}`, async () => {
    const asked = ['logits', ...Array.from({ length: decoder.layers }, (_, layer) => attentionName(layer))];
    const whole = await runtime.load('gpt-mini', { precision, values: asked });
    const steps = await runtime.load('gpt-mini', {
      precision,
      values: rememberedValues(decoder),
      remembers: true,
    });
    // As long as the network goes, so that every place is tried
    const ids = Array.from(
      { length: manifest.input.longest },
      (_, place) => first.ids[place] ?? 5 + ((place * 37) % 7000),
    );
    const data = BigInt64Array.from(ids, BigInt);
    const { outputs } = await whole.run(
      { input_ids: { dtype: 'int64', shape: [1, ids.length], data } },
      { outputs: asked },
    );
    const memory = openMemory(steps, decoder);
    // Three at once, then one by one
    for (let count = 3; count <= ids.length; count++) await memory.read(ids.slice(0, count));
    const { pieces } = await memory.read(ids);
    // Integer products round alike in both; what differs comes from the order of sums in between
    const scale = outputs['logits'].data.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
    const allowed = precision === 'fp32' ? tolerance : 0.02;
    let worst = 0;
    pieces.forEach(({ logits }, place) => {
      const row = outputs['logits'].data.subarray(place * decoder.pieces, (place + 1) * decoder.pieces);
      logits.forEach((value, id) => (worst = Math.max(worst, Math.abs(value - row[id]))));
    });
    assert.ok(worst <= allowed * scale, `logits differ by up to ${worst}, the largest is ${scale}`);
    wholeMaps(pieces, decoder).forEach((map, layer) => {
      const expected = outputs[attentionName(layer)].data;
      map.forEach((value, cell) => closeTo(value, expected[cell], allowed, `attention ${layer}, ${cell}`));
    });
  });
