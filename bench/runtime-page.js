// What bench/runtime.mjs measures of our own runtime: every network of the catalogue, on the backend and threads that are asked for.
import { unpackGzip } from '../src/engine/download/gzip.ts';
import { parseCatalogue } from '../src/engine/registry/catalogue.ts';
import { createBrowserRuntime } from '../src/engine/runtime/browser.ts';
import { describeInputs, seededTensors } from './seeded-tensors.js';

let runtime;
let loaded;

globalThis.runtimeBench = {
  /** Loads a network into a runtime with so many threads; the one before is put away. */
  async load(catalogue, id, { backend, threads, precision }) {
    runtime?.dispose();
    runtime = createBrowserRuntime(parseCatalogue(catalogue), '/', { threads });
    loaded = await runtime.load(id, { backend, precision });
    return loaded.report;
  },

  /** One run for each seed, one after the other: milliseconds from asking to the answer. */
  async run(seeds) {
    const times = [];
    for (const seed of seeds) {
      const tensors = seededTensors(describeInputs(loaded.manifest), seed);
      const startedAt = performance.now();
      await loaded.run(tensors);
      times.push(performance.now() - startedAt);
    }
    return times;
  },

  /** Milliseconds that unpacking a stored file takes, each time from the same bytes. */
  async unpack(url, rounds) {
    const packed = new Uint8Array(await (await fetch(url)).arrayBuffer());
    const times = [];
    let sizeBytes = 0;
    for (let round = 0; round < rounds; round += 1) {
      const startedAt = performance.now();
      sizeBytes = (await unpackGzip(packed)).byteLength;
      times.push(performance.now() - startedAt);
    }
    return { times, sizeBytes };
  },
};
