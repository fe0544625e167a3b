/** The sentiment figure in the built site: trained by keyboard, asked, compared, fed with tables, saved. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { readCsv } from '../../src/data/sentences/read-csv.ts';
import { readModel } from '../../src/engine/onnx/reader.ts';
import { axeViolations } from './axe.ts';
import { builtPages, openPage, pauseStepCancel, themes, waitForStatus, type PageOptions } from './harness.ts';

const path = builtPages().find(({ html }) => html.includes('<thaw-sentiment-lab'))?.path ?? '';

/** Machines with two busy cores need their time. */
const patienceMs = 240_000;

async function openLab(t: Parameters<typeof openPage>[0], query = '', options: PageOptions = {}) {
  const page = await openPage(t, path + query, options);
  const lab = page.locator('thaw-sentiment-lab');
  await lab.scrollIntoViewIfNeeded();
  return { page, lab };
}

const part = (lab: Locator, name: string): Locator => lab.locator(`[data-part="${name}"]`);
const rowsOf = (lab: Locator): Locator => lab.locator('[data-part="log"] tbody tr');

async function awake(page: Page, lab: Locator): Promise<void> {
  await lab.hover();
  await page.waitForFunction(() => customElements.get('thaw-sentiment-lab') !== undefined);
}

async function choose(page: Page, lab: Locator, group: string, value: string): Promise<void> {
  await lab.locator(`[data-part="${group}"] input[value="${value}"]`).focus();
  await page.keyboard.press('Space');
}

/** Trains by the button and the keyboard. */
async function train(page: Page, lab: Locator): Promise<void> {
  const before = await rowsOf(lab).count();
  await lab.locator('[data-action="run"]').focus();
  await page.keyboard.press('Enter');
  await rowsOf(lab).nth(before).waitFor({ timeout: patienceMs });
  await waitForStatus(lab, 'ready', patienceMs);
}

/** The loss of the last batch of the run that is shown. */
async function lossOf(lab: Locator): Promise<number> {
  return Number(/loss of (\d+(?:\.\d+)?(?:e-\d+)?)/.exec(await part(lab, 'said').innerText())?.[1]);
}

async function saved(page: Page, button: Locator): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

test('by keyboard alone: a head is trained, judged, asked and saved', async (t) => {
  const { page, lab } = await openLab(t);
  assert.equal(await part(lab, 'matrix').locator('tbody td').count(), 16);
  assert.match(await part(lab, 'line').innerText(), /Precomputed/);
  await lab.locator('[data-part="ways"] input[value="head"]').focus();
  await page.waitForFunction(() => customElements.get('thaw-sentiment-lab') !== undefined);
  await page.keyboard.press('ArrowRight');
  await page.waitForURL(/way=last/);
  await page.keyboard.press('ArrowLeft');
  assert.match(await part(lab, 'sum').innerText(), /^514 of /);
  await choose(page, lab, 'shots', '10');
  await choose(page, lab, 'sources', 'phones');
  await page.waitForURL(/from=films_phones/);

  await train(page, lab);
  assert.match(await part(lab, 'line').innerText(), /frozen part remembered/);
  assert.match(await part(lab, 'said').innerText(), /of 80 held-out sentences are right/);
  const counts = (await part(lab, 'errors').locator('tbody td').allInnerTexts()).map(Number);
  assert.equal(
    counts.reduce((sum, count) => sum + count, 0),
    80,
  );
  await part(lab, 'threshold').focus();
  await page.keyboard.press('End');
  const strict = (await part(lab, 'errors').locator('tbody td').allInnerTexts()).map(Number);
  assert.deepEqual(strict, [40, 0, 40, 0], 'nothing is called positive from 100 % on');
  assert.match(
    await part(lab, 'calibration').getAttribute('aria-label').then(String),
    /calibration error 0\.\d+/,
  );

  await part(lab, 'words').locator('li').nth(6).waitFor({ timeout: patienceMs });
  const influence = await part(lab, 'words').locator('small').allInnerTexts();
  assert.ok(new Set(influence).size > 3, influence.join());
  await part(lab, 'sentence').fill('😡😡');
  await page.waitForFunction(() =>
    /not in the vocabulary/.test(document.querySelector('[data-part="notes"]')?.textContent ?? ''),
  );
  await part(lab, 'sentence').fill('\u0007\u200b');
  await page.waitForFunction(() =>
    /nothing in it/.test(document.querySelector('[data-part="notes"]')?.textContent ?? ''),
  );
  await part(lab, 'sentence').fill('הסוללה מתה');
  await part(lab, 'verdict').filter({ hasText: '%' }).waitFor();
  await part(lab, 'sentence').fill('good '.repeat(20_000));
  await page.waitForFunction(() =>
    /did not fit/.test(document.querySelector('[data-part="notes"]')?.textContent ?? ''),
  );

  const answers = await saved(page, lab.locator('button[data-log="answers"]'));
  assert.equal(answers.name, 'sentiment-answers.csv');
  assert.equal(readCsv(answers.bytes.toString()).length, 81);
  const onnx = await saved(page, lab.locator('button[data-log="onnx"]'));
  assert.equal(onnx.name, 'sentiment-A.onnx');
  const { graph, metadata } = readModel(new Uint8Array(onnx.bytes));
  assert.deepEqual(graph.outputs[0].dims, ['N', 2]);
  assert.equal(metadata.get('classes'), '["negative","positive"]');
  const log = await saved(page, lab.locator('button[data-log="csv"]'));
  assert.match(
    log.bytes.toString(),
    /^run,name,begins with,way[^]*\r\nA,,sentiment-mini,head,films phones,phones,10,/,
  );

  await page.reload();
  await awake(page, lab);
  assert.equal(await lab.locator('[data-part="shots"] input[value="10"]').isChecked(), true);
  assert.equal(await lab.getAttribute('data-status'), 'idle', 'a link starts nothing');
});

