/** The freeze lab's experiment: what a choice moves and costs, what a run gives, and that frozen means zero. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  choiceOf,
  gradualChoices,
  groupsOf,
  movingIn,
  presetOf,
  presets,
  stateOf,
  withBlock,
} from '../../../../src/labs/freeze-lab/choice.ts';
import { countStep } from '../../../../src/labs/freeze-lab/count-step.ts';
import { describeLab, withNewHead } from '../../../../src/labs/freeze-lab/describe-lab.ts';
import { weightyBlocks } from '../../../../src/labs/freeze-lab/network.ts';
import { emptyWeights } from '../../../../src/labs/freeze-lab/skeleton.ts';
import { firstSettings, withPreset, withTask, orderOf } from '../../../../src/labs/freeze-lab/settings.ts';
import { drawTask } from '../../../../src/labs/freeze-lab/task.ts';
import type { TrainingTask } from '../../../../src/engine/trainer/types.ts';
import { model, network, readSheet, runHere, skip, stored } from './network-fixture.ts';

const options = { batchSize: 16, statistics: 'stored', optimizer: 'adamw' } as const;
const count = (preset: (typeof presets)[number]) =>
  countStep(model, network, choiceOf(network, preset), options);

test('the blocks of the network, with a head for the task', () => {
  assert.deepEqual(
    network.blocks.map(({ id }) => id),
    ['stem', '1.1', '1.2', '2.1', '2.2', '3.1', '3.2', '4.1', '4.2', 'pool', 'head'],
  );
  const head = network.blocks.at(-1);
  assert.deepEqual(head?.shape, [5]);
  assert.equal(
    head?.weights.reduce((sum, { size }) => sum + size, 0),
    5 * 256 + 5,
  );
  assert.equal(network.blocks[1].statistics.length, 4);
});

test('every preset is known again, and moves what its name says', () => {
  for (const preset of presets) assert.equal(presetOf(network, choiceOf(network, preset)), preset);
  const moved = (preset: (typeof presets)[number]) =>
    network.blocks.filter((block) => movingIn(network, block, choiceOf(network, preset)).length > 0).length;
  assert.deepEqual(presets.map(moved), [1, 2, 3, 5, 10, 10, 10, 10]);
  const own = withBlock(choiceOf(network, 'head'), '1.1', true);
  assert.equal(presetOf(network, own), undefined);
  const biases = choiceOf(network, 'biases');
  const stem = weightyBlocks(network)[0];
  assert.deepEqual(movingIn(network, stem, biases), ['stem.bn.bias']);
  assert.equal(stateOf(network, stem, biases), 'mixed');
  assert.deepEqual(movingIn(network, stem, choiceOf(network, 'norms')), ['stem.bn.weight', 'stem.bn.bias']);
});

test('groups name every moving weight once, the head apart', () => {
  const [head, backbone] = groupsOf(network, choiceOf(network, 'all'), { head: 0.1, backbone: 0.01 });
  assert.deepEqual([head.id, head.learningRate, head.weights], ['head', 0.1, ['head.weight', 'head.bias']]);
  assert.equal(
    new Set([...head.weights, ...backbone.weights]).size,
    head.weights.length + backbone.weights.length,
  );
  assert.equal(groupsOf(network, choiceOf(network, 'head'), { head: 1, backbone: 1 }).length, 1);
});

test('gradual unfreezing goes from the head down by stages', () => {
  const steps = gradualChoices(network, choiceOf(network, 'half'));
  assert.deepEqual(
    steps.map(({ thawed }) => [...thawed].toSorted()),
    [['head'], ['4.1', '4.2', 'head'], ['3.1', '3.2', '4.1', '4.2', 'head']],
  );
});

test('the backward pass ends at the lowest trainable block', () => {
  const stage = count('last-stage');
  const reached = Object.keys(stage?.backwardIn ?? {}).toSorted();
  assert.deepEqual(reached, ['4.1', '4.2', 'head', 'pool']);
  const nodes = (['head', 'last-block', 'last-stage', 'half', 'all'] as const).map(
    (preset) => count(preset)?.nodes.backward ?? 0,
  );
  assert.deepEqual(
    nodes,
    nodes.toSorted((a, b) => a - b),
  );
  // a low block alone costs nearly what everything does
  const lone = countStep(model, network, withBlock(choiceOf(network, 'head'), '1.1', true), options);
  assert.ok((lone?.nodes.backward ?? 0) > 50 * nodes[0], String(lone?.nodes.backward));
  const macs = (lone?.stepMacs ?? 0) / (count('all')?.stepMacs ?? 1);
  assert.ok(macs > 0.5 && macs < 1, String(macs));
  const nothing = { ...choiceOf(network, 'head'), thawed: new Set<string>() };
  assert.equal(countStep(model, network, nothing, options), undefined);
});

test('a graph without weights is counted as the real one', () => {
  const empty = withNewHead(emptyWeights(stored), 5);
  assert.deepEqual(describeLab(empty), network);
  for (const preset of ['head', 'last-stage', 'norms'] as const)
    assert.deepEqual(countStep(empty, network, choiceOf(network, preset), options), count(preset));
});

test('tasks ask the same questions however many examples there are', { skip }, async () => {
  const { index } = await readSheet();
  for (const subject of ['animals', 'plants', 'kinds'] as const) {
    const [one, five] = ([1, 5] as const).map((shots) => drawTask(index, { subject, shots, seed: 3 }));
    assert.deepEqual(one.query, five.query);
    assert.equal(five.support.length, 25);
    const shown = new Set(five.support.map(({ drawing }) => drawing.tile));
    assert.equal(
      five.query.some(({ drawing }) => shown.has(drawing.tile)),
      false,
    );
  }
  const settings = withTask(firstSettings(network, 'head'), { subject: 'kinds', shots: 10 });
  assert.equal(withTask(settings, { subject: 'food' }).task.shots, 5);
});

test('from scratch looks at the batch, since random weights have no statistics', () => {
  const scratch = withPreset(network, firstSettings(network, 'head'), 'scratch');
  assert.equal(scratch.statistics, 'batch');
  assert.equal(withPreset(network, scratch, 'all').statistics, 'stored');
});

test('a gradual run shares its epochs out among the phases', () => {
  const settings = { ...firstSettings(network, 'half'), isGradual: true, steps: 14 };
  const prepared = taskOf(25);
  const { phases, layers } = orderOf(network, settings, prepared).settings;
  assert.deepEqual(
    phases.map(({ epochs, groups }) => [epochs, groups.flatMap(({ weights }) => weights).length]),
    [
      [3, 2],
      [2, 17],
      [2, 32],
    ],
  );
  assert.equal(layers?.length, 5);
});

function taskOf(examples: number): TrainingTask {
  const data = new Float32Array(examples);
  const train = {
    inputs: { input: { dtype: 'float32' as const, shape: [examples, 1], data } },
    labels: new Int32Array(examples),
  };
  return { classes: ['a', 'b', 'c', 'd', 'e'], train };
}

test('the head learns five animals, and no frozen bit moves', { skip }, async () => {
  const settings = firstSettings(network, 'head');
  const events = await runHere(settings);
  const finished = events.at(-1);
  assert.ok(finished?.kind === 'finished');
  const frozen = finished.changes.filter(({ id }) => id !== 'head');
  assert.equal(frozen.length, 9);
  for (const { moved, change, statisticsChange } of frozen)
    assert.deepEqual([moved, change, statisticsChange], [0, 0, 0]);
  const head = finished.changes.at(-1);
  assert.ok((head?.moved ?? 0) > 1000 && (head?.change ?? 0) > 0.1);
  const facts = events.find((event) => event.kind === 'phase')?.facts;
  assert.deepEqual(facts?.nodes, count('head')?.nodes, 'the lab counts the graph that runs');
  assert.equal(facts?.isCached, true);
  const last = events.findLast((event) => event.kind === 'step')?.report.heldOut;
  // 15 questions: guessing gets 3, and 9 or more in one of 4,000 tries
  assert.ok((last?.correct ?? 0) >= 9, `${last?.correct} of ${last?.count}`);
});

test(
  'with batch statistics the frozen backbone keeps its weights and loses its averages',
  { skip },
  async () => {
    const events = await runHere({ ...firstSettings(network, 'head'), statistics: 'batch', steps: 2 });
    const finished = events.at(-1);
    assert.ok(finished?.kind === 'finished');
    const stem = finished.changes[0];
    assert.deepEqual([stem.id, stem.moved, stem.change], ['stem', 0, 0]);
    assert.ok(stem.statisticsChange > 0.001, String(stem.statisticsChange));
  },
);

test('learning rate 100 diverges, is explained, and the last good weights are kept', { skip }, async () => {
  const settings = { ...firstSettings(network, 'head'), rates: { head: 100, backbone: 100 } };
  const events = await runHere(settings);
  const finished = events.at(-1);
  assert.ok(finished?.kind === 'finished' && finished.end.kind === 'diverged');
  assert.match(finished.end.problem?.advice ?? '', /smaller learning rate than 100/);
  assert.equal(
    finished.changes.every(({ change }) => Number.isFinite(change)),
    true,
  );
});
