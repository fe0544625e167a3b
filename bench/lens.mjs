// What the lens adds to the runtime: its runs in the built site, from the page's request to the page's answer, against
// the bare runtime running the same graph for the same outputs, one run each in turn, one thread each.
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { serve } from '../scripts/serve.ts';
import { addOutputs } from '../src/engine/onnx/add-outputs.ts';
import { quantizeActivations } from '../src/engine/onnx/quantize-activations.ts';
import { readModel } from '../src/engine/onnx/reader.ts';
import { writeModel } from '../src/engine/onnx/writer.ts';
import { chromiumPath, dist } from '../tests/browser/built-site.ts';
import { lensOf, lensPages, recordedRuns, recordRuns, startButton } from '../tests/browser/lens.ts';
import { atMost, median, rounded } from './row.mjs';

const root = new URL('..', import.meta.url).pathname;
const rounds = 200;
const warmUp = 20;

/** Row `ResNet lens run / bare runtime run`: a ratio of medians that counts as kept when at most 1 ms is added. */
export async function measure() {
  const folder = mkdtempSync(join(tmpdir(), 'thaw-bench-'));
  for (const name of ['bench', 'node_modules']) symlinkSync(root + name, join(folder, name));
  // Without isolation both sides have one thread
  const [site, other] = await Promise.all([
    serve({ root: dist, headers: false }),
    serve({ root: folder, headers: false }),
  ]);
  const browser = await chromium.launch({ executablePath: chromiumPath() });
  try {
    const lens = await openLens(browser, site.url);
    const { requested } = (await recordedRuns(lens)).at(-1);
    writeFileSync(join(folder, 'int8.onnx'), graphWith(requested));
    const bare = await browser.newPage();
    await bare.goto(`${other.url}bench/contenders.html`);
    await bare.waitForFunction(() => 'bench' in globalThis);
    await bare.evaluate((outputs) => globalThis.bench.loadOnnx('bare', '../int8.onnx', outputs), requested);

    const times = { lens: [], bare: [] };
    for (let round = -warmUp; round < rounds; round += 1) {
      const lensFirst = round % 2 === 0;
      const runs = lensFirst ? [runLens, runBare] : [runBare, runLens];
      for (const run of runs) {
        const [name, elapsedMs] = await run(run === runLens ? lens : bare, round);
        if (round >= 0) times[name].push(elapsedMs);
      }
    }
    const ms = { lens: median(times.lens), bare: median(times.bare) };
    // Round by round, so that a slow moment of the machine meets both sides
    const addedMs = rounded(median(times.lens.map((elapsedMs, round) => elapsedMs - times.bare[round])), 2);
    const note = `${rounded(ms.lens, 2)} ms against ${rounded(ms.bare, 2)} ms, ${addedMs} ms more; ${requested.length} values returned; one thread each, medians of ${rounds} rounds`;
    const row = atMost(
      'ResNet lens run / bare runtime run',
      rounded(ms.lens / ms.bare),
      '×, or 1 ms more',
      1.1,
      note,
    );
    return [{ ...row, ok: row.ok || addedMs <= 1 }];
  } finally {
    await browser.close();
    await Promise.all([site.close(), other.close()]);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A page whose lens has run once, on one thread. */
async function openLens(browser, url) {
  const context = await browser.newContext({ serviceWorkers: 'block' });
  await context.addInitScript(recordRuns);
  const page = await context.newPage();
  await page.goto(new URL(`${lensPages()[0].slice(1)}?backend=wasm`, url).href);
  await startButton(page).click();
  await page.locator('thaw-resnet-lens[data-status="ready"]').first().waitFor({ timeout: 60_000 });
  const line = await lensOf(page).locator('[data-part="line"]').innerText();
  if (!/1 thread\b/.test(line)) throw new Error(`The lens does not run on one thread: ${line}`);
  await page.evaluate(() => (globalThis.recordedRuns.withData = false));
  return page;
}

/** The graph that the lens runs, with the values that it asks for as outputs. */
function graphWith(requested) {
  const model = `${root}public/models/resnet-mixed/`;
  const stored = readModel(new Uint8Array(readFileSync(`${model}model.onnx`)));
  const { activationRanges } = JSON.parse(readFileSync(`${model}manifest.json`, 'utf8'));
  const own = new Set(stored.graph.outputs.map(({ name }) => name));
  const more = requested.filter((name) => !own.has(name)).map((name) => ({ name, dtype: 'float32' }));
  return addOutputs(writeModel(quantizeActivations(stored, activationRanges)), more);
}

/** The lens's last request again, by its own worker: from the page's request to the answer's arrival, without the drawing. */
async function runLens(page) {
  return ['lens', await page.evaluate(async () => (await globalThis.recordedRuns.repeat()).roundTripMs)];
}

async function runBare(page, round) {
  return ['bare', (await page.evaluate((seed) => globalThis.bench.run('bare', seed), round)).elapsedMs];
}
