import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawDataTable } from '../../../src/figures/kit/data-table.ts';
import {
  drawColumn,
  drawGlyph,
  glyphParts,
  measureExtent,
  measureGlyph,
} from '../../../src/figures/kit/glyph.ts';
import { shadeMap } from '../../../src/figures/kit/ink.ts';
import { jsonForPage } from '../../../src/figures/kit/page-data.ts';
import { estimateSecondsLeft } from '../../../src/figures/kit/progress.ts';
import { rovingTarget } from '../../../src/figures/kit/roving.ts';
import { makeStage } from '../../../src/figures/kit/static.ts';

test('a glyph grows with its tensor, but slower', () => {
  const [picture, last] = [measureGlyph([3, 64, 64]), measureGlyph([256, 2, 2])];
  assert.ok(picture.face > last.face && picture.depth < last.depth);
  assert.ok(picture.face / last.face < 64 / 2);
  assert.ok(measureExtent(last).width > last.face);
});

test('frozen and trainable differ in form, not only in colour', () => {
  const size = measureGlyph([64, 8, 8]);
  const roles = (state: 'frozen' | 'trainable' | 'plain') => glyphParts(size, state).map(({ role }) => role);
  assert.ok(roles('frozen').includes('lattice'));
  assert.ok(roles('trainable').includes('flow'));
  assert.deepEqual(roles('plain'), ['top', 'side', 'edges', 'front']);
});

test('the lattice stays inside the box', () => {
  const size = { face: 40, depth: 60 };
  const d = glyphParts(size, 'frozen').find(({ role }) => role === 'lattice')?.d ?? '';
  const { width, height } = measureExtent(size);
  for (const [, x = '', y = ''] of d.matchAll(/([-\d.]+) ([-\d.]+)/g)) {
    assert.ok(Number(x) >= -0.1 && Number(x) <= width + 0.1, `x ${x}`);
    assert.ok(Number(y) <= 0.1 && Number(y) >= -height - 0.1, `y ${y}`);
  }
});

test('a group that held a column can hold a box, and back', () => {
  const stage = makeStage('<svg><g></g></svg>');
  const group = stage.querySelector<SVGGElement>('g')!; // just made
  drawColumn(group, { cells: 4, width: 10, height: 40, x: 0, y: 40, state: 'plain' });
  assert.equal(group.querySelectorAll('rect').length, 4);
  drawGlyph(group, { size: { face: 20, depth: 20 }, state: 'plain', x: 0, y: 40 });
  assert.equal(group.querySelectorAll('rect').length, 0);
  assert.equal(group.querySelectorAll('path').length, 4);
});

test('every cell above zero gets ink, and none else', () => {
  const shades = shadeMap({ width: 3, height: 2, values: [0, 1e-6, 2, 2, 0, 4], full: 4 });
  const cells = shades.flatMap(({ d }) => [...d.matchAll(/h(\d+)/g)].map(([, run]) => Number(run)));
  assert.equal(
    cells.reduce((sum, run) => sum + run, 0),
    4,
  );
  assert.equal(shades.at(-1)?.opacity, 1);
});

test('a map without values above zero has no ink', () =>
  assert.deepEqual(shadeMap({ width: 2, height: 1, values: [0, -1], full: 0 }), []));

test('arrow keys move in a grid and stop at its ends', () => {
  assert.equal(rovingTarget('ArrowRight', 0, 10, 4), 1);
  assert.equal(rovingTarget('ArrowLeft', 0, 10, 4), 0);
  assert.deepEqual(
    [rovingTarget('Home', 7, 10, 10), rovingTarget('End', 2, 10, 10)],
    [0, 9],
    'in one row too',
  );
  assert.equal(rovingTarget('ArrowDown', 1, 10, 4), 5);
  assert.equal(rovingTarget('ArrowDown', 7, 10, 4), 7);
  assert.equal(rovingTarget('Home', 7, 10, 4), 0);
  assert.equal(rovingTarget('End', 2, 10, 4), 9);
  assert.equal(rovingTarget('x', 2, 10, 4), undefined);
});

test('seconds left follow the average speed, once there is one', () => {
  assert.equal(estimateSecondsLeft(1e6, 3e6, 1000), 2);
  assert.equal(estimateSecondsLeft(1e6, 3e6, 100), undefined);
  assert.equal(estimateSecondsLeft(0, 3e6, 5000), undefined);
});

test('a table names its columns and its rows', () => {
  const table = makeStage('<table></table>').querySelector('table')!; // just made
  const columns = [
    { heading: 'block', text: (row: [string, number]) => row[0] },
    { heading: 'weights', isNumber: true, text: (row: [string, number]) => String(row[1]) },
  ];
  drawDataTable(table, columns, [['stem', 4]]);
  assert.equal(table.querySelector('tbody th')?.getAttribute('scope'), 'row');
  assert.equal(table.querySelector('tbody td')?.textContent, '4');
  drawDataTable(table, columns, []);
  assert.equal(table.querySelectorAll('tbody tr').length, 0);
});

test('data in the page cannot end its script', () => {
  const text = jsonForPage({ name: '</script><!--' });
  assert.doesNotMatch(text, /</);
  assert.deepEqual(JSON.parse(text), { name: '</script><!--' });
});
