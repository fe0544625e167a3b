// The network in int8 against its float32 form, TensorFlow.js and the native runtime: one thread each, the same
// inputs, one run each in turn for 50 rounds, so that whatever slows the machine slows them all.
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { chromium } from 'playwright-core';
import { serve } from '../scripts/serve.ts';
import { dequantizeWeights } from '../src/engine/onnx/dequantize-weights.ts';
import { quantizeActivations } from '../src/engine/onnx/quantize-activations.ts';
import { readModel } from '../src/engine/onnx/reader.ts';
import { float32Values } from '../src/engine/onnx/tensor-values.ts';
import { writeModel } from '../src/engine/onnx/writer.ts';
import { chromiumPath } from '../tests/browser/built-site.ts';
import { makePixels, normalise, readGolden, readModelFiles } from '../tests/golden/golden.ts';
import { atMost, median, rounded } from './row.mjs';
import { seededTensors } from './seeded-tensors.js';

const root = new URL('..', import.meta.url).pathname;
const model = `${root}public/models/resnet-mixed/`;
const picture = [{ name: 'input', dtype: 'float32', shape: [1, 3, 64, 64] }];
const rounds = 50;
const warmUp = 5;
// A browser compiles a kernel anew, and better, once it has run some dozens of times
const tierUp = 60;

