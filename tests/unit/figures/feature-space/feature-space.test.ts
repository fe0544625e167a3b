/** The feature space as a figure: its state, its layout, what it draws into a small DOM. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { randomSource, type SpaceFrame } from '../../../../src/figures/feature-space/frame.ts';
import {
  chosenBy,
  firstState,
  layOut,
  markAt,
  placesOf,
  sharedFields,
  shownPoints,
  toggleThing,
  type SpaceState,
} from '../../../../src/figures/feature-space/model.ts';
import { spaceShell } from '../../../../src/figures/feature-space/shell.ts';
import { drawSpace } from '../../../../src/figures/feature-space/view.ts';
import { makeStage } from '../../../../src/figures/kit/static.ts';
import { readFields } from '../../../../src/figures/kit/url-state.ts';

const frame = JSON.parse(readFileSync('src/figures/feature-space/frame.json', 'utf8')) as SpaceFrame;
const first = firstState(frame, 5_000_000);
const states: Record<string, SpaceState> = {
  first,
  random: { ...first, source: 'resnet-random' },
  loading: {
    ...first,
    status: 'loading',
    progress: { label: 'coming', receivedBytes: 1e6, totalBytes: 4e6 },
  },
  running: { ...first, status: 'running', now: { source: 'resnet-random', at: 4 } },
  later: {
    ...first,
    status: 'running',
    now: { source: first.source, at: 1 },
    progress: { label: 'the next one comes', receivedBytes: 1e6, totalBytes: 4e6 },
  },
  ready: {
    ...first,
    status: 'ready',
    isPrecomputed: false,
    thumbnails: frame.drawings.map((_, at) => `data:,${at}`),
    chosen: new Set([0, 3]),
  },
  own: {
    ...first,
    status: 'ready',
    isPrecomputed: false,
    projection: 'umap',
    umaps: { [first.source]: [...first.maps[first.source].points, [0, 0]] },
    maps: { ...first.maps, [first.source]: { ...first.maps[first.source], own: [2] } },
    drawings: [...first.drawings, { concept: '', style: '<b>cat</b>.png' }],
    chosen: new Set([first.drawings.length]),
    lasso: [
      [1, 1],
      [20, 1],
      [20, 30],
    ],
  },
  failed: { ...first, status: 'failed', problem: { message: 'It failed.', advice: 'Try again.' } },
};

test('each trained space names more of the unseen drawings than the random one', () => {
  const random = first.maps[randomSource].accuracy;
  const trained = first.sources.filter((source) => source !== randomSource);
  assert.ok(trained.length > 0);
  for (const source of trained) {
    const { correct, asked } = first.maps[source].accuracy;
    assert.ok(correct >= random.correct + 4, `${source}: ${correct} and ${random.correct}`);
    assert.equal(asked, first.drawings.length - first.firstAsked);
  }
});

test('the layout keeps distances in proportion and stays inside', () => {
  const points = [
    [0, 0],
    [10, 0],
    [0, 5],
  ] as const;
  assert.deepEqual(layOut(points, 200, 100, 10), [
    [20, 90],
    [180, 90],
    [20, 10],
  ]);
});

test('a thing is chosen and left as a whole', () => {
  const [thing] = first.things;
  const chosen = toggleThing(first, thing);
  assert.deepEqual([...chosen], placesOf(first, thing));
  assert.equal(chosen.size, 8);
  assert.equal(toggleThing({ ...first, chosen }, thing).size, 0);
});

test('a link carries source and seed, and nonsense in it is ignored', () => {
  const fields = sharedFields(first.sources);
  assert.deepEqual(readFields(fields, '?source=resnet-random&seed=7'), { source: 'resnet-random', seed: 7 });
  assert.deepEqual(readFields(fields, '?source=magic&seed=0'), {});
});

for (const [name, state] of Object.entries(states))
  test(`drawing twice changes nothing: ${name}`, () => {
    const stage = makeStage(spaceShell('space', first.sources));
    drawSpace(stage, state);
    const once = stage.innerHTML;
    drawSpace(stage, state);
    assert.equal(stage.innerHTML, once);
    assert.equal(stage.querySelectorAll('g.pt').length, state.drawings.length);
    assert.equal(stage.querySelectorAll('image').length, name === 'ready' ? 48 : 0);
    assert.equal(stage.querySelectorAll('g.pt[tabindex="0"]').length, 1);
    assert.equal(stage.querySelectorAll('[data-part="accuracy"] tbody tr').length, state.sources.length);
    assert.doesNotMatch(once, /NaN|undefined|\[object/);
  });

test('a line chooses what it encloses, a click what it hits', () => {
  const marks = [
    [10, 10],
    [50, 50],
    [90, 10],
  ] as const;
  // around the first and the third, past the second: a bent line
  const bent = [
    [0, 0],
    [100, 0],
    [100, 60],
    [60, 20],
    [40, 20],
    [0, 60],
  ] as const;
  assert.deepEqual([...chosenBy(bent, marks, 1)], [0, 2]);
  assert.equal(markAt([52, 47], marks), 1);
  assert.equal(markAt([70, 30], marks), undefined);
  assert.equal(markAt([70, 30], []), undefined);
  assert.deepEqual([...chosenBy([[52, 47]], marks, 1)], [1]);
  assert.deepEqual([...chosenBy([[70, 30]], marks)], []);
  assert.deepEqual([...chosenBy([], marks, 1)], []);
});

test('a run says which network has its turn, and which one is on its way', () => {
  const stage = makeStage(spaceShell('space', first.sources));
  drawSpace(stage, states.running);
  assert.equal(stage.querySelector('.space-now')?.textContent, 'Drawings through random weights: 4 of 4');
  assert.equal(stage.querySelector('.space-now progress')?.getAttribute('value'), '3');
  drawSpace(stage, states.later);
  assert.equal(stage.querySelector('.space-now'), null);
  assert.match(stage.querySelector('.bytes-row')?.textContent ?? '', /the next one comes/);
  drawSpace(stage, states.ready);
  assert.equal(stage.querySelector('.bytes-row'), null);
});

test('a closer look says what a drawing is and shows it where its picture is there', () => {
  const stage = makeStage(spaceShell('space', first.sources));
  const look = (state: SpaceState) => {
    drawSpace(stage, state);
    return stage.querySelector('.space-look');
  };
  assert.equal(look(first), null);
  const asleep = look({ ...first, pointed: 0 });
  assert.match(asleep?.textContent ?? '', new RegExp(`by ${first.drawings[0].style}$`));
  assert.equal(asleep?.querySelector('img'), null);
  assert.equal(stage.querySelectorAll('g.pt title').length, 47, 'the browser says it no second time');
  const unseen = look({ ...states.ready, pointed: 47 });
  assert.match(unseen?.textContent ?? '', /a hand that no network saw$/);
  assert.equal(unseen?.querySelector('img')?.getAttribute('src'), 'data:,47');
  assert.equal(stage.querySelector('image:last-of-type')?.getAttribute('data-key'), '47', 'above all others');
  assert.match(
    look({ ...states.own, lasso: [], pointed: 48 })?.textContent ?? '',
    /^<b>cat<.*neighbours say/,
  );
  assert.equal(look({ ...states.own, pointed: 48 }), null, 'not in the way of a line');
});

test('an arrangement by UMAP is shown where there is one; a picture of one’s own is named as text', () => {
  const { own } = states;
  assert.equal(shownPoints(own).length, first.drawings.length + 1);
  assert.equal(shownPoints({ ...own, source: 'resnet-random' }), first.maps['resnet-random'].points);
  const stage = makeStage(spaceShell('space-9', first.sources));
  drawSpace(stage, own);
  assert.match(stage.querySelector('[data-part="title"]')?.textContent ?? '', /arranged by UMAP/);
  const chosen = stage.querySelector('[data-part="chosen"]')?.textContent ?? '';
  assert.match(chosen, /<b>cat<\/b>\.png, whose neighbours say /);
  assert.equal(stage.querySelector('b'), null);
  assert.equal(stage.querySelectorAll('g.pt.own').length, 1);
  assert.match(stage.querySelector('path.lasso')?.getAttribute('d') ?? '', /^M1 1L20 1L20 30Z$/);
});
