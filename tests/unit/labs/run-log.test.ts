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
  type RunLog,
} from '../../../src/labs/run-log.ts';

type Log = RunLog<string, number>;

const logOf = (count: number) =>
  Array.from({ length: count }).reduce<Log>((log) => addRun(log, 'settings', 1), emptyLog);
const letters = ({ runs }: Log) => runs.map(({ letter }) => letter).join('');

test('letters go on behind Z', () => {
  assert.deepEqual([0, 25, 26, 51, 52, 701, 702].map(letterOf), ['A', 'Z', 'AA', 'AZ', 'BA', 'ZZ', 'AAA']);
});

test('old runs leave, pinned ones stay, and no letter comes twice', () => {
  const log = pinRun(logOf(8), 'A', true);
  assert.equal(letters(addRun(log, 'settings', 1)), 'ACDEFGHI');
  const all = 'ABCDEFGH'.split('').reduce((now, letter) => pinRun(now, letter, true), logOf(8));
  assert.equal(letters(addRun(all, 'settings', 1)), 'ABCDEFGHI', 'the newest never leaves');
  assert.equal(letters(addRun(removeRun(logOf(2), 'B'), 'settings', 1)), 'AC');
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
