/** The atlas beyond its first network: another one chosen, a text run through it, and all of them side by side. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { MODELS } from '../../src/engine/registry/models.ts';
import { axeViolations } from './axe.ts';
import { builtPages, openPage, themes, type PageOptions } from './harness.ts';
import { plainPhoto } from './pictures.ts';

const path = builtPages().find(({ html }) => html.includes('<thaw-model-atlas'))?.path ?? '';

async function openAtlas(t: Parameters<typeof openPage>[0], query = '', options: PageOptions = {}) {
  const page = await openPage(t, path + query, options);
  const atlas = page.locator('thaw-model-atlas').first();
  await atlas.scrollIntoViewIfNeeded();
  if (!query) await atlas.locator('[data-part="fit"]').hover();
  await page.waitForFunction(() => customElements.get('thaw-model-atlas') !== undefined);
  return { page, atlas };
}

test('a language network is chosen, drawn from its file, and run on the reader’s text', async (t) => {
  const { page, atlas } = await openAtlas(t);
  const fetched: string[] = [];
  page.on('request', (request) => fetched.push(new URL(request.url()).pathname));
  const files = () => fetched.filter((name) => /\.(onnx|txt|wasm|gz)$/.test(name));
  await atlas.locator('[data-part="network"]').selectOption('bert-mini');
  const embeddings = atlas.locator('g.box[data-key]').first();
  await page.waitForFunction(() => /network=bert-mini/.test(location.search));
  assert.match(await atlas.locator('[data-part="line"]').innerText(), /bert-mini, 5\.6/);
  assert.equal(
    await atlas.locator('g.box[data-key="layer4"]').count(),
    0,
    'the other network is still drawn',
  );
  assert.ok(await embeddings.isVisible());
  assert.equal(await atlas.locator('[data-part="look-picture"]').count(), 0, 'it takes no pictures');
  assert.deepEqual(files(), [], 'something was fetched before it was asked for');

  await atlas.locator('[data-part="look-run"]').click();
  assert.equal(await atlas.locator('.look-problem').innerText(), 'Type a text first.');
  await atlas.locator('[data-part="look-text"]').fill('The film was long, but nobody left early.');
  await atlas.locator('[data-part="look-run"]').press('Enter');
  await atlas.locator('.look-ran').waitFor();
  assert.match(await atlas.locator('.look-ran').innerText(), /^1\d pieces went in\. [\d.]+\sm?s a run\.$/);
  assert.equal(await atlas.locator('.look-problem').count(), 0);

  await t.test('values of its tensors have the length of the text', async () => {
    await atlas.locator('[data-look="values"]').click();
    await atlas.locator('section.look').first().waitFor();
    assert.match(await atlas.locator('[data-part="look"]').innerText(), /of the last run, .*1\d×\d+/);
    assert.equal(files().filter((name) => name.endsWith('.onnx')).length, 1);
  });

  await t.test(
    'endless, emoji and right-to-left texts run as well, cut where they are too long',
    async () => {
      for (const [text, words] of [
        ['film '.repeat(20_000), /^128 pieces went in, the rest was left out/],
        ['🦜🦜🎉', /^\d pieces went in\./],
        ['סרט טוב מאוד', /^\d+ pieces went in\./],
      ] as const) {
        await atlas.locator('[data-part="look-text"]').fill(text);
        await atlas.locator('[data-part="look-run"]').click();
        await atlas.locator('.look-ran').getByText(words).waitFor();
      }
    },
  );

  await t.test('a link opens it again, and the first network comes back', async () => {
    const again = await openAtlas(t, '?network=bert-mini&open=operators');
    await again.atlas
      .locator('[data-part="line"]')
      .getByText(/bert-mini, 5\.6/)
      .waitFor();
    assert.equal(await again.atlas.locator('[data-part="network"]').inputValue(), 'bert-mini');
    assert.equal(await again.atlas.locator('input[value="operators"]').isChecked(), true);
    await again.atlas.locator('[data-part="network"]').selectOption('resnet-mixed');
    await again.atlas.locator('g.box[data-key="layer4"]').waitFor();
    assert.doesNotMatch(again.page.url(), /network=/);
  });

  await t.test('axe finds nothing', async () => assert.deepEqual(await axeViolations(page), []));
});

test('all networks stand side by side: without scripts, sorted, as a file', async (t) => {
  const still = await openPage(t, path, { context: { javaScriptEnabled: false } });
  const rows = (table: ReturnType<typeof still.locator>) => table.locator('tbody th').allInnerTexts();
  const table = still.locator('thaw-model-atlas [data-part="side-table"]');
  await still.locator('thaw-model-atlas summary').nth(1).click();
  const order = await rows(table);
  assert.deepEqual(
    order.slice(0, MODELS.length),
    MODELS.map(({ id }) => id),
  );
  assert.match(await table.innerText(), /vgg16\s+pictures\s+none here: graph counted\s+–\s+138,357,544/);
  assert.match(await table.innerText(), /resnet-mixed.*43\.19\s%, photos, top-1 of 797/);
  assert.match(await table.innerText(), /gpt-mini.*109\.54, perplexity/);

  const { page, atlas } = await openAtlas(t);
  await atlas.locator('summary').nth(1).click();
  const live = atlas.locator('[data-part="side-table"]');
  assert.deepEqual(await rows(live), order);
  await live.locator('thead button', { hasText: 'parameters' }).press('Enter');
  const sorted = await rows(live);
  assert.equal(sorted.at(-1), 'vgg16');
  assert.ok(sorted.indexOf('mobilenetv2-12-int8') < sorted.indexOf('bert-base'));
  assert.equal(await live.locator('th[aria-sort="ascending"]').innerText(), 'parameters');
  const waiting = page.waitForEvent('download');
  await atlas.locator('[data-part="side-csv"]').click();
  const csv = await readFile(await (await waiting).path(), 'utf8');
  assert.match(csv, /^network,takes,weights,file bytes,parameters,MACs/);
  assert.equal(csv.trim().split('\r\n').length, order.length + 1);

  await t.test('axe finds nothing, light and dark, wide and narrow', async () => {
    for (const theme of themes) {
      await page.evaluate((name) => (document.documentElement.dataset['theme'] = name), theme);
      assert.deepEqual(await axeViolations(page), []);
    }
    await page.setViewportSize({ width: 390, height: 800 });
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
  });
});

test('the networks of the site are timed in the page, told by size before, and can be called off', async (t) => {
  const { page, atlas } = await openAtlas(t);
  await atlas.locator('summary').nth(1).click();
  const button = atlas.locator('[data-part="side-measure"]');
  const cell = (id: string) =>
    atlas.locator('[data-part="side-table"] tbody tr', { hasText: id }).locator('td').nth(5);
  assert.match(await button.innerText(), /Time those in the site here \(\d+\.\d\sMB\)/);
  await button.click();
  await page.waitForFunction(
    () => document.querySelector('[data-part="side-measure"]')?.textContent === 'Cancel',
  );
  await button.click();
  await atlas.locator('[data-part="side-measure"]', { hasText: 'Time those' }).waitFor();
  await button.click();
  await atlas
    .locator('[data-part="live"]', { hasText: `${MODELS.length} networks were timed` })
    .waitFor({ state: 'attached', timeout: 90_000 });
  for (const { id } of MODELS) assert.match(await cell(id).innerText(), /^[\d.]+\sm?s$/);
  assert.equal(await cell('vgg16').innerText(), '–');
});

for (const id of ['vgg-mixed', 'inception-mixed'])
  test(`${id} is opened down to its operators, with what was chosen in sight, and runs on a picture`, async (t) => {
    const { page, atlas } = await openAtlas(t, `?network=${id}`);
    await page.waitForFunction((name) => document.body.innerText.includes(`${name}, 1.4`), id);
    const chosen = atlas.locator('g.box[data-key="stage3"]');
    await chosen.click({ position: { x: 60, y: 20 } });
    await atlas.getByText('Operators', { exact: true }).first().click();
    await page.waitForFunction(
      () => document.querySelectorAll('thaw-model-atlas:first-of-type g.box').length > 20,
    );
    const [box, frame] = [
      await chosen.boundingBox(),
      await atlas.locator('[data-part="scroll"]').first().boundingBox(),
    ];
    assert.ok(box && frame);
    assert.ok(box.x >= frame.x && box.x + box.width <= frame.x + frame.width, 'it is cut at a side');
    assert.ok(box.y >= frame.y && box.y <= frame.y + frame.height, 'it is above or below');
    await atlas.locator('[data-part="look-picture"]').setInputFiles(await plainPhoto());
    await atlas.locator('.look-ran').waitFor();
    assert.match(await atlas.locator('.look-ran').innerText(), /[\d.]+\sm?s/);
  });
