/** The BERT lens in a small DOM, over a tiny encoder: twice gives the same, the page's draw equals the build's, tables and signs hold. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstState, packFrame, unpackReading } from '../../../src/figures/bert-lens/frame.ts';
import {
  sharedFields,
  shapeFor,
  shownRow,
  wordsOf,
  type BertState,
} from '../../../src/figures/bert-lens/model.ts';
import { bertShell } from '../../../src/figures/bert-lens/shell.ts';
import { sayToken } from '../../../src/figures/bert-lens/view-attention.ts';
import { headMarks } from '../../../src/figures/bert-lens/view-maps.ts';
import { drawBert } from '../../../src/figures/bert-lens/view.ts';
import { drawStatic, makeStage } from '../../../src/figures/kit/static.ts';
import { readFields, writeFields } from '../../../src/figures/kit/url-state.ts';
import { openReader } from '../../../src/labs/bert-lens/reader.ts';
import { tinyEncoder, tinyRuntime } from '../labs/bert-lens/tiny-model.ts';

const reader = await openReader(tinyRuntime(), tinyEncoder);
const read = async (text: string, hidden: number[] = [], other = 'the land.') =>
  (await reader.read({ text, other, hidden, place: -1 })).reading;
const reading = await read('The thinner [MASK].');
const { comparison } = reading;
assert.ok(comparison);
const frame = packFrame(
  { madeBy: 'test', weights: 'a', encoder: tinyEncoder, layer: 1, head: 0 },
  reading,
  comparison,
);
const first = firstState(frame, 8_900_000);
const hidden = await read('The thinner plot.', [1, 2]);
const states: Record<string, BertState> = {
  idle: first,
  mean: { ...first, head: 'mean', layer: 0, from: 0 },
  rollout: { ...first, head: 'rollout' },
  hidden: { ...first, text: hidden.text, hidden: [1, 2], reading: hidden, isPrecomputed: false, place: 2 },
  lora: { ...first, way: 'lora', part: 'head', depth: 0 },
  empty: { ...first, text: '', reading: await read('', [], ''), other: '', from: 5 },
  loading: { ...first, status: 'loading', progress: { label: 'x', receivedBytes: 1, totalBytes: 2 } },
  long: { ...first, reading: await read('the plot was thin. '.repeat(5)), from: 15 },
};

/** Markup with the attributes of every element in alphabetical order: a mark that was drawn before has them in another. */
function sorted(element: Element | null): string {
  return (element?.innerHTML ?? '').replace(
    /<(\w+)((?: [\w-]+(?:="[^"]*")?)*)/g,
    (_, tag: string, all: string) =>
      [`<${tag}`, ...(all.match(/[\w-]+(?:="[^"]*")?/g) ?? []).sort()].join(' '),
  );
}

for (const [name, state] of Object.entries(states)) {
  for (const isWhole of [true, false])
    test(`${name}, ${isWhole ? 'whole' : 'reading'}: drawing twice changes nothing, nor does drawing over the build's`, () => {
      const stage = makeStage(bertShell('x', isWhole));
      drawBert(stage, state);
      const once = stage.innerHTML;
      drawBert(stage, state);
      assert.equal(stage.innerHTML, once);
      const built = makeStage(drawStatic(bertShell('x', isWhole), (root) => drawBert(root, first)));
      drawBert(built, first);
      drawBert(built, state);
      for (const part of ['tokens', 'across', 'candidates', 'words', 'depths', 'line'])
        assert.equal(
          sorted(built.querySelector(`[data-part="${part}"]`)),
          sorted(stage.querySelector(`[data-part="${part}"]`)),
          part,
        );
    });
}

test('the drawing says what the network computed', () => {
  const stage = makeStage(bertShell('x'));
  drawBert(stage, states['lora'] ?? first);
  const text = (part: string) => stage.querySelector(`[data-part="${part}"]`)?.textContent ?? '';
  assert.match(text('chain'), /\[7\].*\[1, 7\].*\[1, 7, 8\].*\[1, 7, 8\].*\[1, 7, 12\]/s);
  assert.match(text('tensors'), /transform\[1, 7, 8\].*logits\[1, 7, 12\]/s);
  // rank 8 on two matrices of 8 by 8 in two layers, and the head's 100
  assert.match(text('count'), /^612 weights move, 512 of them new; the file has/);
  assert.match(
    text('parts'),
    /embeddingsfrozen0 of.*layer 0frozen, new weights beside it0 of 600 \+ 256 new.*trainable/s,
  );
  const { row, top } = shownRow(first);
  assert.ok(Math.abs(row.reduce((a, b) => a + b, 0) - 1) < 2e-3);
  assert.equal(top.length, 3);
  assert.match(sayToken(first), /^\[MASK\] looks most at /);
  const boxes = stage.querySelectorAll('[data-part="heads"] button');
  assert.equal(boxes.length, 2 * (2 + 2));
  assert.deepEqual(headMarks(first)[3], { layer: 0, head: 'rollout' });
});

test('hidden words are buttons that say so', () => {
  const stage = makeStage(bertShell('x'));
  const state = states['hidden'] ?? first;
  drawBert(stage, state);
  assert.deepEqual(
    wordsOf(state).map(({ text, isHidden, places }) => [text, isHidden, places]),
    [
      ['The', false, [1]],
      ['thinner', true, [2, 3]],
      ['plot', true, [4]],
      ['.', false, [5]],
    ],
  );
  const button = stage.querySelector('[data-part="words"] [data-word="1"]');
  assert.deepEqual(
    [button?.getAttribute('aria-pressed'), button?.getAttribute('aria-label'), button?.textContent],
    ['true', 'thinner, hidden', '[MASK] [MASK]'],
  );
});

test('a build for a page with little room leaves maps and tables to the page', () => {
  const short = drawStatic(bertShell('x', false), (root) => drawBert(root, { ...first, isShort: true }));
  const full = drawStatic(bertShell('x', true), (root) => drawBert(root, first));
  assert.ok(short.length < full.length * 0.75, `${short.length} of ${full.length}`);
  assert.ok(!short.includes('data-part="parts"') && !short.includes('<caption>'));
});

test('a frame keeps what was computed, to four digits', () => {
  const again = unpackReading(frame);
  assert.deepEqual(again.tokens, reading.tokens);
  assert.deepEqual(
    again.guess.depths[2].map(({ piece }) => piece),
    reading.guess.depths[2].map(({ piece }) => piece),
  );
  again.attention.forEach((layer, at) =>
    layer.forEach((value, cell) => assert.ok(Math.abs(value - reading.attention[at][cell]) <= 1e-4)),
  );
  assert.equal(again.comparison?.shared[0].piece, 'the');
});

test('links carry the sentence, and refuse what no lens could show', () => {
  const fields = sharedFields(tinyEncoder);
  const base = {
    text: 'a',
    other: 'b',
    hide: [],
    layer: 0,
    head: 0,
    place: 1,
    way: 'head',
    backend: 'auto',
  } as const;
  const state = { ...base, text: 'the [MASK] & plot', hide: [1, 2], head: 'rollout', way: 'lora' } as const;
  const query = writeFields(fields, state, base, '');
  assert.deepEqual(readFields(fields, query), {
    text: 'the [MASK] & plot',
    hide: [1, 2],
    head: 'rollout',
    way: 'lora',
  });
  assert.deepEqual(
    readFields(fields, `?layer=9&head=7&place=99&way=none&hide=x&text=${'a'.repeat(400)}`),
    {},
  );
});

test('shapes are for one text of so many tokens', () => {
  assert.equal(shapeFor(['N', 4, 'T', 'T'], 11), '[1, 4, 11, 11]');
});
