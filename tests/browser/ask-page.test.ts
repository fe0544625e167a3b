/**
 * A question to a chapter, answered by a small network with the inputs and outputs of the published BERT-SQuAD. Requests to its home are answered
 * here; only sizes and checksums of the catalogue are changed, so that addresses, names and shapes are those of the real network.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import { parseHTML } from 'linkedom';
import type { Locator } from 'playwright-core';
import { parseTextManifest } from '../../src/engine/registry/text-manifest.ts';
import { oneLine, readPageText } from '../../src/site/ask/page-text.ts';
import { smallSquadFile } from '../fixtures/onnx/small-squad.ts';
import { axeViolations } from './axe.ts';
import {
  builtPages,
  openPage,
  themes,
  waitForStatus,
  type PageOptions,
  type WatchedPage,
} from './harness.ts';

const chapter = builtPages().find(({ path }) => /\/course\/pytorch-nlp\/$/.test(path))!;
const where = 'public/full-size/bertsquad-12-int8/manifest.json';
const manifest = parseTextManifest(JSON.parse(readFileSync(where, 'utf8')), where);
const weights = Buffer.from(smallSquadFile(manifest));
const vocabulary = readFileSync('public/models/bert-mini/vocab.txt');
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** The chapter's sentences, and one of them whose beginning the small network finds by the rest. */
const { document } = parseHTML(readFileSync(chapter.file, 'utf8'));
const prose = document.querySelector('.sl-markdown-content')!;
const { text, blocks } = readPageText(prose);
/** “PyTorch builds the graph as the program runs …” is found by what stands behind its first word. */
const question = 'Who builds the graph as the program runs, so that ordinary Python works?';

interface Mirror {
  /** Files that were asked for. */
  asked: string[];
  /** Changes a byte of what is sent. */
  isDamaged: boolean;
  /** Answers only when this is called. */
  hold?: Promise<void>;
}

async function openChapter(
  t: TestContext,
  options: PageOptions = {},
): Promise<{ page: WatchedPage; mirror: Mirror; panel: Locator }> {
  const mirror: Mirror = { asked: [], isDamaged: false };
  const expected = [/third party: https:\/\/(huggingface|cdn)/, ...(options.expected ?? [])];
  const page = await openPage(t, chapter.path, { ...options, expected });
  const context = page.context();
  await context.route(/\/catalogue\/bertsquad-12-int8\.json/, async (route) => {
    const answer = await route.fetch();
    const catalogue = (await answer.json()) as { models: { manifest: typeof manifest }[] };
    const { files } = catalogue.models[0].manifest;
    Object.assign(files.weights, { sizeBytes: weights.length, sha256: sha256(weights) });
    Object.assign(files.vocabulary, { sizeBytes: vocabulary.length, sha256: sha256(vocabulary) });
    await route.fulfill({ json: catalogue });
  });
  await context.route('https://huggingface.co/**', async (route) => {
    const url = route.request().url();
    mirror.asked.push(url);
    await mirror.hold;
    const body = Buffer.from(url.endsWith('vocab.txt') ? vocabulary : weights);
    if (mirror.isDamaged) body[body.length >> 1] ^= 1;
    const headers = { 'access-control-allow-origin': '*', etag: '"one"' };
    await route.fulfill({ body, headers, contentType: 'application/octet-stream' }).catch(() => undefined);
  });
  await page.locator('[data-ask]').click();
  const panel = page.locator('thaw-ask');
  await panel.waitFor();
  return { page, mirror, panel };
}

const field = (panel: Locator) => panel.locator('.ask-question');
const part = (panel: Locator, name: string) => panel.locator(`[data-part="${name}"]`);
const action = (panel: Locator, name: string) => panel.locator(`[data-action="${name}"]`);

async function ask(panel: Locator, words: string): Promise<void> {
  await field(panel).fill(words);
  await field(panel).press('Enter');
}

/** What the page marks as the chosen answer, and whether the reader sees it above the panel. */
function marked(page: WatchedPage): Promise<{ words: string; isSeen: boolean }> {
  return page.evaluate(() => {
    const [chosen] = ('highlights' in CSS ? [...(CSS.highlights.get('thaw-answer') ?? [])] : []) as Range[];
    const mark = document.querySelector('.answer-mark');
    const words = chosen ? chosen.toString() : (mark?.textContent ?? '');
    const box = chosen?.getBoundingClientRect() ?? mark?.getBoundingClientRect();
    const panel = document.querySelector('thaw-ask')!.getBoundingClientRect();
    const end = panel.width > innerWidth * 0.9 ? panel.top : innerHeight;
    return { words, isSeen: box !== undefined && box.top >= 0 && box.bottom <= end };
  });
}

test('the chapter has the sentence that is asked for', () => {
  const found = blocks.filter(({ start, end }) =>
    oneLine(text.slice(start, end)).includes('PyTorch builds the graph as the program runs'),
  );
  assert.equal(found.length, 1);
});

