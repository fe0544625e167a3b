// What bench/graph.mjs measures in the page: files that the page's own file input was given.
import { blobSource } from '../src/engine/onnx/byte-source.ts';
import { openModel } from '../src/engine/onnx/open-model.ts';
import { readModel } from '../src/engine/onnx/reader.ts';
import { inferShapes } from '../src/engine/onnx/shapes.ts';

/** Opens the chosen file lazily and says how long it took and how long the page was kept from drawing at most. */
async function open() {
  const input = document.querySelector('input');
  const file = input?.files?.[0];
  if (!file) throw new Error('no file was chosen');
  // a timer that comes late was kept waiting by a task; long-task entries begin at 50 ms and say less
  let longestTaskMs = 0;
  let last = performance.now();
  const channel = new MessageChannel();
  let watching = true;
  channel.port1.onmessage = () => {
    const now = performance.now();
    longestTaskMs = Math.max(longestTaskMs, now - last);
    last = now;
    if (watching) channel.port2.postMessage(undefined);
  };
  channel.port2.postMessage(undefined);
  const startedAt = performance.now();
  const model = await openModel(blobSource(file));
  // held, so that the memory it takes can be measured
  globalThis.openedModel = model;
  const elapsedMs = performance.now() - startedAt;
  watching = false;
  return {
    elapsedMs,
    longestTaskMs,
    nodes: model.graph.nodes.length,
    tensors: model.graph.initializers.size,
  };
}

/** Infers the shapes of the chosen model several times; the milliseconds of each. */
async function infer(rounds) {
  const file = document.querySelector('input')?.files?.[0];
  if (!file) throw new Error('no file was chosen');
  const model = readModel(new Uint8Array(await file.arrayBuffer()));
  const times = [];
  let unknown = 0;
  for (let round = 0; round < rounds; round += 1) {
    const startedAt = performance.now();
    const { values } = inferShapes(model);
    times.push(performance.now() - startedAt);
    unknown = [...values.values()].filter(({ dims }) => dims === undefined).length;
  }
  return { times, nodes: model.graph.nodes.length, unknown };
}

Object.assign(globalThis, { graphBench: { open, infer } });
