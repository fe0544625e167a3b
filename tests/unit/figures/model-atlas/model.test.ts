/** The atlas's numbers are the file's, and its state follows what the reader does. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { toCsv } from '../../../../src/figures/model-atlas/csv.ts';
import {
  boxOf,
  canOpen,
  firstState,
  levelOf,
  levels,
  openAtLevel,
  pathTo,
  reveal,
  search,
  shareOf,
  sharedFields,
  shownBox,
  tableRows,
  toggle,
  visibleBox,
} from '../../../../src/figures/model-atlas/model.ts';
import { readFields, writeFields } from '../../../../src/figures/kit/url-state.ts';
import { resnet } from './networks.ts';

const first = firstState(resnet);
const withQuery = (query: string) => search({ ...first, query }).map(({ id }) => id);

describe('describeAtlas', () => {
  it('counts what the manifest says', () => {
    const manifest = JSON.parse(readFileSync('public/models/resnet-mixed/manifest.json', 'utf8')) as {
      parameters: number;
      macs: number;
    };
    assert.equal(resnet.parameters, manifest.parameters);
    assert.equal(resnet.macs, manifest.macs);
  });

  it('gives every box what its operators cost together', () => {
    for (const box of resnet.boxes.filter(canOpen)) {
      const inside = resnet.boxes.filter(({ parent }) => parent === box.id);
      for (const cost of ['parameters', 'macs', 'activationBytes', 'operators'] as const)
        assert.equal(
          box[cost],
          inside.reduce((sum, child) => sum + child[cost], 0),
          `${box.id} ${cost}`,
        );
    }
  });

  it('tells of an operator its settings and the tensors that are stored for it', () => {
    const conv = boxOf(resnet, 'layer2.0.conv1');
    assert.equal(conv.op, 'Conv');
    assert.deepEqual(Object.fromEntries(conv.attributes ?? [])['strides'], '2, 2');
    assert.deepEqual(conv.weights, [
      { name: 'layer2.0.conv1.weight.int8', dtype: 'int8', shape: [64, 32, 3, 3] },
      { name: 'layer2.0.conv1.weight.scale', dtype: 'float32', shape: [64] },
    ]);
    assert.deepEqual(resnet.values[conv.outputs[0] ?? ''], { dtype: 'float32', shape: [64, 8, 8] });
  });
});

describe('the state', () => {
  it('starts closed, with the heaviest box chosen', () => {
    assert.equal(levelOf(resnet, first.open), 'stages');
    assert.equal(shownBox(first).id, 'layer4');
    assert.ok(Math.abs(shareOf(resnet, shownBox(first), 'parameters') - 2099712 / 2999869) < 1e-12);
  });

  it('opens and closes a box, and chooses it', () => {
    const opened = { ...first, ...toggle(first, 'layer2') };
    assert.deepEqual([...opened.open], ['layer2']);
    assert.equal(opened.box, 'layer2');
    assert.equal(levelOf(resnet, opened.open), undefined);
    assert.deepEqual([...toggle(opened, 'layer2').open], []);
    assert.equal(first.open.size, 0, 'the old state was changed');
  });

  it('only chooses an operator', () => {
    assert.deepEqual(toggle(first, 'head'), { open: new Set(), box: 'head' });
  });

  it('reveals what is deep inside', () => {
    const { open, box } = reveal(first, 'layer2.0.downsample.0');
    assert.deepEqual([...open], ['layer2', 'layer2.0', 'layer2.0.downsample']);
    assert.equal(visibleBox(resnet, open, box), box);
    assert.equal(visibleBox(resnet, new Set(['layer2']), box), 'layer2.0');
    assert.deepEqual(
      pathTo(resnet, box).map(({ label }) => label),
      ['layer2', 'layer2.0', 'downsample'],
    );
  });

  it('finds layers by name and by operator', () => {
    assert.deepEqual(withQuery('  '), []);
    assert.deepEqual(withQuery('layer2.0.CONV'), ['layer2.0.conv1', 'layer2.0.conv2']);
    assert.equal(withQuery('maxpool').join(), 'stem.pool');
    assert.equal(withQuery('layer3')[0], 'layer3', 'the box comes before its operators');
    assert.deepEqual(withQuery('no such thing'), []);
  });

  it('travels in the address and comes back', () => {
    const fields = sharedFields(resnet);
    const { open, box, zoom } = first;
    const fallbacks = { open, box, zoom };
    for (const shared of [
      { open: openAtLevel(resnet, 'operators'), box: 'stem', zoom: 0.6 },
      { open: new Set(['layer2', 'layer2.0']), box: 'layer2.0.add', zoom: 1.25 },
    ]) {
      const query = writeFields(fields, shared, fallbacks, '');
      assert.deepEqual(readFields(fields, query), shared);
    }
    assert.equal(writeFields(fields, fallbacks, fallbacks, ''), '');
    assert.deepEqual(readFields(fields, '?open=nothing,stem.conv&box=x&zoom=99'), { open: new Set() });
  });

  it('knows its levels again', () => {
    for (const level of levels) assert.equal(levelOf(resnet, openAtLevel(resnet, level)), level);
  });
});

describe('the table', () => {
  const names = (column: Parameters<typeof tableRows>[0]['sort']['column'], isDescending = false) =>
    tableRows({ network: resnet, sort: { column, isDescending } }).map(({ id }) => id);

  it('stands in running order until a column is chosen', () => {
    assert.deepEqual(names(undefined).slice(0, 3), ['stem.conv', 'stem.bn', 'stem.relu']);
    assert.equal(names('parameters', true)[0], 'layer4.0.conv2');
    assert.equal(names('activationBytes', true)[0], 'stem.conv');
    assert.equal(names('name')[0], 'flatten');
  });

  it('becomes CSV that no spreadsheet takes for formulas', () => {
    const rows = tableRows(first);
    const lines = toCsv(resnet, rows).split('\r\n');
    assert.equal(lines.length, rows.length + 2, 'a heading, a line each, and the end');
    assert.match(
      lines[1] ?? '',
      /^stem\.conv,Conv,stem,32x32x32,float32,864,884736,131072,3,"?kernel_shape=3, 3/,
    );
    const evil = { ...boxOf(resnet, 'head'), node: '=HYPERLINK("http://x")', op: '+1', parent: ' @sum' };
    const [, line = ''] = toCsv(resnet, [evil]).split('\r\n');
    assert.ok(line.startsWith(`"'=HYPERLINK(""http://x"")",'+1,' @sum,`), line);
  });
});
