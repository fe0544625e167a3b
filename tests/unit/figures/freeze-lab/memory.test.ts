/** What the freeze lab keeps in the browser: logs and the run under way come back, nonsense does not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choiceOf } from '../../../../src/labs/freeze-lab/choice.ts';
import type { RunResult } from '../../../../src/labs/freeze-lab/run-result.ts';
import { firstSettings } from '../../../../src/labs/freeze-lab/settings.ts';
import { addRun, clearRuns, emptyLog, renameRun, undo } from '../../../../src/labs/run-log.ts';
import {
  keepLog,
  keepOpenRun,
  readLog,
  readOpenRun,
  readSettings,
  writeSettings,
} from '../../../../src/figures/freeze-lab/memory.ts';
import { cutRun, newRun, resultOf } from '../../../../src/figures/freeze-lab/model.ts';
import { storageKeys } from '../../../../src/site/storage.ts';
import { network } from '../../labs/freeze-lab/network-fixture.ts';

const store = new Map<string, string>();
let isRefused = false;
const refuse = <T>(value: T): T => {
  if (isRefused) throw new DOMException('no', 'SecurityError');
  return value;
};
Object.defineProperty(globalThis, 'localStorage', {
  value: {
    getItem: (key: string) => refuse(store.get(key) ?? null),
    setItem: (key: string, value: string) => refuse(store.set(key, value)),
    removeItem: (key: string) => refuse(store.delete(key)),
  },
});

const settings = {
  ...firstSettings(network, 'head'),
  choice: choiceOf(network, 'norms'),
  rates: { head: 0.5, backbone: 1e-7 },
  task: { subject: 'kinds' as const, shots: 10 as const, seed: 7 },
  isGradual: true,
};
const run = { ...newRun(settings, 5), step: 2, steps: 9, losses: [1.5, Number.NaN], stepMs: [1, 2] };
const result: RunResult = resultOf(run, { end: 'diverged', changes: [], totalMs: 3, backend: 'WASM' });
const log = renameRun(addRun(emptyLog, settings, result), 'A', '<b>');

test('a log comes back with names, settings and what was no number; clearing can be undone', () => {
  assert.equal(keepLog(network, log), true);
  assert.deepEqual(readLog(network), log);
  assert.deepEqual(readLog({ ...network, id: 'bert-mini' }), emptyLog, 'each network has its own');
  assert.deepEqual(undo(clearRuns(log)).runs, log.runs);
  keepLog(network, clearRuns(log));
  assert.equal(store.has(storageKeys.freezeLog), false);
});

test('a run under way comes back, cut at the step whose weights were kept', () => {
  const { settings: own, ...now } = run;
  const open = { network: network.id, settings: writeSettings(network, own), letter: 'B', run: now };
  keepOpenRun(open);
  assert.deepEqual(readOpenRun(), open);
  assert.deepEqual(readSettings(network, open.settings), settings);
  const cut = cutRun(run, 1);
  assert.deepEqual([cut.step, cut.losses, cut.stepMs], [1, [1.5], [1]]);
  assert.equal(cutRun(run, 4).losses.length, 4, 'weights may be newer than what was written down');
  keepOpenRun(undefined);
  assert.equal(readOpenRun(), undefined);
});

test('whatever else stands there counts as nothing, and a browser may refuse', () => {
  const bad = ['', '[]', '7', '{"network":"x"}', '{"resnet-mixed":{"runs":[{"letter":1}],"count":1}}', '{'];
  for (const text of bad) {
    store.set(storageKeys.freezeLog, text).set(storageKeys.freezeRun, text);
    assert.deepEqual(readLog(network).runs, [], text);
    assert.equal(readOpenRun(), undefined, text);
  }
  isRefused = true;
  assert.equal(keepLog(network, log), false);
  assert.equal(readOpenRun(), undefined);
  isRefused = false;
});
