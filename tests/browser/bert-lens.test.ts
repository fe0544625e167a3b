/** The BERT lens on the built site: nothing before the press, then sentences, hidden words, heads, two texts, links, keys, bad input. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axeViolations } from './axe.ts';
import { startFigure } from './figures.ts';
import { waitForStatus } from './harness.ts';
import { openTextLens, settled, takesBadTexts } from './text-lens.ts';

test('a reader runs it, types, hides a word, takes a candidate', async (t) => {
  const { page, lens, part } = await openTextLens(t, 'thaw-bert-lens');
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  assert.match((await lens.locator('[data-action="run"]').textContent()) ?? '', /MB/);
  assert.match((await part('line').textContent()) ?? '', /not loaded/);
  await part('tokens').locator('button').nth(3).hover();
  assert.ok(!asked.some((path) => /onnx|wasm/.test(path)), 'nothing heavy before the press');

  await startFigure(lens, 120_000);
  assert.match(
    await part('line').innerText(),
    /ready[\s\S]*int8[\s\S]*WebAssembly · \d[\s\S]*ms a sentence of 14 tokens/,
  );
  await t.test('a sentence is picked, and a pointer over a token shows where it looks', async () => {
    await part('samples').selectOption({ label: 'The actors are wonderful, but the script is not.' });
    await settled(lens, 'chain', /The actors ar/);
    assert.equal(await part('text').inputValue(), 'The actors are wonderful, but the script is not.');
    await part('tokens').locator('button').nth(2).hover();
    await part('attention-title').filter({ hasText: 'actors' }).waitFor();
    await part('matrix').hover();
    await part('cell')
      .filter({ hasText: /from “.+” to “/ })
      .waitFor();
  });
  await t.test('typing redraws', async () => {
    await part('text').fill('The river rose.');
    await settled(lens, 'chain', /\[1, 6, 256\]/);
    assert.deepEqual(await part('tokens').locator('.piece').allInnerTexts(), [
      '[CLS]',
      'the',
      'river',
      'rose',
      '.',
      '[SEP]',
    ]);
    // The table for who does not see the drawing: piece, id, place, where it stands in the text, attention
    const rows = await part('table-tokens').locator('tbody tr').all();
    const told = await Promise.all(rows.map((row) => row.locator('th, td').allTextContents()));
    assert.deepEqual([told[2][0], told[2][2], told[2][3]], ['river', '2', '4–9']);
    assert.match(told[2][1], /^\d+$/);
    const seen = told.reduce((sum, row) => sum + Number(row[4]), 0);
    assert.ok(Math.abs(seen - 1) < 0.01, `attention sums to ${seen}`);
  });
  await t.test('a hidden word is asked for, a candidate takes its place', async () => {
    await part('words').locator('button', { hasText: 'river' }).click();
    await part('candidates-title').filter({ hasText: '[MASK]' }).waitFor();
    assert.equal(await part('candidates').locator('li').count(), 10);
    assert.equal(await part('depths').locator('tbody tr').count(), 10);
    assert.match(page.url(), /hide=1/);
    const best = await part('candidates').locator('button').first().innerText();
    await part('candidates').locator('button').first().click();
    await settled(lens, 'chain', new RegExp(`The ${best.replace(/[^\w]/g, '.')}`));
    assert.match(await part('text').inputValue(), new RegExp(`^The ${best.replace(/[^\w]/g, '.')} ?rose`));
  });
  await t.test('the second sentence is compared', async () => {
    await part('text').fill('The plot was thin.');
    await settled(lens, 'chain', /\[1, 7, 256\]/);
    await part('other').fill('He bought a plot of land.');
    await part('pair').locator('option', { hasText: 'plot' }).waitFor({ state: 'attached' });
    await waitForStatus(lens, 'ready', 30_000);
    assert.equal(await part('cosines').locator('li').count(), 5);
    await part('other').fill('Nothing here.');
    await part('context-note').filter({ hasText: 'share no word' }).waitFor();
  });
  await t.test('ways to adapt count', async () => {
    await part('way').locator('label', { hasText: 'LoRA' }).click();
    assert.match(await part('count').innerText(), /weights move, [\d,]+ of them new/);
    await part('amount-input').focus();
    const before = await part('count').innerText();
    await page.keyboard.press('ArrowRight');
    assert.notEqual(await part('count').innerText(), before);
  });
  await t.test('accessible while it runs', async () => assert.deepEqual(await axeViolations(page), []));
});

test('keys walk tokens, heads and the matrix', async (t) => {
  const { page, part } = await openTextLens(t, 'thaw-bert-lens');
  const pressed = part('tokens').locator('[aria-pressed="true"]');
  await pressed.focus();
  const from = await part('attention-title').innerText();
  await page.keyboard.press('ArrowRight');
  await page.waitForFunction(
    (old) => document.querySelector('thaw-bert-lens [data-part="attention-title"]')?.textContent !== old,
    from,
  );
  await part('heads').locator('[aria-pressed="true"]').focus();
  await page.keyboard.press('End');
  await part('attention-title').filter({ hasText: 'Rollout' }).waitFor();
  assert.match(page.url(), /head=rollout/);
  await part('matrix').focus();
  await page.keyboard.press('ArrowRight');
  assert.match(await part('cell').innerText(), /from “.+” to “\[CLS\]”: \d\.\d\d/);
});

test('a link opens it as it was, and bad input is told in a sentence', async (t) => {
  const { page, lens, part } = await openTextLens(t, 'thaw-bert-lens', {
    query: [
      ['text', 'I never saw such a dull film.'],
      ['hide', '5'],
      ['layer', '2'],
      ['head', 'mean'],
      ['way', 'bias'],
    ],
    theme: 'dark',
    width: 390,
  });
  // Its code comes when the figure is in sight, and takes over what the address says
  await part('notes').filter({ hasText: 'has not been read yet' }).waitFor();
  assert.equal(await part('text').inputValue(), 'I never saw such a dull film.');
  await startFigure(lens, 120_000);
  assert.match(await part('attention-title').innerText(), /Layer 2, mean/);
  assert.match(await part('words').innerText(), /\[MASK\]/);
  await takesBadTexts(lens);
  assert.deepEqual(await axeViolations(page), []);
});

for (const tag of ['thaw-bert-lens', 'thaw-gpt-lens'] as const)
  test(`<${tag}>: an emptied text travels in a link`, async (t) => {
    const { page, lens, part } = await openTextLens(t, tag);
    await part('text').fill('');
    // While a reader types, the address waits
    await page.waitForURL(/[?&](\d+-)?text=(&|$)/);
    await page.reload();
    await lens.scrollIntoViewIfNeeded();
    await part('notes').filter({ hasText: 'has not been read yet' }).waitFor();
    assert.equal(await part('text').inputValue(), '');
  });
