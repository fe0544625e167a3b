/** The feature space as a figure: its state, its layout, what it draws into a small DOM. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { SpaceFrame } from '../../../../src/figures/feature-space/frame.ts';
import {
  firstState,
  layOut,
  placesOf,
  sharedFields,
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
  ready: {
    ...first,
    status: 'ready',
    isPrecomputed: false,
    thumbnails: frame.drawings.map((_, at) => `data:,${at}`),
    chosen: new Set([0, 3]),
  },
  failed: { ...first, status: 'failed', problem: { message: 'It failed.', advice: 'Try again.' } },
};

test('the trained space names more of the unseen drawings than the random one', () => {
  const [trained, random] = first.sources.map((source) => first.maps[source].accuracy);
  assert.ok(trained.correct >= random.correct + 4, `${trained.correct} and ${random.correct}`);
  assert.equal(trained.asked, first.drawings.length - first.firstAsked);
});

test('the layout keeps distances in proportion and stays inside', () => {
  const map = {
    ...first.maps[first.source],
    points: [
      [0, 0],
      [10, 0],
      [0, 5],
    ] as const,
  };
  assert.deepEqual(layOut(map, 200, 100, 10), [
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
    assert.equal(stage.querySelectorAll('g.pt').length, 48);
    assert.equal(stage.querySelectorAll('image').length, name === 'ready' ? 48 : 0);
    assert.equal(stage.querySelectorAll('g.pt[tabindex="0"]').length, 1);
    assert.equal(stage.querySelectorAll('[data-part="accuracy"] tbody tr').length, 2);
    assert.doesNotMatch(once, /NaN|undefined|\[object/);
  });
