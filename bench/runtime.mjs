// The runtime in the reader's place: from press to result, cold and warm; each bundled network on each backend and thread count
// against the bare runtime, TensorFlow.js and native; memory, the longest task of the main thread, bytes over the wire.
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { chromium } from 'playwright-core';
import { serve } from '../scripts/serve.ts';
import { readCatalogue } from '../src/engine/registry/read-catalogue.ts';
import { prepareGraph } from '../src/engine/runtime/prepare-graph.ts';
import { chromiumPath, webgpuFlags } from '../tests/browser/built-site.ts';
import { setTimeout as pause } from 'node:timers/promises';
import { atMost, median, rounded, told } from './row.mjs';
import { describeInputs } from './seeded-tensors.js';
import { runNative, writeGraphs } from './speed.mjs';
import { bundlePage } from './bundle.mjs';
import { measureGpuVisits, measureVisits } from './visits.mjs';

const root = new URL('..', import.meta.url).pathname;
const rounds = 24;
// Each contender's turn is several runs, the first of which is not counted: it finds the caches full of another's numbers
const runsATurn = 6;
// The threads of a runtime look for work some milliseconds longer, on a core that the next contender needs
const restMs = 80;
// A browser compiles a kernel anew, and better, once it has run some dozens of times
const tierUp = 60;
// A processor that stands in for a card takes seconds for a run
const gpuRounds = 3;
// Threads need them
const isolation = `/*
  Cross-Origin-Opener-Policy: same-origin
  Cross-Origin-Embedder-Policy: require-corp
`;

/** All rows of bench/results/runtime.json. */
export async function measure() {
  return [...(await measureVisits()), ...(await measureGpuVisits()), ...(await measureNetworks())];
}

