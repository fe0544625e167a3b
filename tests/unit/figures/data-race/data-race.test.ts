/** The data race as a figure: its state, its address, what it draws into a small DOM. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { raceCsv } from '../../../../src/figures/data-race/csv.ts';
import { frameRuns, packFrame } from '../../../../src/figures/data-race/frame.ts';
import {
  findingOf,
  firstState,
  pendingEntries,
  sharedFields,
  sharedOf,
  shownRuns,
  toggleChoice,
  withRun,
  withShared,
  type RaceState,
} from '../../../../src/figures/data-race/model.ts';
import { raceShell } from '../../../../src/figures/data-race/shell.ts';
import { actionsOf, drawRace } from '../../../../src/figures/data-race/view.ts';
import { makeStage } from '../../../../src/figures/kit/static.ts';
import { readFields, writeFields } from '../../../../src/figures/kit/url-state.ts';
import type { RaceNetwork } from '../../../../src/labs/data-race/costs.ts';
import { firstChoice, listEntries, type RaceRun } from '../../../../src/labs/data-race/plan.ts';

const network: RaceNetwork = {
  id: 'tiny',
  backbone: ['a'],
  head: ['head.weight', 'head.bias'],
  backboneParameters: 1000,
  features: 4,
  classes: 5,
  backboneForwardMacs: 100,
  headStepMacs: 40,
  wholeStepMacs: 330,
};
const skills = { 'fine-tuning': 30, 'feature-extractor': 24, 'from-scratch': 15 };
const runs = listEntries(firstChoice).map((entry): RaceRun => ({
  ...entry,
  correct: skills[entry.method] + entry.size + entry.seed,
  asked: 60,
  steps: 40,
  isDiverged: false,
}));
const frame = packFrame('abc', network, firstChoice, runs);
const first = firstState(frame, 4_000_000);

test('a frame gives back the trainings that it was made of, and refuses what no frame should show', () => {
  assert.deepEqual(frameRuns(JSON.parse(JSON.stringify(frame)) as typeof frame), runs);
  assert.throws(() => packFrame('abc', network, firstChoice, [{ ...runs[0], isDiverged: true }]), /diverged/);
  assert.throws(() => packFrame('abc', network, firstChoice, [runs[0], { ...runs[1], asked: 3 }]), /other/);
});

test('the first training of the page puts the precomputed ones away; what is done is not run again', () => {
  assert.equal(pendingEntries(first).length, 45);
  const [entry] = pendingEntries(first);
  const one: RaceState = { ...first, ...withRun(first, { ...runs[0], ...entry, trainingMs: 500 }) };
  assert.equal(one.isPrecomputed, false);
  assert.equal(one.runs.length, 1);
  assert.equal(pendingEntries(one).length, 44);
  const two = { ...one, ...withRun(one, { ...runs[1], trainingMs: 5 }) };
  assert.equal(two.runs.length, 2);
  const fewer = { ...two, choice: { ...two.choice, methods: ['from-scratch'] as const } };
  assert.equal(shownRuns(fewer).length, 0);
  assert.equal(pendingEntries(fewer).length, 15);
});

test('choices toggle in their own order and the last of a kind stays', () => {
  const without = toggleChoice(firstChoice, 'feature-extractor', false);
  assert.deepEqual(without.methods, ['fine-tuning', 'from-scratch']);
  assert.deepEqual(toggleChoice(without, 'feature-extractor', true), firstChoice);
  const one = { ...firstChoice, sizes: [5] as const };
  assert.deepEqual(toggleChoice(one, '5', false).sizes, [5]);
  assert.deepEqual(toggleChoice(one, '20', true).sizes, [5, 20]);
});

test('a link carries the choice, and nonsense in it is ignored', () => {
  const state = withShared(first, { methods: 'from-scratch', sizes: '1.20', seeds: 1, at: '20' });
  assert.deepEqual(state.choice, { methods: ['from-scratch'], sizes: [1, 20], seeds: 1 });
  assert.equal(state.at, 20);
  const query = writeFields(sharedFields, sharedOf(state), sharedOf(first), '');
  assert.deepEqual(withShared(first, readFields(sharedFields, query)), state);
  assert.equal(writeFields(sharedFields, sharedOf(first), sharedOf(first), query), '');
  const wrong = readFields(sharedFields, '?methods=magic&sizes=3&seeds=99&at=7');
  assert.deepEqual(withShared(first, wrong), first);
});

test('the caption compares the best transfer with none at the size that is shown', () => {
  const finding = findingOf(first);
  assert.equal(finding.method, 'fine-tuning');
  assert.equal(finding.size, 2);
  assert.ok(Math.abs(finding.best - 34 / 60) < 1e-9);
  assert.ok(Math.abs(finding.scratch - 19 / 60) < 1e-9);
});

const states: Record<string, RaceState> = {
  first,
  loading: {
    ...first,
    status: 'loading',
    progress: { label: 'coming', receivedBytes: 1e6, totalBytes: 4e6 },
  },
  running: {
    ...first,
    status: 'running',
    isPrecomputed: false,
    runs: runs.slice(0, 7),
    now: { entry: runs[7], step: 20, steps: 40 },
  },
  stopped: { ...first, status: 'ready', isPrecomputed: false, runs: runs.slice(0, 7) },
  finished: { ...first, status: 'ready', isPrecomputed: false, backend: 'WebAssembly' },
  failed: { ...first, status: 'failed', problem: { message: 'It failed.', advice: 'Try again.' } },
  empty: { ...first, status: 'running', isPrecomputed: false, runs: [] },
};

test('what can be pressed follows the state', () => {
  const actions = (name: string) => actionsOf(states[name]).map(({ action }) => action);
  assert.deepEqual(actions('first'), ['run']);
  assert.deepEqual(actions('loading'), ['cancel']);
  assert.deepEqual(actions('running'), ['stop']);
  assert.deepEqual(actions('stopped'), ['run', 'restart']);
  assert.deepEqual(actions('finished'), ['restart']);
  assert.deepEqual(actions('failed'), ['run']);
  assert.equal(actionsOf(states.stopped)[0].note, '38 trainings, 4.0\u202fMB');
});

for (const [name, state] of Object.entries(states))
  test(`drawing twice changes nothing: ${name}`, () => {
    const stage = makeStage(raceShell('race'));
    drawRace(stage, state);
    const once = stage.innerHTML;
    drawRace(stage, state);
    assert.equal(stage.innerHTML, once);
    drawRace(stage, first);
    drawRace(stage, state);
    assert.equal(stage.querySelectorAll('svg.wide g.line').length, name === 'empty' ? 0 : 3);
    assert.doesNotMatch(stage.innerHTML, /NaN|undefined|\[object/);
  });

test('a training under way says its steps once they are known', () => {
  const stage = makeStage(raceShell('race'));
  const words = (state: RaceState) => {
    drawRace(stage, state);
    return stage.querySelector('.race-now span')?.textContent;
  };
  assert.equal(
    words(states.running),
    'feature extractor, 5 a class, seed 1: step 20 of 40; 38 trainings to go',
  );
  const last = { ...states.running, runs: runs.slice(0, 44), now: { entry: runs[44], step: 0, steps: 0 } };
  assert.equal(words(last), 'from scratch, 20 a class, seed 3: being prepared; 1 training to go');
});

test('where nothing was trained a sentence stands in place of the table', () => {
  const stage = makeStage(raceShell('race'));
  const shown = (state: RaceState, part: string) => {
    drawRace(stage, state);
    const place = stage.querySelector(`[data-part="${part}"]`)?.parentElement;
    const note = place?.nextElementSibling;
    return [
      place?.hasAttribute('hidden') ? '' : 'table',
      note?.hasAttribute('hidden') ? '' : note?.textContent,
    ];
  };
  assert.deepEqual(shown(first, 'costs'), ['table', '']);
  const at20: RaceState = { ...states.stopped, at: 20 };
  assert.deepEqual(shown(at20, 'costs'), ['', 'Nothing has been trained with this number of examples.']);
  assert.deepEqual(shown(at20, 'numbers'), ['table', '']);
  assert.deepEqual(shown(states.empty, 'numbers'), ['', 'Nothing has been trained yet.']);
  assert.deepEqual(shown(first, 'costs'), ['table', '']);
});

test('chart, label and table say the same numbers', () => {
  const stage = makeStage(raceShell('race'));
  drawRace(stage, first);
  const rows = [...stage.querySelectorAll('[data-part="numbers"] tbody tr')].map((row) => row.textContent);
  assert.equal(rows.length, 15);
  // 30 + 5 + (1, 2, 3) of 60
  assert.match(rows[2], /^fine-tuning5362\u202f% ± 2/);
  const label = stage.querySelector('svg.wide')?.getAttribute('aria-label') ?? '';
  assert.match(label, /1 to 20 examples a class, fine-tuning goes from 55\u202f% right/);
  const circle = stage.querySelector('svg.wide g.fine-tuning circle[data-key="5"]');
  const height = (share: number) => 300 - 46 - share * (300 - 46 - 14);
  assert.ok(Math.abs(Number(circle?.getAttribute('cy')) - height(37 / 60)) < 0.06);
  assert.equal(stage.querySelectorAll('[data-part="costs"] tbody tr').length, 3);
  const checked = [...stage.querySelectorAll('input[checked]')].map((input) => input.getAttribute('value'));
  assert.deepEqual(checked, [...firstChoice.methods, '1', '2', '5', '10', '20', '2']);
});

test('the file has a row for each training', () => {
  const [headings, row, ...rest] = raceCsv(network, runs).trim().split('\r\n');
  assert.match(headings, /^method,examples per class,seed,correct,asked,accuracy/);
  assert.equal(row, 'fine-tuning,1,1,32,60,0.5333333333333333,40,,66000,1025,no');
  assert.equal(rest.length, 44);
});
