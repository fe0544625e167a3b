/** The GPT lens in a small DOM, over a tiny decoder: twice gives the same, the page's draw equals the build's, links, cuts and tables hold. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstSettings, firstState, packFrame, unpackReading } from '../../../src/figures/gpt-lens/frame.ts';
import {
  attentionOf,
  canTake,
  findPieces,
  isCurrent,
  isExact,
  nextPieces,
  perplexities,
  sharedFields,
  sharedOf,
  type GptState,
} from '../../../src/figures/gpt-lens/model.ts';
import { gptShell } from '../../../src/figures/gpt-lens/shell.ts';
import { gptCsv } from '../../../src/figures/gpt-lens/view-tables.ts';
import { drawGpt } from '../../../src/figures/gpt-lens/view.ts';
import { shownRow } from '../../../src/figures/bert-lens/model.ts';
import { drawStatic, makeStage } from '../../../src/figures/kit/static.ts';
import { readFields, writeFields } from '../../../src/figures/kit/url-state.ts';
import { openGptReader } from '../../../src/labs/gpt-lens/reader.ts';
import { tinyDecoder, tinyRuntime } from '../labs/bert-lens/tiny-model.ts';

const reader = await openGptReader(tinyRuntime(), tinyDecoder);
const read = async (text: string, written: number[] = [], place = -1) =>
  (await reader.read({ text, written, place })).reading;
const reading = await read('The thinner', [6, 7]);
const { barred, pieces } = reader;
const frame = packFrame(
  { madeBy: 'test', weights: 'a', decoder: tinyDecoder, layer: 1, head: 0, barred, pieces },
  reading,
);
const first = { ...firstState(frame, 8_900_000), names: pieces };
const live = { ...first, isPrecomputed: false, reading };
const longer = await read('the plot was thin. the plot was', [5, 5, 5, 5]);
const states: Record<string, GptState> = {
  idle: first,
  live,
  middle: { ...live, reading: await read('The thinner', [6, 7], 1), place: 1, from: 1, head: 'rollout' },
  greedy: { ...live, settings: { ...firstSettings, temperature: 0 }, search: 'th' },
  empty: { ...live, text: '', written: [], reading: await read(''), place: 0, from: 5 },
  loading: { ...first, status: 'loading', progress: { label: 'x', receivedBytes: 1, totalBytes: 2 } },
  full: {
    ...live,
    reading: longer,
    place: 12,
    from: 3,
    stopped: 'full',
    isWriting: true,
    cell: { row: 3, column: 1 },
  },
};

/** Markup with the attributes of every element in alphabetical order: a mark that was drawn before has them in another. */
function sorted(element: Element | null): string {
  return (element?.innerHTML ?? '').replace(
    /<(\w+)((?: [\w-]+(?:="[^"]*")?)*)/g,
    (_, tag: string, all: string) =>
      [`<${tag}`, ...(all.match(/[\w-]+(?:="[^"]*")?/g) ?? []).sort()].join(' '),
  );
}

for (const [name, state] of Object.entries(states))
  test(`${name}: drawing twice changes nothing, nor does drawing over the build's`, () => {
    const stage = makeStage(gptShell());
    drawGpt(stage, state);
    const once = stage.innerHTML;
    drawGpt(stage, state);
    assert.equal(stage.innerHTML, once);
    const built = makeStage(drawStatic(gptShell(), (root) => drawGpt(root, { ...first, isShort: true })));
    drawGpt(built, first);
    drawGpt(built, state);
    for (const part of [
      'tokens',
      'across',
      'flow',
      'next',
      'found',
      'ways',
      'perplexity',
      'line',
      'table-next',
    ])
      assert.equal(
        sorted(built.querySelector(`[data-part="${part}"]`)),
        sorted(stage.querySelector(`[data-part="${part}"]`)),
        part,
      );
  });

test('the drawing says what the network computed', () => {
  const stage = makeStage(gptShell());
  drawGpt(stage, live);
  const text = (part: string) => stage.querySelector(`[data-part="${part}"]`)?.textContent ?? '';
  const flow = [...stage.querySelectorAll('[data-part="flow"] button')];
  assert.deepEqual(
    flow.map((button) => [button.textContent, button.hasAttribute('data-written')]),
    [
      ['[SEP]', false],
      ['the', false],
      ['thin', false],
      ['ner', false],
      ['plot', true],
      ['was', true],
    ],
  );
  assert.match(
    flow[1].getAttribute('aria-label') ?? '',
    /“the” was expected with .+%, at rank \d+: \d+\.\d bits/,
  );
  const { own } = perplexities(live);
  assert.ok(own && text('perplexity').includes(`perplexity ${own.perplexity.toFixed(1)}`));
  const bits = reading.surprises.slice(1, 4).map((one) => one?.bits ?? NaN);
  assert.ok(Math.abs(own.mean - bits.reduce((a, b) => a + b, 0) / 3) < 1e-9);
  // rank 8 on queries and values, 8 by 8, in two layers
  assert.match(text('ways'), new RegExp(`LoRA, rank 8.*?${2 * 2 * 8 * 16}`));
  assert.equal(stage.querySelectorAll('[data-part="matrix"] .unseen').length, 1);
  assert.match(text('matrix-title'), /causal mask/);
});

test('the shares of a row stand on what came before alone', () => {
  const { row } = shownRow({ ...attentionOf(live), from: 2 });
  assert.ok(Math.abs(row.subarray(0, 3).reduce((a, b) => a + b, 0) - 1) < 1e-5);
  assert.ok(row.subarray(3).every((share) => share === 0));
});

test('candidates carry both chances, what is cut is out, what follows is marked', () => {
  const listed = nextPieces({ ...live, settings: { ...firstSettings, topK: 2 } });
  assert.equal(listed.length, 10);
  assert.equal(listed.filter(({ chance }) => chance > 0).length, 2);
  assert.ok(Math.abs(listed.reduce((sum, { chance }) => sum + chance, 0) - 1) < 1e-9);
  assert.ok(listed.every(({ id, chance }) => chance === 0 || !barred.has(id)));
  const middle = nextPieces(states['middle'] ?? live);
  assert.deepEqual(
    middle.filter(({ follows }) => follows).map(({ piece }) => piece),
    ['thin'],
  );
  assert.equal(canTake(states['middle'] ?? live), false, 'the reader’s own text is not cut');
  assert.equal(canTake(live), true);
  const { found, count } = findPieces({ ...live, search: ' TH ' });
  assert.equal(count, 2);
  assert.deepEqual(found.map(({ piece }) => piece).sort(), ['the', 'thin']);
  assert.deepEqual(findPieces({ ...live, search: '' }).found, []);
});

test('a frame keeps what was computed, and enough for its own settings', () => {
  const again = unpackReading(frame);
  assert.deepEqual(again.tokens, reading.tokens);
  assert.deepEqual(again.written, [6, 7]);
  again.attention.forEach((layer, at) =>
    layer.forEach((value, cell) => assert.ok(Math.abs(value - reading.attention[at][cell]) <= 1e-4)),
  );
  again.surprises.forEach((one, at) =>
    assert.ok(Math.abs((one?.bits ?? 0) - (reading.surprises[at]?.bits ?? 0)) < 1e-3),
  );
  const large = { ...first, decoder: { ...tinyDecoder, pieces: 8000 }, barred: new Set<number>() };
  const known = large.reading.ranked.ids.length;
  const exact = (change: object) => isExact({ ...large, settings: { ...firstSettings, ...change } });
  assert.equal(exact({ topK: known }), true);
  assert.equal(exact({ topK: known + 1 }), false);
  assert.equal(exact({ topK: 0 }), false);
  assert.equal(exact({ topK: 0, temperature: 0 }), true);
});

test('links carry text, pieces and settings, and refuse what no lens could show', () => {
  const fields = sharedFields(tinyDecoder);
  const base = sharedOf(first);
  const state: GptState = {
    ...first,
    text: 'the & plot',
    written: [],
    settings: { temperature: 1.25, topK: 0, topP: 0.9, seed: 77 },
    head: 'mean',
  };
  const query = writeFields(fields, sharedOf(state), base, '');
  assert.deepEqual(readFields(fields, query), {
    text: 'the & plot',
    wrote: [],
    temperature: 1.25,
    k: 0,
    p: 0.9,
    seed: 77,
    head: 'mean',
  });
  assert.deepEqual(readFields(fields, '?wrote=5.6.7').wrote, [5, 6, 7]);
  const bad = `?wrote=5.x&temperature=9&k=999&p=0&seed=-1&layer=9&head=7&place=99&text=${'a'.repeat(400)}`;
  assert.deepEqual(readFields(fields, bad), {});
  assert.equal(isCurrent(first), true);
  assert.equal(isCurrent({ ...first, written: [5] }), false);
});

test('the file for a spreadsheet has a row for each token and each candidate', () => {
  const rows = gptCsv(live).trimEnd().split('\r\n');
  assert.equal(rows.length, 1 + 6 + 1 + 1 + 10);
  assert.match(rows[2] ?? '', /^1,the,5,you,0\.\d+,\d/);
  assert.match(rows[5] ?? '', /^4,plot,6,the network,/);
});
