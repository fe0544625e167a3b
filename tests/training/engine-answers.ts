/**
 * What the site's engine makes of an exported network: `node engine-answers.ts <folder>` reads model.onnx, manifest.json and
 * input.bin (float32 [n, 3, 64, 64]) and prints JSON for test_engine.py.
 */
import { readFileSync } from 'node:fs';
import * as ort from 'onnxruntime-node';
import { findBlocks } from '../../src/engine/onnx/blocks.ts';
import { measureCost } from '../../src/engine/onnx/cost.ts';
import { dequantizeWeights } from '../../src/engine/onnx/dequantize-weights.ts';
import { quantizeActivations } from '../../src/engine/onnx/quantize-activations.ts';
import { readModel } from '../../src/engine/onnx/reader.ts';
import { inferShapes } from '../../src/engine/onnx/shapes.ts';
import type { Model } from '../../src/engine/onnx/types.ts';
import { writeModel } from '../../src/engine/onnx/writer.ts';
import { parseManifest } from '../../src/engine/registry/manifest.ts';

const folder = process.argv[2] ?? '.';
const manifest = parseManifest(JSON.parse(readFileSync(`${folder}/manifest.json`, 'utf8')), folder);
const stored = readModel(new Uint8Array(readFileSync(`${folder}/${manifest.files.weights.path}`)));
const input = new Float32Array(new Uint8Array(readFileSync(`${folder}/input.bin`)).buffer);
const [, ...sides] = manifest.input.shape;
const count = input.length / sides.reduce((product, side) => product * side, 1);

const float = dequantizeWeights(stored);
const shapes = inferShapes(float);
const { total, unknown } = measureCost(float, shapes);
const ranges = manifest.activationRanges ?? {};

console.log(
  JSON.stringify({
    parameters: total.parameters,
    macs: total.macs,
    unknownCosts: unknown.map(({ name }) => name),
    problems: shapes.problems,
    unknownOperators: shapes.unknownOperators,
    dims: Object.fromEntries([...shapes.values].map(([name, { dims }]) => [name, dims])),
    blocks: findBlocks(float, shapes).map(({ id, kind }) => [id, kind]),
    fp32: await run(float),
    int8: await run(quantizeActivations(stored, ranges)),
  }),
);

async function run(model: Model): Promise<number[]> {
  const session = await ort.InferenceSession.create(writeModel(model), {
    intraOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  const feeds = { [manifest.input.name]: new ort.Tensor('float32', input, [count, ...sides]) };
  const { [manifest.output.name]: logits } = await session.run(feeds);
  if (!(logits?.data instanceof Float32Array)) throw new Error('The network gives no float32 logits.');
  return [...logits.data];
}
