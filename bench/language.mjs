// The language networks in the reader's place: pieces a second of the decoder at both ends of its text, what the BERT lens adds to the
// runtime, and how long a key press takes until both lenses are drawn again. The tokenizers' rows come from bench/text.mjs.
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { serve } from '../scripts/serve.ts';
import { addOutputs } from '../src/engine/onnx/add-outputs.ts';
import { quantizeProducts } from '../src/engine/onnx/quantize-products.ts';
import { readModel } from '../src/engine/onnx/reader.ts';
import { writeModel } from '../src/engine/onnx/writer.ts';
import { readCatalogue } from '../src/engine/registry/read-catalogue.ts';
import { describeDecoder } from '../src/labs/gpt-lens/decoder.ts';
import { chromiumPath, dist } from '../tests/browser/built-site.ts';
import { recordedRuns, recordRuns } from '../tests/browser/lens.ts';
import { bundlePage } from './bundle.mjs';
import { atLeast, atMost, median, rounded } from './row.mjs';

const root = new URL('..', import.meta.url).pathname;
const chapter = 'course/pytorch-nlp/';
const rounds = 30;
/** The two sides of a comparison are close: more rounds tell them apart. */
const pairedRounds = 200;
const warmUp = 10;
/** A value that only a run of the whole encoder is asked for. */
const wholeRun = 'encoder.layer.0.attention.probabilities';

