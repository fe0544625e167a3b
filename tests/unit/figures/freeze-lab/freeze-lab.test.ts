/** The freeze lab's figure: state, link, file and drawing, without a browser. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choiceOf, withBlock } from '../../../../src/labs/freeze-lab/choice.ts';
import type { RunResult } from '../../../../src/labs/freeze-lab/run-result.ts';
import { addRun, renameRun } from '../../../../src/labs/run-log.ts';
import { firstSettings, withPreset } from '../../../../src/labs/freeze-lab/settings.ts';
import { makeStage } from '../../../../src/figures/kit/static.ts';
import { readFields, writeFields } from '../../../../src/figures/kit/url-state.ts';
import { makeCounter } from '../../../../src/figures/freeze-lab/counting.ts';
import { logCsv } from '../../../../src/figures/freeze-lab/csv.ts';
import {
  blockRows,
  firstState,
  predictTime,
  proofOf,
  type FreezeState,
} from '../../../../src/figures/freeze-lab/model.ts';
import { readField } from '../../../../src/figures/freeze-lab/read-field.ts';
import { fromShared, labFields, toShared } from '../../../../src/figures/freeze-lab/share.ts';
import { freezeShell } from '../../../../src/figures/freeze-lab/shell.ts';
import { drawFreeze } from '../../../../src/figures/freeze-lab/view.ts';
import { model, network } from '../../labs/freeze-lab/network-fixture.ts';

const first = firstSettings(network, 'head');
const counter = makeCounter(model, network);
const counts = counter.count(first);
const everything = counter.count(withPreset(network, first, 'all')).count;
const still = firstState(network, 'head', { ...counts, downloadBytes: 7_300_000 });

const result: RunResult = {
  ...{ end: 'finished', steps: 40, losses: [1.6, 0.4], stepMs: 0.5, totalMs: 900, trainableParameters: 1285 },
  stepMacs: 40_960,
  ...{ backwardNodes: 2, cachedBytes: 40_960, backend: 'WebAssembly' },
  accuracies: [{ step: 40, accuracy: { correct: 13, asked: 15, share: 13 / 15, low: 0.62, high: 0.96 } }],
  changes: network.blocks
    .filter(({ weights }) => weights.length > 0)
    .map(({ id, weights }) => {
      const size = weights.reduce((sum, one) => sum + one.size, 0);
      const isHead = id === 'head';
      return { id, change: isHead ? 0.7 : 0, moved: isHead ? size : 0, weights: size, statisticsChange: 0 };
    }),
};

const ran: FreezeState = {
  ...still,
  status: 'ready',
  log: renameRun(addRun(still.log, first, result), 'A', '<img src=x onerror=alert(1)>'),
  run: {
    ...{ trainableParameters: 1285, stepMacs: 40_960 },
    ...{ settings: first, step: 40, steps: 40, losses: result.losses, accuracies: result.accuracies },
    ...{
      stepMs: [0.5],
      cachedBytes: 40_960,
      isPaused: false,
      phase: 0,
      changes: result.changes,
      letter: 'A',
    },
    layers: { head: { change: 0.7, gradientNorm: 0.1 } },
  },
  classes: ['bee', 'owl'],
};

test('rows tell the state, the gradient and what moved', () => {
  const rows = blockRows({ ...ran, settings: { ...first, choice: withBlock(first.choice, '3.1', true) } });
  assert.equal(
    rows.map(({ backward }) => backward).join(' '),
    'none none none none none end pass pass pass pass update',
  );
  assert.equal(rows[0].now?.change, 0);
  assert.equal(rows.find(({ block }) => block.id === 'pool')?.now, undefined);
  assert.deepEqual(proofOf(ran), { frozenBlocks: 9, frozenWeights: 2_795_040, moved: 0, leaking: 0 });
});

test('a time is predicted from a run that had enough to do, and from no other', () => {
  const costs = { ...still, count: everything };
  assert.equal(predictTime({ ...costs, log: ran.log }), undefined, 'the head is all overhead');
  const macs = (everything?.stepMacs ?? 0) / 4;
  const log = addRun(ran.log, first, { ...result, stepMacs: macs, stepMs: 50 });
  assert.deepEqual(predictTime({ ...costs, log }), { letter: 'B', stepMs: 200 });
  assert.equal(predictTime({ ...still, log }), undefined);
});

test('a link carries the settings, and nonsense in it is left out', () => {
  const table = labFields(network);
  const fallbacks = toShared(network, first);
  assert.equal(writeFields(table, fallbacks, fallbacks, ''), '');
  const own = {
    ...withPreset(network, first, 'scratch'),
    rates: { head: 0.5, backbone: 1e-7 },
    task: { subject: 'kinds' as const, shots: 10 as const, seed: 77 },
    isGradual: true,
  };
  const query = writeFields(table, toShared(network, own), fallbacks, '');
  assert.deepEqual(fromShared(network, first, readFields(table, query)), own);
  const bad = '?thaw=9.9&head=-1&shots=3&seed=1e9&subject=%3Cb%3E&norms=both&steps=0';
  assert.deepEqual(readFields(table, bad), {});
  assert.equal(fromShared(network, first, { shots: 10 }).task.shots, 5);
  const none = fromShared(network, first, readFields(table, '?thaw=none'));
  assert.equal(none.choice.thawed.size, 0);
});

test('fields say what is wrong with a number', () => {
  const read = (field: string, value: string) => readField(network, first, field, { value, checked: true });
  assert.equal(read('head', '0,02').settings.rates.head, 0.02);
  assert.equal(read('head', '100').settings.rates.head, 100);
  for (const text of ['', 'fast', '-1', '1e9'])
    assert.match(read('head', text).notice ?? '', /is no learning rate/);
  assert.match(read('steps', '2.5').notice ?? '', /whole number from 1 to 400/);
  assert.equal(read('norms', 'batch').settings.statistics, 'batch');
  assert.equal(read('moves', 'biases').settings.choice.kinds, 'biases');
});

test('drawing twice changes nothing, and a name is text', () => {
  const stage = makeStage(freezeShell('lab'));
  drawFreeze(stage, still, false);
  assert.equal(stage.querySelectorAll('.toggle[aria-pressed="true"]').length, 1);
  assert.match(
    stage.querySelector('[data-part="sum"]')?.textContent ?? '',
    /^1,285 of 2,796,325 weights move/,
  );
  assert.equal(stage.querySelectorAll('.n-bar').length, 0, 'no bars before a run');
  drawFreeze(stage, ran);
  const once = stage.innerHTML;
  drawFreeze(stage, ran);
  assert.equal(stage.innerHTML, once);
  assert.equal(stage.querySelectorAll('img').length, 0);
  assert.equal(stage.querySelectorAll('.n-bar').length, 22);
  assert.match(stage.querySelector('[data-part="said"]')?.textContent ?? '', /0 of them changed/);
  drawFreeze(stage, { ...ran, settings: { ...first, choice: choiceOf(network, 'all') } });
  assert.equal(stage.querySelectorAll('.n-bar').length, 0, 'bars of another choice would lie');
});

test('with everything frozen there is nothing to train', () => {
  const stage = makeStage(freezeShell('lab'));
  const choice = { ...first.choice, thawed: new Set<string>() };
  drawFreeze(stage, { ...still, settings: { ...first, choice }, count: undefined });
  assert.equal(stage.querySelector('[data-action="run"]')?.hasAttribute('disabled'), true);
  assert.match(stage.querySelector('[data-part="counts"]')?.textContent ?? '', /Thaw a block/);
});

test('the log as a file holds a row for each run, and no formula', () => {
  const log = renameRun(ran.log, 'A', '=1+1');
  const [headings, row] = logCsv(network, log.runs).split('\r\n');
  assert.match(headings, /^run,name,thawed/);
  assert.match(row, /^A,'=1\+1,head,all,pretrained,animals,5,1,0\.01,0\.0003,adamw,stored,once,40,1285,2,/);
  assert.equal(row.split(',').length, headings.split(',').length);
});
