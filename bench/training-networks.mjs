// The networks that bench/training.mjs trains: the committed ones with a new head for five classes, as files of their own.
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findBlocks } from '../src/engine/onnx/blocks.ts';
import { buildNode, float32Value, withGraph } from '../src/engine/onnx/build.ts';
import { dequantizeWeights } from '../src/engine/onnx/dequantize-weights.ts';
import { cutModel } from '../src/engine/onnx/edits/cut.ts';
import { readModel } from '../src/engine/onnx/reader.ts';
import { float32Tensor, int64Tensor } from '../src/engine/onnx/tensor-values.ts';
import { writeModel } from '../src/engine/onnx/writer.ts';
import { replaceHead } from '../src/engine/trainer/fresh-weights.ts';
import { writeWeights } from './speed.mjs';

const root = new URL('..', import.meta.url).pathname;
const classes = 5;

/**
 * Writes both networks with their manifests below the folder, and ResNet's weights for the other libraries. Returns a catalogue of
 * them, their files, and the names of the weights in their blocks, lowest first.
 */
export function writeNetworks(folder, { runtime, models }) {
  const found = (id) => models.find(({ manifest }) => manifest.id === id).manifest;
  const resnet = replaceHead(readFile('resnet-mixed', 'model.onnx'), classes, 1);
  const bert = replaceHead(withClassifier(readFile('bert-mini', 'model.onnx')), classes, 1);
  const own = [write(folder, found('resnet-mixed'), resnet), write(folder, found('bert-mini'), bert)];
  writeWeights(folder, dequantizeWeights(resnet));
  return {
    catalogue: { runtime, models: own.map(({ entry }) => entry) },
    files: { resnet: own[0].file, bert: own[1].file },
    blocks: {
      resnet: findBlocks(resnet)
        .map(({ parameterList }) => parameterList.map(({ name }) => name))
        .filter(({ length }) => length > 0),
      // every float32 tensor of a language network is a weight, but for a few numbers without any size
      bert: [
        [...bert.graph.initializers]
          .filter(([, { dtype, dims }]) => dtype === 'float32' && dims.length > 0)
          .map(([name]) => name),
      ],
    },
  };
}

function readFile(id, file) {
  return readModel(new Uint8Array(readFileSync(`${root}public/models/${id}/${file}`)));
}

/** The encoder over 64 pieces with a linear layer over the first in place of the head that guesses masked ones. */
function withClassifier(stored) {
  const hidden = 'encoder.layer.3.feed_forward.norm';
  const encoder = cutModel(dequantizeWeights(stored), { to: [{ name: hidden, dtype: 'float32' }] });
  const { nodes, initializers } = encoder.graph;
  return withGraph(encoder, {
    valueInfos: [],
    nodes: [
      ...nodes,
      buildNode('Gather', 'first', [hidden, 'first.at'], ['first'], { axis: 1 }),
      buildNode('Gemm', 'classifier', ['first', 'classifier.weight', 'classifier.bias'], ['logits'], {
        transB: 1,
      }),
    ],
    initializers: new Map([
      ...initializers,
      ['first.at', int64Tensor('first.at', [], [0])],
      [
        'classifier.weight',
        float32Tensor('classifier.weight', [classes, 256], new Float32Array(classes * 256)),
      ],
      ['classifier.bias', float32Tensor('classifier.bias', [classes], new Float32Array(classes))],
    ]),
    inputs: encoder.graph.inputs.map((input) => ({ ...input, dims: ['N', 64] })),
    outputs: [float32Value('logits', ['N', classes])],
  });
}

function write(folder, manifest, model) {
  const place = join(folder, 'trained', manifest.id);
  mkdirSync(place, { recursive: true });
  const bytes = writeModel(model);
  const file = join(place, 'model.onnx');
  writeFileSync(file, bytes);
  for (const part of ['labels', 'vocabulary']) {
    const path = manifest.files[part]?.path;
    if (path) copyFileSync(`${root}public/models/${manifest.id}/${path}`, join(place, path));
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const weights = { path: 'model.onnx', sizeBytes: bytes.length, sha256 };
  const own = { ...manifest, files: { ...manifest.files, weights } };
  return { file, entry: { manifestPath: `trained/${manifest.id}/manifest.json`, manifest: own } };
}