test('a run is paused, stepped and called off; everything and from scratch train too', async (t) => {
  const { page, lab } = await openLab(t, '?shots=10&to=films&epochs=100&way=last&rate=0.003');
  await awake(page, lab);
  await lab.locator('[data-action="run"]').click();
  await pauseStepCancel(page, lab, patienceMs);

  await lab.locator('summary').first().click();
  await lab.locator('[data-field="rate"]').fill('fast');
  await lab.locator('[data-field="rate"]').press('Tab');
  assert.match(await lab.locator('.notice').innerText(), /“fast” is no learning rate/);
  assert.equal(await lab.locator('[data-field="rate"]').inputValue(), '0.003');
  // the same rate below the head for both: there the first learns at a tenth of what is typed
  await lab.locator('[data-field="epochs"]').fill('4');
  await lab.locator('[data-field="rate"]').fill('0.003');
  await choose(page, lab, 'ways', 'all');
  await train(page, lab);
  const tuned = await lossOf(lab);
  await lab.locator('[data-field="rate"]').fill('0.0003');
  await lab.locator('[data-field="rate"]').press('Tab');
  await choose(page, lab, 'ways', 'scratch');
  await train(page, lab);
  const scratch = await lossOf(lab);
  const accuracies = await lab.locator('[data-part="log"] .accuracy').allInnerTexts();
  t.diagnostic(
    `loss after as many steps: everything ${tuned}, scratch ${scratch}; held out ${accuracies.join(', ')}`,
  );
  // what untrained weights say costs ln 2; which of both is better on held-out sentences, so few do not tell
  assert.ok(tuned < 0.9 * Math.LN2, String(tuned));
  assert.ok(Number.isFinite(scratch));
});