/** Every bundled network: ours, the bare runtime, TensorFlow.js and native, run in turn. */
async function measureNetworks() {
  const folder = mkdtempSync(join(tmpdir(), 'thaw-runtime-'));
  const catalogue = await readCatalogue();
  writeGraphs(folder);
  await bundlePage(folder, 'runtime-page.js');
  for (const name of ['bench', 'node_modules']) symlinkSync(root + name, join(folder, name));
  for (const name of ['generated', 'models']) symlinkSync(`${root}public/${name}`, join(folder, name));
  writeFileSync(join(folder, '_headers'), isolation);
  const site = await serve({ root: folder, headers: true });
  const rows = [];
  try {
    const threadCounts = availableParallelism() > 1 ? [1, 2] : [1];
    const browser = await chromium.launch({ executablePath: chromiumPath() });
    rows.push(await measureUnpacking(browser, site, catalogue));
    for (const { manifest } of catalogue.models) {
      for (const threads of threadCounts)
        rows.push(...(await race({ browser, site, folder, catalogue, manifest, threads })));
    }
    await browser.close();
    const gpu = await chromium.launch({ executablePath: chromiumPath(), args: webgpuFlags });
    for (const { manifest } of catalogue.models)
      rows.push(await raceOnGpu({ browser: gpu, site, folder, catalogue, manifest }));
    await gpu.close();
    return rows;
  } finally {
    await site.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function openPage(browser, url, ready) {
  const page = await (await browser.newContext()).newPage();
  page.on('pageerror', (error) => console.log(`  page: ${error.message}`));
  await page.goto(url);
  await page.waitForFunction((name) => name in globalThis, ready);
  return page;
}

async function measureUnpacking(browser, site, { runtime }) {
  const page = await openPage(browser, `${site.url}page/index.html`, 'runtimeBench');
  const { path, sizeBytes } = runtime.builds.wasm.wasm;
  const args = [`/${path}`, 9];
  const { times, sizeBytes: unpacked } = await page.evaluate(
    ([url, count]) => globalThis.runtimeBench.unpack(url, count),
    args,
  );
  await page.context().close();
  const sizes = `${rounded(sizeBytes / 1e6, 1)} MB to ${rounded(unpacked / 1e6, 1)} MB, median of ${times.length}`;
  return told('unpacking the stored wasm', rounded(median(times), 1), 'ms', sizes);
}

/** A network under WASM with so many threads each. */
async function race({ browser, site, folder, catalogue, manifest, threads }) {
  const { id } = manifest;
  const graphs = writeOwnGraphs(folder, manifest);
  const ours = await openOurs(browser, site, catalogue, id, { backend: 'wasm', threads, precision: 'int8' });
  const bare = await openPage(browser, `${site.url}bench/contenders.html?threads=${threads}`, 'bench');
  const hasTfjs = id === 'resnet-mixed';
  await bare.evaluate(
    async ([id, hasTfjs]) => {
      await globalThis.bench.loadOnnx('int8', `../${id}.int8.onnx`);
      await globalThis.bench.loadOnnx('fp32', `../${id}.fp32.onnx`);
      if (hasTfjs) await globalThis.bench.loadTfjs('tfjs', '../weights.json', '../weights.bin');
    },
    [id, hasTfjs],
  );
  const native = await ort.InferenceSession.create(graphs.fp32, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
  });
  const inputs = describeInputs(manifest);
  const inPage = (name) => (seeds) =>
    bare.evaluate((args) => globalThis.bench.runAll(...args), [name, seeds, inputs]);
  const turns = await takeTurns(
    {
      ours: (seeds) => ours.evaluate((at) => globalThis.runtimeBench.run(at), seeds),
      int8: inPage('int8'),
      fp32: inPage('fp32'),
      ...(hasTfjs && { tfjs: inPage('tfjs') }),
      native: (seeds) => runAllNative(native, seeds, inputs),
    },
    { warmUp: tierUp, rounds, runsATurn },
  );
  await Promise.all([ours.context().close(), bare.context().close(), native.release()]);
  const times = mediansOf(turns);
  const count = threads === 1 ? '1 thread' : `${threads} threads`;
  const others = [
    `bare runtime ${times.int8} ms in int8 and ${times.fp32} ms in fp32`,
    ...(hasTfjs ? [`TF.js ${times.tfjs} ms in fp32`] : []),
    `native ${times.native} ms in fp32`,
  ].join(', ');
  const of = `medians of ${rounds} turns of ${runsATurn - 1} runs`;
  // Turn by turn, so that a slow moment of the machine meets both sides
  const addedMs = rounded(median(turns.ours.map((ms, round) => ms - turns.int8[round])), 2);
  const ratio = rounded(median(turns.ours.map((ms, round) => ms / turns.int8[round])));
  const row = atMost(
    `${id}, int8, WASM, ${count}: ours / bare runtime`,
    ratio,
    '×, or 1 ms more',
    1.1,
    `from the page’s request to its answer, ${addedMs} ms more; ${count} each, ${of} side by side`,
  );
  return [
    told(`${id}, int8, WASM, ${count}`, times.ours, 'ms', `${others}; ${of}`),
    { ...row, ok: row.ok || addedMs <= 1 },
  ];
}

async function runAllNative(session, seeds, inputs) {
  const times = [];
  for (const seed of seeds) times.push((await runNative(session, seed, false, inputs)).elapsedMs);
  return times;
}

/** The same under WebGPU, computed on the processor by SwiftShader where there is no card. TensorFlow.js is not measured there. */
async function raceOnGpu({ browser, site, folder, catalogue, manifest }) {
  const { id } = manifest;
  writeOwnGraphs(folder, manifest);
  const ours = await openOurs(browser, site, catalogue, id, { backend: 'webgpu' });
  const bare = await openPage(browser, `${site.url}bench/contenders.html`, 'bench');
  await bare.evaluate((id) => globalThis.bench.loadOnGpu('gpu', `../${id}.fp32.onnx`), id);
  const turns = await takeTurns(
    {
      ours: (seeds) => ours.evaluate((at) => globalThis.runtimeBench.run(at), seeds),
      bare: (seeds) =>
        bare.evaluate((args) => globalThis.bench.runAll(...args), ['gpu', seeds, describeInputs(manifest)]),
    },
    { warmUp: 1, rounds: gpuRounds, runsATurn: 1 },
  );
  const times = mediansOf(turns);
  const note = `bare runtime ${times.bare} ms; SwiftShader in the place of a card, median of ${gpuRounds}`;
  return told(`${id}, fp32, WebGPU`, times.ours, 'ms', note);
}

function writeOwnGraphs(folder, manifest) {
  const stored = new Uint8Array(
    readFileSync(`${root}public/models/${manifest.id}/${manifest.files.weights.path}`),
  );
  const write = (precision) => {
    const { bytes } = prepareGraph(stored, manifest, precision);
    writeFileSync(join(folder, `${manifest.id}.${precision}.onnx`), bytes);
    return bytes;
  };
  return { int8: write('int8'), fp32: write('fp32') };
}

async function openOurs(browser, site, catalogue, id, options) {
  const page = await openPage(browser, `${site.url}page/index.html`, 'runtimeBench');
  const report = await page.evaluate(
    (args) => globalThis.runtimeBench.load(...args),
    [catalogue, id, options],
  );
  if (report.backend !== options.backend || (options.threads && report.threads !== options.threads))
    throw new Error(`Asked for ${JSON.stringify(options)}, got ${JSON.stringify(report)}`);
  return page;
}

/** Milliseconds of each contender's turns, the median of a turn's runs; the order turns by one place a round. */
async function takeTurns(contenders, { warmUp, rounds: count, runsATurn: runs }) {
  const names = Object.keys(contenders);
  const times = Object.fromEntries(names.map((name) => [name, []]));
  const seedsFrom = (first, length) => Array.from({ length }, (_, at) => first + at);
  for (const name of names) await contenders[name](seedsFrom(0, warmUp));
  for (let round = 0; round < count; round += 1)
    for (let place = 0; place < names.length; place += 1) {
      const name = names[(place + round) % names.length];
      await pause(restMs);
      const all = await contenders[name](seedsFrom(round * runs, runs));
      times[name].push(median(all.length > 1 ? all.slice(1) : all));
    }
  return times;
}

const mediansOf = (turns) =>
  Object.fromEntries(Object.entries(turns).map(([name, times]) => [name, rounded(median(times), 2)]));
