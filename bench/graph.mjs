// Opening models and inferring shapes, in Chromium. The file of 400 MB is made for the measurement and thrown away.
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { build } from 'vite';
import { serve } from '../scripts/serve.ts';
import { buildModel, buildNode, float32Value } from '../src/engine/onnx/build.ts';
import { MessageWriter } from '../src/engine/onnx/protobuf-writer.ts';
import { float32Tensor } from '../src/engine/onnx/tensor-values.ts';
import { writeModel } from '../src/engine/onnx/writer.ts';
import { chromiumPath } from '../tests/browser/built-site.ts';
import { buildChain } from '../tests/fixtures/onnx/chain.ts';
import { referenceModel } from '../tests/fixtures/onnx/models.ts';
import { atMost, median, rounded, withoutNetron } from './row.mjs';

const root = new URL('..', import.meta.url).pathname;
const rounds = 9;

/** Rows `open MobileNetV2`, `open 400 MB` (time, longest task, memory) and `shape inference 1,000 nodes`. */
export async function measure() {
  const folder = mkdtempSync(join(tmpdir(), 'thaw-graph-'));
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    build: {
      outDir: folder,
      emptyOutDir: false,
      target: 'es2024',
      lib: { entry: `${root}bench/graph-page.js`, formats: ['es'], fileName: () => 'graph-page.js' },
    },
  });
  writeFileSync(
    join(folder, 'index.html'),
    '<!doctype html><title>Graph</title><input type="file" /><script type="module" src="graph-page.js"></script>',
  );
  const site = await serve({ root: folder, port: 0, headers: false });
  const browser = await chromium.launch({ executablePath: chromiumPath() });
  try {
    const page = await browser.newPage();
    const devtools = await page.context().newCDPSession(page);
    await page.goto(site.url);
    await page.waitForFunction(() => 'graphBench' in globalThis);
    const rows = [];
    if (referenceModel === undefined) console.log('  skipped: open MobileNetV2 (the data folder is missing)');
    else {
      const { elapsedMs, longestTaskMs, nodes } = await openOften(page, referenceModel);
      const note = `${nodes} nodes, median of ${rounds}; longest task ${rounded(longestTaskMs, 1)} ms; ${withoutNetron}`;
      rows.push(atMost('open MobileNetV2', rounded(elapsedMs, 1), 'ms', 1000, note));
    }
    const large = join(folder, 'large.onnx');
    const sizeMB = writeLarge(large);
    await page.evaluate(() => (globalThis.openedModel = undefined));
    const before = await heapMB(devtools);
    const opened = await openOften(page, large);
    const after = await heapMB(devtools);
    const note = `${rounded(sizeMB, 0)} MB in ${opened.tensors} tensors, median of ${rounds}; ${withoutNetron}`;
    rows.push(
      atMost('open 400 MB', rounded(opened.elapsedMs, 1), 'ms', 1000, note),
      atMost(
        'open 400 MB: longest task',
        rounded(opened.longestTaskMs, 1),
        'ms',
        50,
        'main thread, of all rounds',
      ),
      atMost(
        'open 400 MB: memory',
        rounded(after - before, 1),
        'MB',
        rounded(sizeMB + 50, 0),
        'heap and buffers',
      ),
    );
    const chain = join(folder, 'chain.onnx');
    writeFileSync(chain, buildChain(1000));
    await page.setInputFiles('input', chain);
    const { times, nodes, unknown } = await page.evaluate((count) => globalThis.graphBench.infer(count), 15);
    if (unknown > 0) throw new Error(`${unknown} values of the chain have no shape`);
    rows.push(
      atMost(
        `shape inference 1,000 nodes`,
        rounded(median(times), 1),
        'ms',
        50,
        `${nodes} nodes, median of 15; first ${rounded(times[0], 1)} ms; ${withoutNetron}`,
      ),
    );
    return rows;
  } finally {
    await browser.close();
    await site.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Opens a file several times: the median time, and the longest task of all. */
async function openOften(page, path) {
  const results = [];
  for (let round = 0; round < rounds; round += 1) {
    await page.setInputFiles('input', path);
    results.push(await page.evaluate(() => globalThis.graphBench.open()));
  }
  return {
    ...results[0],
    elapsedMs: median(results.map(({ elapsedMs }) => elapsedMs)),
    longestTaskMs: Math.max(...results.map(({ longestTaskMs }) => longestTaskMs)),
  };
}

async function heapMB(devtools) {
  await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize, backingStorageSize = 0 } = await devtools.send('Runtime.getHeapUsage');
  return (usedSize + backingStorageSize) / 1e6;
}

/** A file like that of a large language model: 200 layers of 2 MB, written piece by piece. Its size in MB. */
function writeLarge(path) {
  const layers = 200;
  const weights = new Float32Array(512 * 1024).map((_, index) => Math.sin(index));
  const file = openSync(path, 'w');
  let size = 0;
  const write = (bytes) => (size += writeSync(file, bytes));
  const head = buildModel({
    name: 'large',
    nodes: Array.from({ length: layers }, (_, at) => [
      buildNode('MatMul', `m${at}`, [`x${at}`, `w${at}`], [`h${at}`]),
      buildNode('Add', `a${at}`, [`h${at}`, 'b'], [`x${at + 1}`]),
    ]).flat(),
    initializers: [float32Tensor('b', [1], [1])],
    inputs: [float32Value('x0', ['N', 724])],
    outputs: [float32Value(`x${layers}`, ['N', 724])],
  });
  write(writeModel(head));
  // a second graph message adds to the first
  for (let at = 0; at < layers; at += 1) {
    const writer = new MessageWriter();
    writer.message(7, (graph) =>
      graph.message(5, (tensor) => {
        tensor.int(1, 512);
        tensor.int(1, 1024);
        tensor.int(2, 1);
        tensor.string(8, `w${at}`);
        tensor.bytes(9, new Uint8Array(weights.buffer));
      }),
    );
    write(writer.finish());
  }
  closeSync(file);
  return size / 1e6;
}
