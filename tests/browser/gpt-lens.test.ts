/** The GPT lens on the built site: nothing before the press, then text, settings, writing on, taking back, links, keys, bad input. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { axeViolations } from './axe.ts';
import { startFigure } from './figures.ts';
import { waitForStatus } from './harness.ts';
import { openTextLens, settled, takesBadTexts } from './text-lens.ts';

test('a reader runs it, types, lets it write, takes back', async (t) => {
  const { page, lens, part } = await openTextLens(t, 'thaw-gpt-lens');
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  const action = (name: string) => lens.locator(`[data-action="${name}"]`);
  assert.match((await action('run').textContent()) ?? '', /MB/);
  assert.match((await part('line').textContent()) ?? '', /not loaded/);
  await part('flow').locator('button').nth(2).hover();
  assert.ok(!asked.some((path) => /onnx|wasm/.test(path)), 'nothing heavy before the press');

  await startFigure(lens, 120_000);
  assert.match(
    await part('line').innerText(),
    /ready[\s\S]*int8[\s\S]*WebAssembly · \d[\s\S]*ms for \d+ new pieces/,
  );
  const pieces = () => part('flow').locator('button').allInnerTexts();
  await t.test('typing reads only what is new, and tells the surprise', async () => {
    await part('text').fill('The film was');
    await settled(lens, 'perplexity', /^Your text: [\d.]+ bits a piece, perplexity [\d.,]+/);
    await part('text').fill('The film was so');
    await settled(lens, 'line', /ms a piece/);
    assert.deepEqual(await pieces(), ['[SEP]', 'the', 'film', 'was', 'so']);
    await part('flow').locator('button', { hasText: 'film' }).click();
    await settled(lens, 'flow-note', /“film” was expected with .+, at rank [\d,]+: [\d.]+ bits/);
    await part('next-title').filter({ hasText: 'after “film”' }).waitFor();
    assert.match(await part('next').locator('[data-follows]').innerText(), /was/);
  });
  await t.test('settings change what may be drawn', async () => {
    await part('flow').locator('button', { hasText: 'so' }).click();
    await part('topK').fill('3');
    await part('draw-note').filter({ hasText: '3 of 8,000 pieces may be drawn' }).waitFor();
    assert.equal(await part('next').locator('li[data-out]').count(), 7);
    await part('topK').fill('0');
    await part('topP').fill('1');
    await part('draw-note')
      .filter({ hasText: /7,99\d of 8,000/ })
      .waitFor();
    await part('search').fill('##ing');
    await part('found-note').filter({ hasText: 'of ' }).waitFor();
    assert.match(await part('found').locator('li').first().innerText(), /##ing/);
    await part('topK').fill('40');
  });
  const read = async () => (await pieces()).join(' ');
  await t.test('it writes piece by piece, the same from the same seed', async () => {
    await action('step').click();
    await settled(lens, 'perplexity', /What the network wrote/);
    assert.equal((await pieces()).length, 6);
    for (let count = 7; count <= 9; count++) {
      await action('step').click();
      await part('flow')
        .locator('button')
        .nth(count - 1)
        .waitFor();
      await waitForStatus(lens, 'ready', 30_000);
    }
    const once = await read();
    assert.match(page.url(), /wrote=\d+\.\d+\.\d+\.\d+/);
    await action('clear').click();
    await settled(lens, 'perplexity', /perplexity [\d.,]+[^W]*$/);
    assert.equal((await pieces()).length, 5);
    await action('write').click();
    await part('flow').locator('button').nth(8).waitFor();
    await action('write').filter({ hasText: 'Pause' }).or(action('write')).click();
    await waitForStatus(lens, 'ready', 30_000);
    assert.equal((await pieces()).slice(0, 9).join(' '), once);
  });
  await t.test('undo takes back one piece, a pressed candidate puts one', async () => {
    await action('write').filter({ hasText: 'Write on' }).waitFor();
    const count = (await pieces()).length;
    await action('undo').click();
    await part('flow')
      .locator('button')
      .nth(count - 1)
      .waitFor({ state: 'detached' });
    await waitForStatus(lens, 'ready', 30_000);
    const second = part('next').locator('button').nth(1);
    const piece = await second.innerText();
    await second.click();
    await part('flow')
      .locator('button')
      .nth(count - 1)
      .waitFor();
    assert.equal((await pieces()).at(-1), piece.replace(/^##/, ''));
  });
  await t.test('it stops where its places end', async () => {
    await part('text').fill('word '.repeat(126));
    await part('flow').locator('button').nth(126).waitFor();
    await waitForStatus(lens, 'ready', 30_000);
    await action('write').click();
    await part('stopped')
      .filter({ hasText: /places are taken|ends the text/ })
      .waitFor({ timeout: 30_000 });
  });
  await t.test('the numbers come as a file', async () => {
    await lens.locator('summary').filter({ hasText: 'as a table' }).click();
    const [download] = await Promise.all([page.waitForEvent('download'), action('csv').click()]);
    const rows = readFileSync(await download.path(), 'utf8').split('\r\n');
    assert.match(rows[0] ?? '', /^place,piece,id,by,probability,bits/);
    assert.match(rows[2] ?? '', /^1,word,\d+,you,0\.\d+,\d/);
  });
  await t.test('accessible while it runs', async () => assert.deepEqual(await axeViolations(page), []));
});

test('keys walk pieces, tokens, heads and the matrix', async (t) => {
  const { page, part } = await openTextLens(t, 'thaw-gpt-lens');
  await part('flow').locator('[aria-pressed="true"]').focus();
  await page.keyboard.press('Home');
  await part('flow-note').filter({ hasText: 'begins every text' }).waitFor();
  await part('tokens').locator('[aria-pressed="true"]').focus();
  await page.keyboard.press('End');
  await part('heads').locator('[aria-pressed="true"]').focus();
  await page.keyboard.press('End');
  await part('attention-title').filter({ hasText: 'Rollout' }).waitFor();
  assert.match(page.url(), /head=rollout/);
  await part('matrix').focus();
  await page.keyboard.press('ArrowRight');
  assert.match(await part('cell').innerText(), /from “.+” to “\[SEP\]”: \d\.\d\d/);
  assert.equal(await part('matrix').locator('.unseen').count(), 1);
});

test('a link opens it as it was, and bad input is told in a sentence', async (t) => {
  const { page, lens, part } = await openTextLens(t, 'thaw-gpt-lens', {
    query: [
      ['text', 'I never saw such'],
      ['wrote', '200.300'],
      ['temperature', '1.5'],
      ['p', '0.9'],
      ['seed', '7'],
      ['layer', '2'],
      ['head', 'mean'],
    ],
    theme: 'dark',
    width: 390,
  });
  // Its code comes when the figure is in sight, and takes over what the address says
  await part('notes').filter({ hasText: 'has not been read yet' }).waitFor();
  assert.equal(await part('text').inputValue(), 'I never saw such');
  assert.equal(await part('seed').inputValue(), '7');
  await startFigure(lens, 120_000);
  assert.match(await part('attention-title').innerText(), /Layer 2, mean/);
  assert.equal(await part('flow').locator('[data-written]').count(), 2);
  assert.match(await part('temperature-label').innerText(), /1\.50/);
  await takesBadTexts(lens);
  assert.deepEqual(await axeViolations(page), []);
});
