// Training in the page: steps of our trainer by what is frozen, against PyTorch (one thread each), TensorFlow.js and jax-js; what a
// reader of the freeze lab waits for; and the memory that training everything takes. All side by side, one step each in turn.
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { serve } from '../scripts/serve.ts';
import { readCatalogue } from '../src/engine/registry/read-catalogue.ts';
import { chromiumPath } from '../tests/browser/built-site.ts';
import { watchWorkerBytes } from '../tests/browser/memory.ts';
import { bundlePage } from './bundle.mjs';
import { startPytorch } from './pytorch-steps.mjs';
import { atMost, median, rounded } from './row.mjs';
import { writeNetworks } from './training-networks.mjs';
import { measureLab } from './training-visit.mjs';

const root = new URL('..', import.meta.url).pathname;
// A browser compiles a kernel anew, and better, once it has run some dozens of times
const quick = { warmUp: 60, rounds: 60 };
const slow = { warmUp: 4, rounds: 12 };
const foreign = { warmUp: 1, rounds: 2 };
// A backend that is only meant to check others takes minutes for a step
const patienceMs = 120_000;

/** All rows of bench/results/training.json. */
export async function measure() {
  const folder = mkdtempSync(join(tmpdir(), 'thaw-training-'));
  const networks = writeNetworks(folder, await readCatalogue());
  await bundlePage(folder, 'training-page.js');
  for (const name of ['bench', 'node_modules']) symlinkSync(root + name, join(folder, name));
  symlinkSync(`${root}public/generated`, join(folder, 'generated'));
  // without isolation everybody has one thread
  const site = await serve({ root: folder, headers: false });
  const browser = await chromium.launch({ executablePath: chromiumPath() });
  try {
    const bench = { browser, site, networks };
    const rows = [
      ...(await measureFreezing(bench)),
      ...(await againstPytorch(bench)),
      ...(await againstLibraries(bench)),
      await measureMemory(bench),
    ];
    return [...rows, ...(await measureLab())];
  } finally {
    await browser.close();
    await site.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Settings of a training that never ends by itself: the uppermost so many blocks move. */
function settingsFor(blocks, moving, caches = true) {
  const weights = blocks.slice(-moving).flat();
  return {
    phases: [{ groups: [{ id: 'all', weights, learningRate: 1e-4 }], epochs: 100_000 }],
    optimizer: 'adamw',
    weightDecay: 0.01,
    replacesHead: false,
    caches,
    evaluateEvery: 0,
  };
}

/** A page with these trainings of ours, standing still; `step(name)` takes one step. */
async function openOurs({ browser, site, networks }, wanted) {
  const page = await openPage(browser, `${site.url}page/index.html`, 'trainingBench');
  for (const [name, { kind, moving, caches }] of Object.entries(wanted)) {
    const id = kind === 'bert' ? 'bert-mini' : 'resnet-mixed';
    const order = { kind, settings: settingsFor(networks.blocks[kind], moving, caches) };
    const report = await page.evaluate(
      (args) => globalThis.trainingBench.open(...args),
      [name, networks.catalogue, id, order],
    );
    if (report.backend !== 'wasm' || report.threads !== 1)
      throw new Error(`Wanted WASM on one thread, got ${JSON.stringify(report)}`);
  }
  return {
    page,
    step: (name) => page.evaluate((one) => globalThis.trainingBench.step(one), name),
    close: () => page.context().close(),
  };
}

async function openPage(browser, url, ready) {
  const page = await (await browser.newContext()).newPage();
  page.on('pageerror', (error) => console.log(`  page: ${error.message}`));
  await page.goto(url);
  await page.waitForFunction((name) => name in globalThis, ready);
  return page;
}

/** What freezing and remembering buy. */
async function measureFreezing(bench) {
  const all = bench.networks.blocks.resnet.length;
  const ours = await openOurs(bench, {
    head: { kind: 'resnet', moving: 1 },
    cached: { kind: 'resnet', moving: 2 },
    full: { kind: 'resnet', moving: 2, caches: false },
    all: { kind: 'resnet', moving: all },
  });
  const head = await takeTurns({ head: () => ours.step('head') }, quick);
  const { cached, full } = await takeTurns(
    { cached: () => ours.step('cached'), full: () => ours.step('full') },
    { warmUp: 20, rounds: 30 },
  );
  await ours.close();
  return [
    atMost(
      'step, head, cached',
      rounded(head.head.ms),
      'ms',
      1,
      `aim 0.5; batch 16, median of ${quick.rounds}`,
    ),
    atMost(
      'step, last block, cached / full',
      rounded(cached.ms / full.ms),
      '×',
      0.45,
      `aim 0.3; ${rounded(cached.ms, 1)} ms against ${rounded(full.ms, 1)} ms, median of 30`,
    ),
  ];
}

/** Steps over whole networks, ours and PyTorch's in turn. */
async function againstPytorch(bench) {
  const rows = [];
  for (const { kind, name, limit, aim } of [
    { kind: 'resnet', name: 'step, all / PyTorch', limit: 4.5, aim: 3 },
    { kind: 'bert', name: 'step, all, BERT / PyTorch', limit: 5.5, aim: 4 },
  ]) {
    const pytorch = await startPytorch(kind, bench.networks.files[kind]);
    if (!pytorch) {
      console.log(`  skipped: ${name} (no Python with training/requirements.txt; THAW_PYTHON names one)`);
      continue;
    }
    const moving = bench.networks.blocks[kind].length;
    const ours = await openOurs(bench, { all: { kind, moving } });
    const times = await takeTurns({ ours: () => ours.step('all'), pytorch: pytorch.step }, slow);
    await ours.close();
    pytorch.close();
    checkLosses(name, times.ours.firstLoss, times.pytorch.firstLoss);
    const note = `aim ${aim}; ${rounded(times.ours.ms, 1)} ms against ${rounded(times.pytorch.ms, 1)} ms, AdamW, one thread each, median of ${slow.rounds}`;
    rows.push(atMost(name, rounded(times.ours.ms / times.pytorch.ms), '×', limit, note));
  }
  return rows;
}

/** A step over the last block and the head, nothing remembered, against libraries that run in pages. */
async function againstLibraries(bench) {
  const ours = await openOurs(bench, { full: { kind: 'resnet', moving: 2, caches: false } });
  const { loss: firstLoss } = await ours.step('full');
  const rows = [];
  for (const library of ['TF.js', 'jax-js']) {
    const found = {};
    for (const backend of ['wasm', 'cpu']) {
      found[backend] = await raceLibrary(bench, ours, library, backend, firstLoss);
      console.log(`  ${library}, ${backend}: ${JSON.stringify(found[backend])}`);
    }
    const ran = Object.values(found).filter(({ ours }) => ours);
    if (ran.length === 0) throw new Error(`${library} trained on no backend: ${JSON.stringify(found)}`);
    const ratio = Math.max(...ran.map(({ ours, theirs }) => ours.ms / theirs.ms));
    const told = Object.entries(found).map(([backend, { ours, theirs, reason }]) =>
      ours
        ? `${backend} ${rounded(theirs.ms, 0)} ms against ${rounded(ours.ms, 0)} ms`
        : `${backend} cannot: ${reason}`,
    );
    const note = `${told.join('; ')}; one thread, nothing remembered, theirs SGD and ours AdamW, median of ${foreign.rounds}; WebGL and WebGPU are not compared`;
    rows.push(atMost(`step, last block / ${library}`, rounded(ratio, 4), '×', 0.1, note));
  }
  await ours.close();
  return rows;
}

/** A library on one of its backends, in a page of its own: the times of both sides, or the reason why there are none. */
async function raceLibrary({ browser, site }, ours, library, backend, firstLoss) {
  const page = await openPage(browser, `${site.url}bench/training-contenders.html`, 'contenders');
  const call = async (what) => {
    const answer = page.evaluate(
      ([what, ...args]) => globalThis.contenders[what](...args),
      [what, library, backend],
    );
    // it fails once more when its page is closed
    answer.catch(() => undefined);
    const late = sleep(patienceMs, undefined, { ref: false }).then(() => {
      throw new Error(`no step within ${patienceMs / 1000} s`);
    });
    return Promise.race([answer, late]);
  };
  try {
    await call('load');
    const times = await takeTurns({ ours: () => ours.step('full'), theirs: () => call('step') }, foreign);
    checkLosses(`${library} ${backend}`, times.theirs.firstLoss, firstLoss);
    return times;
  } catch (error) {
    const [reason] = error.message.replace(/^.*?Error: /, '').split('\n');
    return { reason: reason.slice(0, 160) };
  } finally {
    await page.context().close();
  }
}

/** WASM memory and live buffers of the worker after some steps over everything. */
async function measureMemory(bench) {
  const moving = bench.networks.blocks.resnet.length;
  const ours = await openOurs(bench, {});
  const heap = await watchWorkerBytes(ours.page);
  const args = ['all', bench.networks.catalogue, 'resnet-mixed'];
  const order = { kind: 'resnet', settings: settingsFor(bench.networks.blocks.resnet, moving) };
  await ours.page.evaluate((all) => globalThis.trainingBench.open(...all), [...args, order]);
  let wasmBytes = 0;
  for (let step = 0; step < 3; step += 1) ({ memoryBytes: wasmBytes } = await ours.step('all'));
  const liveBytes = await heap();
  await ours.close();
  const note = `aim 250; WASM memory ${rounded(wasmBytes / 1e6, 0)} MB, live in the worker ${rounded(liveBytes / 1e6, 0)} MB; the inference session of the page is among it`;
  return atMost('peak memory, all', rounded((wasmBytes + liveBytes) / 1e6, 0), 'MB', 400, note);
}

/** Both sides must compute the same: their first losses come from the same weights and pictures. */
function checkLosses(name, ours, theirs) {
  const error = Math.abs(ours - theirs) / Math.abs(theirs);
  if (!(error < 1e-3)) throw new Error(`${name}: the first losses differ, ${ours} against ${theirs}`);
  console.log(`  ${name}: first losses agree to ${error.toExponential(1)}`);
}

/** Median milliseconds and first loss of each contender, one step each in turn. */
async function takeTurns(contenders, { warmUp, rounds }) {
  const all = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
  for (let round = 0; round < warmUp + rounds; round += 1)
    for (const [name, step] of Object.entries(contenders)) all[name].push(await step());
  return Object.fromEntries(
    Object.entries(all).map(([name, steps]) => [
      name,
      { ms: median(steps.slice(warmUp).map(({ ms }) => ms)), firstLoss: steps[0].loss },
    ]),
  );
}
