/** The page in which networks race: every contender is loaded once, then asked for single runs in turn; `?threads=` each, one by default. */
import * as ort from '../node_modules/onnxruntime-web/dist/ort.wasm.bundle.min.mjs';
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
    contenders.set(name, async (input) => {
      const results = await session.run({ input: new ort.Tensor('float32', input, [1, 3, 64, 64]) }, wanted);
      return results.logits.data;
    });
  },

  /** Loads a graph into the bare runtime's WebGPU build. */
  async loadOnGpu(name, url) {
    const gpu = await import('../node_modules/onnxruntime-web/dist/ort.webgpu.bundle.min.mjs');
    const session = await gpu.InferenceSession.create(await bytesOf(url), { executionProviders: ['webgpu'] });
    contenders.set(name, async (input) => {
      const results = await session.run({ input: new gpu.Tensor('float32', input, [1, 3, 64, 64]) });
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
    contenders.set(name, run);
    nhwc.add(name);
    return tf.getBackend();
  },

  /** One run on the given seed's input, or on these values: milliseconds, and the logits if asked for. */
  async run(name, seed, withLogits = false) {
    const planes = Array.isArray(seed) ? Float32Array.from(seed) : seededInput(seed);
    const input = nhwc.has(name) ? toNhwc(planes) : planes;
    const run = contenders.get(name);
    const startedAt = performance.now();
    const logits = await run(input);
    const elapsedMs = performance.now() - startedAt;
    return { elapsedMs, logits: withLogits ? Array.from(logits) : undefined };
  },
};

const nhwc = new Set();

/** float32 [3, 64, 64], smooth waves between −1.5 and 1.5; bench/speed.mjs makes the same. */
function seededInput(seed) {
  return Float32Array.from({ length: 3 * 64 * 64 }, (_, i) => 1.5 * Math.sin(i * 0.37 + seed));
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