/** Rows `gpt-mini tokens a second`, its cost at both ends, `BERT lens run / bare runtime run` and `keystroke to redraw`. */
export async function measure() {
  const folder = mkdtempSync(join(tmpdir(), 'thaw-language-'));
  const browser = await chromium.launch({ executablePath: chromiumPath() });
  try {
    return [
      ...(await measureWriting(browser, folder)),
      await measureLens(browser, folder),
      await measureKeystroke(browser),
    ];
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The decoder on one thread, from the draw of a piece to its reading. */
async function measureWriting(browser, folder) {
  const catalogue = await readCatalogue();
  const { manifest, manifestPath } = catalogue.models.find(({ manifest: { id } }) => id === 'gpt-mini');
  const file = readFileSync(join(root, 'public', manifestPath, '..', manifest.files.weights.path));
  const decoder = describeDecoder(new Uint8Array(file), manifest.id, manifest.title);
  await bundlePage(folder, 'language-page.js');
  for (const name of ['generated', 'models']) symlinkSync(`${root}public/${name}`, join(folder, name));
  const site = await serve({ root: folder, headers: true });
  try {
    const page = await openPage(browser, `${site.url}page/index.html`, 'languageBench');
    const report = await page.evaluate(
      (args) => globalThis.languageBench.load(...args),
      [catalogue, decoder, 1],
    );
    if (report.backend !== 'wasm' || report.threads !== 1)
      throw new Error(`Asked for one WASM thread, got ${JSON.stringify(report)}`);
    const texts = [];
    for (let seed = 0; seed < 7; seed += 1)
      texts.push(await page.evaluate((at) => globalThis.languageBench.write(at), seed));
    const all = texts.slice(1);
    const near = (place) => median(all.flatMap((times) => times.slice(place - 5, place + 4)));
    const [early, late] = [near(16), near(120)];
    const perPiece = median(all.map((times) => times.reduce((sum, time) => sum + time, 0) / times.length));
    const how = `${report.precision}, one WASM thread; from the draw to the answer, attention and logits read; ${all.length} texts of ${decoder.positions} pieces`;
    return [
      atLeast('gpt-mini tokens a second', rounded(1000 / perPiece, 1), 'tokens/s', 100, how),
      atMost(
        'gpt-mini: a piece at length 120 / at length 16',
        rounded(late / early),
        '×, or 1 ms more',
        1.25,
        `${rounded(early, 2)} ms at 16, ${rounded(late, 2)} ms at 120: keys and values are kept`,
        late - early <= 1,
      ),
    ];
  } finally {
    await site.close();
  }
}

/** The BERT lens of the built site against the bare runtime: the same graph, pieces and outputs, one thread each, in turn. */
async function measureLens(browser, folder) {
  for (const name of ['bench', 'node_modules']) symlinkSync(root + name, join(folder, name));
  // Without isolation both sides have one thread
  const [site, other] = await Promise.all([
    serve({ root: dist, headers: false }),
    serve({ root: folder, headers: false }),
  ]);
  try {
    const page = await openLens(browser, `${site.url}${chapter}`, 'thaw-bert-lens', recordRuns);
    const line = await page.locator('thaw-bert-lens [data-part="line"]').innerText();
    if (!/1 thread\b/.test(line)) throw new Error(`The lens does not run on one thread: ${line}`);
    const { requested } = (await recordedRuns(page)).findLast((run) => run.requested.includes(wholeRun));
    await page.evaluate(() => (globalThis.recordedRuns.withData = false));
    const ids = (await page.locator('thaw-bert-lens [data-part="tokens"] .id').allInnerTexts()).map(Number);
    writeFileSync(join(folder, 'bert.onnx'), bertGraph(requested));
    const bare = await openPage(browser, `${other.url}bench/contenders.html`, 'bench');
    await bare.evaluate(
      (args) => globalThis.bench.loadText('bare', '../bert.onnx', ...args),
      [ids, requested],
    );
    const run = {
      lens: () =>
        page.evaluate(async (value) => (await globalThis.recordedRuns.repeat(value)).roundTripMs, wholeRun),
      bare: async () => (await bare.evaluate(() => globalThis.bench.run('bare', 0))).elapsedMs,
    };
    const times = { lens: [], bare: [] };
    for (let round = -warmUp; round < pairedRounds; round += 1)
      for (const name of round % 2 === 0 ? ['lens', 'bare'] : ['bare', 'lens']) {
        const elapsedMs = await run[name]();
        if (round >= 0) times[name].push(elapsedMs);
      }
    const [lens, base] = [median(times.lens), median(times.bare)];
    // Round by round, so that a slow moment of the machine meets both sides
    const addedMs = rounded(median(times.lens.map((elapsedMs, round) => elapsedMs - times.bare[round])), 2);
    const note = `${rounded(lens, 2)} ms against ${rounded(base, 2)} ms, ${addedMs} ms more; ${ids.length} pieces, ${requested.length} values returned; one thread each, medians of ${pairedRounds} rounds`;
    return atMost(
      'BERT lens run / bare runtime run',
      rounded(lens / base),
      '×, or 1 ms more',
      1.1,
      note,
      addedMs <= 1,
    );
  } finally {
    await Promise.all([site.close(), other.close()]);
  }
}

/** The encoder as the lens runs it, with the values that it asks for as outputs. */
function bertGraph(requested) {
  const model = `${root}public/models/bert-mini/`;
  const stored = readModel(new Uint8Array(readFileSync(`${model}model.onnx`)));
  const { activationRanges } = JSON.parse(readFileSync(`${model}manifest.json`, 'utf8'));
  const own = new Set(stored.graph.outputs.map(({ name }) => name));
  const more = requested.filter((name) => !own.has(name)).map((name) => ({ name, dtype: 'float32' }));
  return addOutputs(writeModel(quantizeProducts(stored, activationRanges)), more);
}

/** From a key press in either lens to the frame that shows its answer; the slower lens counts. */
async function measureKeystroke(browser) {
  const site = await serve({ root: dist, headers: true });
  try {
    const medians = {};
    for (const tag of ['thaw-bert-lens', 'thaw-gpt-lens']) {
      const page = await openLens(browser, `${site.url}${chapter}`, tag);
      const times = [];
      for (let round = -warmUp; round < rounds; round += 1) {
        const text = `The plot was thin, and the end was even worse${round % 2 === 0 ? '' : ' again'}`;
        const elapsedMs = await page.evaluate(pressKey, [tag, text]);
        if (round >= 0) times.push(elapsedMs);
      }
      medians[tag] = median(times);
      await page.context().close();
    }
    const each = Object.entries(medians).map(([tag, ms]) => `${tag.slice(5)} ${rounded(ms, 1)} ms`);
    const slower = Math.max(...Object.values(medians));
    return atMost(
      'keystroke to redraw',
      rounded(slower, 1),
      'ms',
      50,
      `${each.join(', ')}; median of ${rounds}`,
    );
  } finally {
    await site.close();
  }
}

/** In the page: changes the text as a key does and waits for the frame after the lens is ready again. */
function pressKey([tag, text]) {
  const lens = document.querySelector(tag);
  const field = lens.querySelector('[data-part="text"]');
  return new Promise((resolve) => {
    let ran = false;
    const watch = new MutationObserver(() => {
      if (lens.dataset.status === 'running') ran = true;
      if (!ran || lens.dataset.status !== 'ready') return;
      watch.disconnect();
      // The task behind the next frame's drawing
      requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => resolve(performance.now() - startedAt);
        channel.port2.postMessage(undefined);
      });
    });
    watch.observe(lens, { attributeFilter: ['data-status'] });
    const startedAt = performance.now();
    field.value = text;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });
}

/** A page whose lens of this tag has run. */
async function openLens(browser, url, tag, before = () => undefined) {
  const context = await browser.newContext({ serviceWorkers: 'block' });
  await context.addInitScript(before);
  const page = await context.newPage();
  await page.goto(url);
  const lens = page.locator(tag);
  await lens.scrollIntoViewIfNeeded();
  await lens.locator('[data-action="run"]').click();
  await page.locator(`${tag}[data-status="ready"]`).waitFor({ timeout: 60_000 });
  return page;
}

async function openPage(browser, url, ready) {
  const page = await (await browser.newContext()).newPage();
  page.on('pageerror', (error) => console.log(`  page: ${error.message}`));
  await page.goto(url);
  await page.waitForFunction((name) => name in globalThis, ready);
  return page;
}