test('tables: each mistake has its sentence, nothing is lost, a good one is trained on, formulas are defused', async (t) => {
  const { page, lab } = await openLab(t, '?shots=2&epochs=2');
  await awake(page, lab);
  await lab.locator('summary').nth(1).click();
  const field = part(lab, 'table');
  const use = lab.locator('[data-own="use"]');
  const news = part(lab, 'own-news');
  const mistakes: [string, RegExp][] = [
    ['', /table is empty/],
    ['text,mark\na,1', /no column “label”/],
    ['text,label\na,1\nb,1', /All 2 sentences are positive[^]*What you typed is kept/],
    ['a'.repeat(100_000), /no column “text”/],
    ['text,label\n\u0007,1\n,0', /No row of the table has any text/],
  ];
  for (const [text, sentence] of mistakes) {
    await field.fill(text);
    await use.click();
    await news.filter({ hasText: sentence }).waitFor();
    assert.equal(await field.inputValue(), text);
  }
  const good =
    'label,text\n1,=1+1 is good\n1,😀😀\n1,הסוללה מצוינת\n1,"Fine, really"\n1,Lovely\n1,Good\n0,Bad\n0,Not good';
  await field.fill(good);
  await use.click();
  await news.filter({ hasText: /In use: 8 sentences, 6 positive and 2 negative/ }).waitFor();
  assert.match(await news.innerText(), /far commoner: always saying it would be right in 75/);
  assert.equal(await lab.locator('select[data-field="to"]').inputValue(), 'own');
  assert.doesNotMatch(page.url(), /own/, 'the link does not name what only this page has');
  await field.fill('text,label\nx,maybe');
  await use.click();
  await news.filter({ hasText: /“maybe”[^]*so is the table in use/ }).waitFor();

  // a dropped file, while something else is typed
  await lab.evaluate((element) => {
    const files = new DataTransfer();
    files.items.add(
      new File(['text,label\n=A1,pos\n+B,pos\n-C,neg\n@D,neg'], 'own.csv', { type: 'text/csv' }),
    );
    element.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: files }));
  });
  await news.filter({ hasText: /In use: 4 sentences/ }).waitFor();
  assert.equal(await field.inputValue(), 'text,label\nx,maybe');
  await choose(page, lab, 'sources', 'own');
  await choose(page, lab, 'sources', 'films');
  await train(page, lab);
  assert.match(await rowsOf(lab).first().innerText(), /your own → your own/);
  const answers = await saved(page, lab.locator('button[data-log="answers"]'));
  const cells = readCsv(answers.bytes.toString()).slice(1);
  assert.equal(cells.length, 2);
  assert.ok(
    cells.every(([text]) => /^'[=+\-@]/.test(text)),
    String(cells.map(([text]) => text)),
  );

  await lab.locator('[data-own="drop"]').click();
  assert.match(await lab.locator('.notice').innerText(), /went back to a domain/);
  assert.equal(await lab.locator('select[data-field="to"]').inputValue(), 'phones');
});

test('the matrix is measured in the page and can be called off', async (t) => {
  const { page, lab } = await openLab(t, '?shots=2&epochs=2');
  await awake(page, lab);
  await lab.locator('[data-action="fill"]').click();
  await part(lab, 'line').filter({ hasText: 'Measured in this page' }).waitFor({ timeout: patienceMs });
  await lab.locator('[data-action="cancel"]').click();
  await waitForStatus(lab, 'ready', patienceMs);
  const measured = async () =>
    (await part(lab, 'matrix').locator('tbody td b').allInnerTexts()).filter((text) => text !== '–').length;
  const some = await measured();
  assert.ok(some > 0 && some < 16, String(some));
  assert.equal(await part(lab, 'numbers').locator('tbody tr').count(), some);
  assert.match(await part(lab, 'matrix-of').innerText(), /2 examples of each label, 2 epochs/);
});

test('axe finds nothing after a run, and a phone does not scroll sideways', async (t) => {
  for (const theme of themes) {
    const width = theme === 'dark' ? 390 : 1440;
    const { page, lab } = await openLab(t, '?shots=2&epochs=2', { theme, width });
    await awake(page, lab);
    await train(page, lab);
    await part(lab, 'words').locator('li').first().waitFor({ timeout: patienceMs });
    for (const summary of await lab.locator('summary').all()) await summary.click();
    assert.deepEqual(await axeViolations(page), []);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
  }
});

test('without scripts the figure shows its matrix and no dead controls', async (t) => {
  const { lab } = await openLab(t, '', { context: { javaScriptEnabled: false } });
  assert.equal(await part(lab, 'matrix').locator('tbody td').count(), 16);
  assert.equal(await lab.locator('[data-action]:visible').count(), 0);
});

test('where the host sends no headers, one reload brings threads, and the wish comes through it', async (t) => {
  const { page, lab } = await openLab(t, '?shots=5&epochs=2', { headers: false });
  let loads = 0;
  page.on('load', () => (loads += 1));
  await awake(page, lab);
  await train(page, lab);
  assert.equal(loads, 1, 'reloads');
  assert.equal(await page.evaluate(() => crossOriginIsolated), true);
  assert.match(await part(lab, 'said').innerText(), /loss of/);
});
