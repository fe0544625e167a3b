import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { MODELS } from '../../../src/engine/registry/models.ts';
import { readSideBySide } from '../../../src/figures/model-atlas/read-side-by-side.ts';
import { firstSide, measurable, nextSide } from '../../../src/figures/model-atlas/side-state.ts';
import { sideCells, sortNetworks, type SideNetwork } from '../../../src/labs/side-by-side.ts';

const line = (id: string, more: Partial<SideNetwork> = {}): SideNetwork => ({
  ...{ id, takes: 'pictures', weights: 'here', parameters: 1, macs: 1 },
  ...more,
});
const accuracy = (value: number) => ({ name: 'top-1', value, unit: '%', split: 'val' });
const networks = [
  line('c', { parameters: 5, sizeBytes: 9 }),
  line('a', { parameters: 70, accuracy: accuracy(40) }),
  line('b', { parameters: 6, sizeBytes: 10, accuracy: accuracy(9) }),
];
const none = new Map<string, number>();
const ids = (lines: readonly SideNetwork[]) => lines.map(({ id }) => id).join('');

describe('sortNetworks', () => {
  it('sorts numbers as numbers and words as words, and leaves the registry’s order without a column', () => {
    const by = (column: 'id' | 'parameters') =>
      ids(sortNetworks(networks, { column, isDescending: false }, none));
    assert.deepEqual([by('parameters'), by('id')], ['cba', 'abc']);
    assert.equal(ids(sortNetworks(networks, { column: undefined, isDescending: true }, none)), 'cab');
  });

  it('puts what is not known last, either way', () => {
    for (const isDescending of [false, true]) {
      assert.equal(ids(sortNetworks(networks, { column: 'sizeBytes', isDescending }, none)).at(-1), 'a');
      assert.equal(ids(sortNetworks(networks, { column: 'accuracy', isDescending }, none)).at(-1), 'c');
      const times = new Map([['b', 3]]);
      assert.equal(ids(sortNetworks(networks, { column: 'time', isDescending }, times))[0], 'b');
    }
  });

  it('turns a heading up, down, and off again', () => {
    const up = nextSide({ column: undefined, isDescending: false }, 'macs');
    const down = nextSide(up, 'macs');
    assert.deepEqual(
      [up.isDescending, down.isDescending, nextSide(down, 'macs').column],
      [false, true, undefined],
    );
    assert.equal(nextSide(down, 'id').isDescending, false);
  });
});

const side = firstSide(await readSideBySide((id) => Promise.resolve(`/${id}.json`)));

describe('the table of all networks', () => {
  const of = (id: string) => side.networks.find((network) => network.id === id)!;

  it('has every network of the registry with its card’s own numbers', () => {
    for (const { id, manifestPath } of MODELS) {
      const manifest = JSON.parse(readFileSync(`public/${manifestPath}`, 'utf8'));
      const { parameters, macs, accuracy: found, sizeBytes, weights } = of(id);
      assert.deepEqual(
        [parameters, macs, sizeBytes, weights],
        [manifest.parameters, manifest.macs, manifest.files.weights.sizeBytes, 'here'],
      );
      assert.equal(found?.value, manifest.measured[0].value);
    }
    assert.deepEqual(
      measurable(side).map(({ id }) => id),
      MODELS.map(({ id }) => id),
    );
  });

  it('counts graphs without weights as they were published, and says that there are none', () => {
    assert.deepEqual([of('vgg16').parameters, of('bert-base').parameters], [138_357_544, 109_482_240]);
    assert.equal(of('gpt2').parameters, 124_439_808);
    assert.ok(Math.abs(of('vgg16').macs / 15.47e9 - 1) < 0.01);
    for (const id of ['vgg16', 'inception-v3', 'bert-base', 'gpt2']) {
      assert.equal(of(id).weights, 'none');
      assert.deepEqual(
        [of(id).sizeBytes, of(id).accuracy, of(id).catalogue],
        [undefined, undefined, undefined],
      );
    }
  });

  it('lists published ones without an accuracy of ours', () => {
    assert.deepEqual(
      [of('mobilenetv2-12-int8').weights, of('mobilenetv2-12-int8').accuracy],
      ['published', undefined],
    );
    assert.equal(of('bertsquad-12-int8').sizeBytes, 124_565_601);
  });

  it('becomes lines of equal length for a spreadsheet', () => {
    const cells = sideCells(side.networks, new Map([['bert-mini', 2.5]]));
    assert.ok(cells.every((row) => row.length === cells[0].length));
    assert.equal(cells.length, side.networks.length + 1);
    assert.ok(cells.find(([id]) => id === 'bert-mini')?.includes(2.5));
  });
});
