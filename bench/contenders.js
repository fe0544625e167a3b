/** The page in which networks race: every contender is loaded once, then asked for single runs in turn; `?threads=` each, one by default. */
import * as ort from '../node_modules/onnxruntime-web/dist/ort.wasm.bundle.min.mjs';
import { seededTensors } from './seeded-tensors.js';
import { buildNetwork } from './tfjs-network.js';

const threads = Number(new URLSearchParams(location.search).get('threads') ?? 1);
ort.env.wasm.numThreads = threads;
const contenders = new Map();

/** What the bench calls; `globalThis.bench` in the page. */
globalThis.bench = {
  /** Loads a graph into the bare runtime. `outputs` are the values to return, the graph's own if empty. */
  async loadOnnx(name, url, outputs = []) {
    const session = await ort.InferenceSession.create(await bytesOf(url), { executionProviders: ['wasm'] });
    const wanted = outputs.length ? outputs : session.outputNames;
    contenders.set(name, async (tensors) => {
      const results = await session.run(feedsOf(ort.Tensor, tensors), wanted);
      return results.logits.data;
    });
  },

  /** Loads a graph that reads these pieces into the bare runtime; every run reads them anew and returns the named values. */
  async loadText(name, url, ids, outputs) {
    const session = await ort.InferenceSession.create(await bytesOf(url), { executionProviders: ['wasm'] });
    const tensor = (values) =>
      new ort.Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length]);
    contenders.set(name, async () => {
      const feeds = { input_ids: tensor(ids), attention_mask: tensor(ids.map(() => 1)) };
      return (await session.run(feeds, outputs))[outputs[0]].data;
    });
  },

  /** Loads a graph into the bare runtime's WebGPU build. */
  async loadOnGpu(name, url) {
    const gpu = await import('../node_modules/onnxruntime-web/dist/ort.webgpu.bundle.min.mjs');
    const session = await gpu.InferenceSession.create(await bytesOf(url), { executionProviders: ['webgpu'] });
    contenders.set(name, async (tensors) => {
      const results = await session.run(feedsOf(gpu.Tensor, tensors));
      return results.logits.data;
    });
  },

  /** Loads the weights (a JSON index and one block of float32) into TensorFlow.js. */
  async loadTfjs(name, indexUrl, dataUrl) {
    const { tf } = globalThis;
    tf.wasm.setWasmPaths(new URL('node_modules/@tensorflow/tfjs-backend-wasm/dist/', location.href).href);
    tf.wasm.setThreadsCount(threads);
    await tf.setBackend('wasm');
    await tf.ready();
    const { epsilon, tensors } = await (await fetch(indexUrl)).json();
    const { buffer } = await bytesOf(dataUrl);
    const weights = Object.fromEntries(
      tensors.map(({ name, shape, offset, length }) => [
        name,
        { shape, data: new Float32Array(buffer, offset, length) },
      ]),
    );
    const run = buildNetwork(tf, weights, epsilon);
    // Pictures are NHWC by nature, so the change of order is not counted against it
    contenders.set(name, ({ input }) => run(input));
    nhwc.add(name);
    return tf.getBackend();
  },

  /** One run on what the seed makes of these inputs, or on a picture's values: milliseconds, and the logits if asked for. */
  async run(name, seed, withLogits = false, inputs = picture) {
    const tensors = Array.isArray(seed)
      ? { input: { ...picture[0], data: Float32Array.from(seed) } }
      : seededTensors(inputs, seed);
    const input = nhwc.has(name) ? { input: toNhwc(tensors.input.data) } : tensors;
    const run = contenders.get(name);
    const startedAt = performance.now();
    const logits = await run(input);
    const elapsedMs = performance.now() - startedAt;
    return { elapsedMs, logits: withLogits ? Array.from(logits) : undefined };
  },

  /** One run for each seed, one after the other: milliseconds of each. */
  async runAll(name, seeds, inputs) {
    const times = [];
    for (const seed of seeds) times.push((await globalThis.bench.run(name, seed, false, inputs)).elapsedMs);
    return times;
  },
};

const nhwc = new Set();
const picture = [{ name: 'input', dtype: 'float32', shape: [1, 3, 64, 64] }];

function feedsOf(Tensor, tensors) {
  const feeds = Object.entries(tensors).map(([name, { dtype, data, shape }]) => [
    name,
    new Tensor(dtype, data, shape),
  ]);
  return Object.fromEntries(feeds);
}

function toNhwc(planes) {
  const pixels = new Float32Array(planes.length);
  for (let c = 0; c < 3; c += 1) for (let i = 0; i < 4096; i += 1) pixels[i * 3 + c] = planes[c * 4096 + i];
  return pixels;
}

async function bytesOf(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}