/** Rows `int8 / fp32`, `int8 / TF.js WASM`, `int8 / native fp32`: ratios of medians. */
export async function measure() {
  const folder = mkdtempSync(join(tmpdir(), 'thaw-bench-'));
  const graphs = writeGraphs(folder);
  // The page needs our files, both sets of packages and these graphs under one address
  for (const name of ['bench', 'node_modules']) symlinkSync(root + name, join(folder, name));
  const site = await serve({ root: folder, port: 0, headers: false });
  const browser = await chromium.launch({ executablePath: chromiumPath() });
  try {
    const page = await browser.newPage();
    page.on('console', (message) => console.log(`  page: ${message.text()}`));
    await page.goto(`${site.url}bench/contenders.html`);
    await page.waitForFunction(() => 'bench' in globalThis);
    await page.evaluate(async () => {
      const { bench } = globalThis;
      await bench.loadOnnx('int8', '../int8.onnx');
      await bench.loadOnnx('fp32', '../fp32.onnx');
      const backend = await bench.loadTfjs('tfjs', '../weights.json', '../weights.bin');
      if (backend !== 'wasm') throw new Error(`TensorFlow.js chose ${backend}`);
    });
    const native = await ort.InferenceSession.create(graphs.fp32, {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
    });
    const contenders = {
      native: (seed, withLogits) => runNative(native, seed, withLogits),
      ...Object.fromEntries(
        ['int8', 'fp32', 'tfjs'].map((name) => [
          name,
          (seed, withLogits) =>
            page.evaluate((args) => globalThis.bench.run(...args), [name, seed, withLogits]),
        ]),
      ),
    };
    await checkAgreement(contenders);
    const times = await race(contenders);
    const ms = Object.fromEntries(Object.entries(times).map(([name, values]) => [name, median(values)]));
    console.log(
      `  medians in ms: ${Object.entries(ms)
        .map(([name, value]) => `${name} ${rounded(value, 2)}`)
        .join(', ')}`,
    );
    const note = (other) =>
      `${rounded(ms.int8, 2)} ms against ${rounded(ms[other], 2)} ms, one thread each, median of ${rounds}`;
    return [
      atMost('int8 / fp32', rounded(ms.int8 / ms.fp32), '×', 0.7, note('fp32')),
      atMost('int8 / TF.js WASM', rounded(ms.int8 / ms.tfjs), '×', 0.9, note('tfjs')),
      atMost('int8 / native fp32', rounded(ms.int8 / ms.native), '×', 2.0, note('native')),
    ];
  } finally {
    await browser.close();
    await site.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Writes both graphs as the site runs them, and the weights for TensorFlow.js. */
export function writeGraphs(folder) {
  const stored = readModel(new Uint8Array(readFileSync(`${model}model.onnx`)));
  const { activationRanges } = JSON.parse(readFileSync(`${model}manifest.json`, 'utf8'));
  const plain = dequantizeWeights(stored);
  const fp32 = writeModel(plain);
  writeFileSync(join(folder, 'fp32.onnx'), fp32);
  writeFileSync(join(folder, 'int8.onnx'), writeModel(quantizeActivations(stored, activationRanges)));
  writeWeights(folder, plain);
  return { fp32 };
}

/** Writes a network's float32 weights for other libraries: an index, weights.json, and one block of numbers, weights.bin. */
export function writeWeights(folder, plain) {
  const tensors = [];
  const parts = [];
  let offset = 0;
  for (const [name, tensor] of plain.graph.initializers) {
    if (tensor.dtype !== 'float32') continue;
    const values = float32Values(tensor);
    tensors.push({ name, shape: tensor.dims, offset, length: values.length });
    parts.push(Buffer.from(values.buffer, values.byteOffset, values.byteLength));
    offset += values.byteLength;
  }
  const norm = plain.graph.nodes.find(({ opType }) => opType === 'BatchNormalization');
  const epsilon = norm?.attributes.get('epsilon')?.value ?? 1e-5;
  writeFileSync(join(folder, 'weights.json'), JSON.stringify({ epsilon, tensors }));
  writeFileSync(join(folder, 'weights.bin'), Buffer.concat(parts));
}

/** One run of the native runtime: milliseconds, and the logits if asked for. */
export async function runNative(session, seed, withLogits, inputs = picture) {
  const tensors = Array.isArray(seed)
    ? { input: { ...picture[0], data: Float32Array.from(seed) } }
    : seededTensors(inputs, seed);
  const feeds = Object.entries(tensors).map(([name, { dtype, data, shape }]) => [
    name,
    new ort.Tensor(dtype, data, shape),
  ]);
  const startedAt = performance.now();
  const { logits } = await session.run(Object.fromEntries(feeds));
  const elapsedMs = performance.now() - startedAt;
  return { elapsedMs, logits: withLogits ? [...logits.data] : undefined };
}

/**
 * The three float32 forms must be the same network; int8 may differ by 0.15 of the largest logit. On pictures: the ranges of
 * the int8 form were measured on pictures, and on waves it may say anything.
 */
async function checkAgreement(contenders) {
  for (const input of await pictures()) {
    const { logits: expected } = await contenders.native(input, true);
    const scale = Math.max(...expected.map(Math.abs));
    for (const [name, allowed] of [
      ['fp32', 1e-3],
      ['tfjs', 1e-3],
      ['int8', 0.15],
    ]) {
      const { logits } = await contenders[name](input, true);
      const error = Math.max(...logits.map((value, i) => Math.abs(value - expected[i]))) / scale;
      if (logits.length !== expected.length || !(error <= allowed))
        throw new Error(`${name} is another network: its logits are off by ${error} of the largest`);
      console.log(`  ${name} agrees with native fp32 to ${error.toExponential(1)} of the largest logit`);
    }
  }
}

/** The golden pictures as network inputs, float32 [3, 64, 64] as plain arrays. */
async function pictures() {
  const { manifest } = readModelFiles('resnet-mixed');
  const cases = readGolden('resnet-mixed').cases.filter(({ input }) => input.kind === 'gallery');
  const pixels = await Promise.all(cases.map(makePixels));
  return pixels.filter(Boolean).map((picture) => [...normalise(picture, manifest.input)]);
}

/** Milliseconds of each contender over all rounds; the order turns by one place a round. */
async function race(contenders) {
  const names = Object.keys(contenders);
  const times = Object.fromEntries(names.map((name) => [name, []]));
  for (const name of names) for (let run = 0; run < tierUp; run += 1) await contenders[name](run, false);
  for (let round = -warmUp; round < rounds; round += 1) {
    for (let place = 0; place < names.length; place += 1) {
      const name = names[(place + round + warmUp) % names.length];
      const { elapsedMs } = await contenders[name](round, false);
      if (round >= 0) times[name].push(elapsedMs);
    }
  }
  return times;
}