test('a question is answered in the page: told by size, fetched when asked for, marked, kept', async (t) => {
  const { page, mirror, panel } = await openChapter(t);
  assert.equal(await field(panel).evaluate((input) => input === document.activeElement), true);
  await panel.locator('text=/Fetch .*MB and ask/').waitFor();
  assert.match(await part(panel, 'about').innerText(), /MB to fetch, once/);
  assert.deepEqual(mirror.asked, [], 'something was fetched before it was asked for');

  await ask(panel, question);
  await waitForStatus(panel, 'ready');
  assert.deepEqual(mirror.asked.toSorted(), [
    'https://huggingface.co/google-bert/bert-base-uncased/resolve/main/vocab.txt',
    'https://huggingface.co/onnxmodelzoo/bertsquad-12-int8/resolve/main/bertsquad-12-int8.onnx',
  ]);
  assert.deepEqual(await marked(page), { words: 'PyTorch', isSeen: true });
  assert.match(await part(panel, 'sentence').innerText(), /^PyTorch builds the graph/);
  assert.equal(await part(panel, 'sentence').locator('mark').innerText(), 'PyTorch');
  assert.match(await part(panel, 'score').innerText(), /Score 12\.0.*“no answer” has 8\.0.*%/s);
  assert.equal(await part(panel, 'of').innerText(), '1 of 5');
  assert.match(await part(panel, 'live').innerText(), /Answer 1 of 5: PyTorch/);

  await t.test('the next and the last candidate are shown in the page', async () => {
    await action(panel, 'next').press('Enter');
    assert.equal(await part(panel, 'of').innerText(), '2 of 5');
    const second = await marked(page);
    assert.equal(second.words, await part(panel, 'sentence').locator('mark').textContent());
    assert.equal(second.isSeen, true);
    await action(panel, 'previous').click();
    await action(panel, 'previous').click();
    assert.equal(await part(panel, 'of').innerText(), '5 of 5');
  });

  await t.test('axe finds nothing, light and dark', async () => {
    for (const theme of themes) {
      await page.emulateMedia({ colorScheme: theme });
      await page.evaluate((name) => (document.documentElement.dataset['theme'] = name), theme);
      assert.deepEqual(await axeViolations(page), []);
    }
  });

  await t.test('clearing takes the marks away, Escape closes, and what was fetched is kept', async () => {
    await action(panel, 'clear').click();
    assert.equal((await marked(page)).words, '');
    assert.equal(await part(panel, 'answer').isVisible(), false);
    await page.keyboard.press('Escape');
    assert.equal(await panel.count(), 0);
    assert.equal(
      await page.locator('[data-ask]').evaluate((button) => button === document.activeElement),
      true,
    );
    await page.reload();
    await page.locator('[data-ask]').click();
    await panel.locator('text=It is stored already').waitFor();
    await ask(panel, question);
    await waitForStatus(panel, 'ready');
    assert.equal(mirror.asked.length, 2, 'it was fetched again');
  });

  await t.test('the settings list the files', async () => {
    await page.goto(new URL('/settings/', page.url()).href);
    const rows = page.locator('[data-files] tbody');
    await rows.getByText('weights bertsquad-12-int8').waitFor();
    await rows.getByText('vocabulary bertsquad-12-int8').waitFor();
  });
});

test('bad questions get a sentence: empty, emoji, endless, right to left, without an answer', async (t) => {
  const { page, mirror, panel } = await openChapter(t);
  await ask(panel, '   ');
  assert.equal(await part(panel, 'remark').innerText(), 'Type a question first.');
  assert.deepEqual(mirror.asked, []);
  await ask(panel, '🦜🦜🎉');
  await panel.locator('.problem').waitFor();
  assert.match(await panel.locator('.problem').innerText(), /knows no sign of this question/);
  await ask(panel, `${question} ${'x '.repeat(50_000)}`);
  await waitForStatus(panel, 'ready');
  assert.match(await part(panel, 'note').innerText(), /Only the beginning of the question was read/);
  assert.equal((await marked(page)).words, 'PyTorch');
  await ask(panel, 'מה זה תוכנית?');
  await waitForStatus(panel, 'ready');
  assert.equal(await field(panel).evaluate((input) => getComputedStyle(input).direction), 'rtl');
  await ask(panel, 'which dog barked under seven green bridges');
  await panel.locator('text=/finds no answer on this page/').first().waitFor();
  assert.match(await panel.locator('#ask-answer-head').innerText(), /Not an answer/);
});

test('a download can be called off, and a damaged one is told and can be tried again', async (t) => {
  const { mirror, panel } = await openChapter(t, { width: 390, height: 800 });
  let release = (): void => undefined;
  mirror.hold = new Promise((resolve) => (release = resolve));
  await ask(panel, question);
  await waitForStatus(panel, 'loading');
  await panel.locator('progress').first().waitFor();
  await action(panel, 'cancel').click();
  await waitForStatus(panel, 'idle');
  release();
  mirror.isDamaged = true;
  await part(panel, 'start').click();
  await panel.locator('.problem').waitFor();
  mirror.isDamaged = false;
  await part(panel, 'start').click();
  await waitForStatus(panel, 'ready');
  assert.deepEqual(await panel.locator('.problem').count(), 0);
});

test('on a phone the answer stands above the panel; without the highlight API it is a <mark>', async (t) => {
  const { page, panel } = await openChapter(t, {
    width: 390,
    height: 800,
    theme: 'dark',
    before: () => {
      // As browsers of 2023 have it
      Reflect.deleteProperty(CSS, 'highlights');
      Reflect.deleteProperty(globalThis, 'Highlight');
    },
  });
  const nodes = () =>
    page.evaluate(() =>
      [...document.querySelectorAll('.sl-markdown-content p')].map(({ childNodes }) => childNodes.length),
    );
  const before = await nodes();
  await ask(panel, question);
  await waitForStatus(panel, 'ready');
  assert.deepEqual(await marked(page), { words: 'PyTorch', isSeen: true });
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
  assert.deepEqual(await axeViolations(page), []);
  await action(panel, 'clear').click();
  assert.equal(await page.locator('.answer-mark').count(), 0);
  assert.deepEqual(await nodes(), before, 'the text of the page is not as it was');
});
