// Opening models and inferring shapes, in Chromium, and opening them in Netron. The file of 400 MB is made for the measurement and
// thrown away.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { build } from 'vite';
import { serve } from '../scripts/serve.ts';
import { buildModel, buildNode, float32Value } from '../src/engine/onnx/build.ts';
import { float32Tensor } from '../src/engine/onnx/tensor-values.ts';
import { writeModel } from '../src/engine/onnx/writer.ts';
import { chromiumPath } from '../tests/browser/built-site.ts';
import { buildChain } from '../tests/fixtures/onnx/chain.ts';
import { referenceModel } from '../tests/fixtures/onnx/models.ts';
import { besideNetron, startNetron } from './netron.mjs';
import { atMost, median, rounded } from './row.mjs';

const root = new URL('..', import.meta.url).pathname;
const rounds = 9;

/** Netron takes seconds for a file, and its rounds agree. */
const netronRounds = 3;

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
  const netron = await startNetron(browser);
  try {
    const page = await browser.newPage();
    const devtools = await page.context().newCDPSession(page);
    await page.goto(site.url);
    await page.waitForFunction(() => 'graphBench' in globalThis);
    const rows = [];
    const sayNetron = async (file) => {
      const theirs = await openInNetron(netron, file);
      return besideNetron(
        netron,
        theirs?.readMs,
        `ms to read it${theirs ? `, ${rounded(theirs.showMs, 0)} ms more to show it` : ''}`,
      );
    };
    if (referenceModel === undefined) console.log('  skipped: open MobileNetV2 (the data folder is missing)');
    else {
      const { elapsedMs, longestTaskMs, nodes } = await openOften(page, referenceModel);
      const note = `${nodes} nodes, median of ${rounds}; longest task ${rounded(longestTaskMs, 1)} ms; ${await sayNetron(referenceModel)}`;
      rows.push(atMost('open MobileNetV2', rounded(elapsedMs, 1), 'ms', 1000, note));
    }
    const large = join(folder, 'large.onnx');
    const sizeMB = writeLarge(large);
    await page.evaluate(() => (globalThis.openedModel = undefined));
    const before = await heapMB(devtools);
    const opened = await openOften(page, large);
    const after = await heapMB(devtools);
    const note = `${rounded(sizeMB, 0)} MB in ${opened.tensors} tensors, median of ${rounds}; ${await sayNetron(large)}`;
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
        `${nodes} nodes, median of 15; first ${rounded(times[0], 1)} ms; Netron fills in no sizes`,
      ),
    );
    return rows;
  } finally {
    await netron?.close();
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

/** The same file in Netron: medians of some rounds; undefined without Netron. */
async function openInNetron(netron, file) {
  if (!netron) return undefined;
  const results = [];
  for (let round = 0; round < netronRounds; round += 1) results.push(await netron.open(file));
  return {
    readMs: median(results.map(({ readMs }) => readMs)),
    showMs: median(results.map(({ showMs }) => showMs)),
  };
}

async function heapMB(devtools) {
  await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize, backingStorageSize = 0 } = await devtools.send('Runtime.getHeapUsage');
  return (usedSize + backingStorageSize) / 1e6;
}

/** A file like that of a large language model, 200 layers of 2 MB. Its size in MB. */
function writeLarge(path) {
  const layers = 200;
  const weights = new Float32Array(724 * 724).map((_, index) => Math.sin(index));
  const bytes = writeModel(
    buildModel({
      name: 'large',
      nodes: Array.from({ length: layers }, (_, at) => [
        buildNode('MatMul', `m${at}`, [`x${at}`, `w${at}`], [`h${at}`]),
        buildNode('Add', `a${at}`, [`h${at}`, 'b'], [`x${at + 1}`]),
      ]).flat(),
      initializers: [
        float32Tensor('b', [1], [1]),
        ...Array.from({ length: layers }, (_, at) => float32Tensor(`w${at}`, [724, 724], weights)),
      ],
      inputs: [float32Value('x0', ['N', 724])],
      outputs: [float32Value(`x${layers}`, ['N', 724])],
    }),
  );
  writeFileSync(path, bytes);
  return bytes.length / 1e6;
}
