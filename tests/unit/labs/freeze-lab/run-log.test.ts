/** The log of runs: letters, names, pins, removal and its undoing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  addRun,
  emptyLog,
  letterOf,
  median,
  pinRun,
  removeRun,
  renameRun,
  undo,
  type RunResult,
} from '../../../../src/labs/freeze-lab/run-log.ts';
import { firstSettings } from '../../../../src/labs/freeze-lab/settings.ts';

const settings = firstSettings({ inputShape: [3, 64, 64], blocks: [] }, 'head');
const result: RunResult = {
  ...{ end: 'finished', steps: 1, losses: [1], accuracies: [], stepMs: 1, totalMs: 1 },
  ...{ trainableParameters: 1, stepMacs: 1, backwardNodes: 1, cachedBytes: 0, changes: [], backend: '' },
};
const logOf = (count: number) =>
  Array.from({ length: count }).reduce<typeof emptyLog>((log) => addRun(log, settings, result), emptyLog);
const letters = ({ runs }: typeof emptyLog) => runs.map(({ letter }) => letter).join('');

test('letters go on behind Z', () => {
  assert.deepEqual([0, 25, 26, 51, 52, 701, 702].map(letterOf), ['A', 'Z', 'AA', 'AZ', 'BA', 'ZZ', 'AAA']);
});

test('old runs leave, pinned ones stay, and no letter comes twice', () => {
  const log = pinRun(logOf(8), 'A', true);
  assert.equal(letters(addRun(log, settings, result)), 'ACDEFGHI');
  const all = 'ABCDEFGH'.split('').reduce((now, letter) => pinRun(now, letter, true), logOf(8));
  assert.equal(letters(addRun(all, settings, result)), 'ABCDEFGHI', 'the newest never leaves');
  assert.equal(letters(addRun(removeRun(logOf(2), 'B'), settings, result)), 'AC');
});

test('removing can be undone, once', () => {
  const log = removeRun(renameRun(logOf(3), 'B', '  <b>mine</b> '), 'B');
  assert.equal(letters(log), 'AC');
  const back = undo(log);
  assert.equal(letters(back), 'ABC');
  assert.equal(back.runs[1].name, '<b>mine</b>');
  assert.equal(undo(back), back);
  assert.equal(renameRun(back, 'A', 'x'.repeat(99)).runs[0].name.length, 40);
});

test('the median of few, many and no numbers', () => {
  assert.deepEqual([median([]), median([3]), median([9, 1, 2]), median([4, 1, 2, 3])], [0, 3, 2, 2.5]);
});
