import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arrange } from '../../../../src/figures/model-atlas/arrange.ts';
import { covers, inView, isLarge, stripAround } from '../../../../src/figures/model-atlas/in-view.ts';
import { openAtLevel } from '../../../../src/figures/model-atlas/model.ts';
import { describeAtlas } from '../../../../src/labs/describe-atlas.ts';
import { buildChain } from '../../../fixtures/onnx/chain.ts';
import { resnet } from './networks.ts';

const network = describeAtlas(buildChain(600), { id: 'chain', title: 'Chain' });
const drawing = arrange(network, openAtLevel(network, 'operators'));

test('a small drawing has marks for everything', () => {
  const small = arrange(resnet, openAtLevel(resnet, 'operators'));
  assert.equal(isLarge(small), false);
  assert.equal(inView(small, { top: 0, bottom: 10 }), small);
});

test('of a large drawing only what meets the strip has marks, with the frames around it', () => {
  assert.ok(isLarge(drawing));
  const middle = { top: drawing.height / 2, bottom: drawing.height / 2 + 800 };
  const seen = inView(drawing, stripAround(middle));
  assert.ok(seen.boxes.length > 20 && seen.boxes.length < 150, String(seen.boxes.length));
  const inside = drawing.boxes.filter(({ y, height }) => y < middle.bottom && y + height > middle.top);
  for (const placed of inside) assert.ok(seen.boxes.includes(placed));
  const crossing = drawing.edges.filter(
    ({ points }) => points[0].y < middle.bottom && (points.at(-1)?.y ?? 0) > middle.top,
  );
  for (const edge of crossing) assert.ok(seen.edges.includes(edge));
  assert.equal(seen.height, drawing.height);
});

test('nothing is drawn anew while the window stays well inside its strip', () => {
  const strip = stripAround({ top: 5000, bottom: 5800 });
  assert.equal(covers(strip, { top: 5600, bottom: 6400 }), true);
  assert.equal(covers(strip, { top: 6700, bottom: 7500 }), false);
});

test('the same open boxes are arranged once', () => {
  const open = openAtLevel(network, 'operators');
  assert.equal(arrange(network, open), arrange(network, open));
});
