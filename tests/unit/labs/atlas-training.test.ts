import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { AtlasBox } from '../../../src/labs/atlas-network.ts';
import { countTraining, markParts, onlyHead } from '../../../src/labs/atlas-training.ts';
import { describeAtlas } from '../../../src/labs/describe-atlas.ts';
import { bundledModel } from '../../fixtures/onnx/models.ts';

const network = describeAtlas(new Uint8Array(readFileSync(bundledModel)), { id: 'net', title: 'Net' });
const trained = network.boxes.filter(({ trains }) => trains).map(({ id }) => id);

test('everything thawed trains every weight of the network, everything frozen none', () => {
  const all = countTraining(network, new Set(trained));
  assert.deepEqual([all.trainable, all.frozen], [network.parameters, 0]);
  assert.equal(all.lowest?.id, trained[0]);
  const none = countTraining(network, new Set());
  assert.deepEqual([none.trainable, none.frozen, none.lowest], [0, network.parameters, undefined]);
});

test('the head alone is the last box of the first level', () => {
  const head = network.boxes.find(({ id }) => id === 'head');
  const { trainable, frozen } = countTraining(network, onlyHead(network));
  assert.equal(trainable, head?.parameters);
  assert.equal(trainable + frozen, network.parameters);
});

test('a weight that a frozen and a trained operator share counts once, as trained', () => {
  const box = (id: string, trains: [string, number][]): AtlasBox => ({
    ...network.boxes[0],
    id,
    op: 'MatMul',
    trains,
  });
  const tied = {
    ...network,
    boxes: [
      box('in', [['table', 10]]),
      box('out', [
        ['table', 10],
        ['b', 2],
      ]),
    ],
  };
  const { trainable, frozen, lowest } = countTraining(tied, new Set(['in']));
  assert.deepEqual([trainable, frozen, lowest?.id], [10, 2, 'in']);
  assert.equal(markParts(tied.boxes, new Set(['in'])), 'mixed');
  assert.equal(markParts([{ ...tied.boxes[0], trains: undefined }], new Set()), undefined);
});
