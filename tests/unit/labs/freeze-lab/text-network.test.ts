/** The freeze lab on an encoder that reads sentences: its blocks, what a choice moves and costs, and that frozen means zero. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { readModel } from '../../../../src/engine/onnx/reader.ts';
import { choiceOf, gradualChoices, movingIn, presetsOf } from '../../../../src/labs/freeze-lab/choice.ts';
import { countStep } from '../../../../src/labs/freeze-lab/count-step.ts';
import { prepareLab } from '../../../../src/labs/freeze-lab/describe-lab.ts';
import { runLab, type RunEvent } from '../../../../src/labs/freeze-lab/run.ts';
import { firstSettings, withPreset, type LabSettings } from '../../../../src/labs/freeze-lab/settings.ts';
import { emptyWeights } from '../../../../src/labs/freeze-lab/skeleton.ts';
import { textTask } from '../../../../src/labs/freeze-lab/text-task.ts';
import { file, library, openHere } from '../sentiment/fixture.ts';

const stored = readModel(file);
const { model, network } = prepareLab('bert-mini', stored);
const first = firstSettings(network, 'head');
const skip = !existsSync('public/generated/ort/index.json') && 'the runtime is not built';
const sizeOf = (id: string) =>
  network.blocks.find((block) => block.id === id)?.weights.reduce((sum, { size }) => sum + size, 0);
const movedBy = (preset: Parameters<typeof choiceOf>[1]) =>
  network.blocks.flatMap((block) => movingIn(network, block, choiceOf(network, preset)));

async function runHere(settings: LabSettings): Promise<RunEvent[]> {
  const { model: loaded, reader } = await openHere();
  const task = textTask(reader, library, settings.task);
  const { signal } = new AbortController();
  const events: RunEvent[] = [];
  for await (const event of runLab({ model: loaded, network, task, settings, signal })) events.push(event);
  return events;
}

test('an encoder is embeddings, four layers and a head over the mean of its states', () => {
  assert.deepEqual(
    network.blocks.map(({ id, shape }) => [id, shape]),
    [
      ['embeddings', [48, 256]],
      ...['1', '2', '3', '4'].map((id) => [id, [48, 256]]),
      ['pool', [256]],
      ['head', [2]],
    ],
  );
  assert.equal(sizeOf('head'), 2 * 256 + 2);
  assert.equal(sizeOf('4'), 789_760, 'four 256², two 256 × 1,024, and biases and norms');
  assert.deepEqual(prepareLab('bert-mini', emptyWeights(stored)).network, network);
});

test('presets that would choose the same are offered once', () => {
  assert.deepEqual(presetsOf(network), ['head', 'last-block', 'half', 'all', 'scratch', 'biases', 'norms']);
  const [biases, norms] = (['biases', 'norms'] as const).map(movedBy);
  assert.equal(
    biases.every((name) => /\.bias$|^classifier/.test(name)),
    true,
  );
  assert.ok(biases.includes('encoder.layer.0.attention.query.bias') && biases.length === 1 + 4 * 8 + 2);
  assert.equal(
    norms.every((name) => /norm\.(weight|bias)$|^classifier/.test(name)),
    true,
  );
  assert.equal(norms.length, 2 + 4 * 4 + 2);
  assert.equal(withPreset(network, first, 'scratch').statistics, 'stored', 'there is no BatchNorm');
  assert.deepEqual(
    gradualChoices(network, choiceOf(network, 'half')).map(({ thawed }) => [...thawed].toSorted()),
    [['head'], ['4', 'head'], ['3', '4', 'head']],
  );
});

test(
  'the last layer learns from forty sentences; below it no bit moves, and the lab counts the graph that runs',
  { skip },
  async () => {
    const settings = { ...first, choice: choiceOf(network, 'last-block'), steps: 15 };
    const events = await runHere(settings);
    const finished = events.at(-1);
    assert.ok(finished?.kind === 'finished');
    assert.deepEqual(
      finished.changes.map(({ id, moved, change }) => [id, moved > 0, change > 0]),
      [
        ['embeddings', false, false],
        ['1', false, false],
        ['2', false, false],
        ['3', false, false],
        ['4', true, true],
        ['head', true, true],
      ],
    );
    const options = { batchSize: 16, statistics: 'stored', optimizer: 'adamw' } as const;
    const facts = events.find((event) => event.kind === 'phase')?.facts;
    const count = countStep(model, network, settings.choice, options);
    assert.deepEqual(facts?.nodes, count?.nodes);
    assert.equal(facts?.trainableParameters, 789_760 + 514);
    assert.equal(facts?.isCached, true);
    const losses = events.flatMap((event) => (event.kind === 'step' ? [event.report.loss] : []));
    const mean = (part: readonly number[]) => part.reduce((sum, loss) => sum + loss, 0) / part.length;
    assert.ok(mean(losses.slice(-5)) < mean(losses.slice(0, 5)), losses.join(' '));
    const last = events.findLast((event) => event.kind === 'step')?.report.heldOut;
    assert.equal(last?.count, 80);
  },
);

test('tasks of sentences ask the same questions however many examples there are', { skip }, async () => {
  const { reader } = await openHere();
  const [few, many] = ([5, 40] as const).map((shots) =>
    textTask(reader, library, { subject: 'phones', shots, seed: 3 }),
  );
  assert.deepEqual(few.heldOut, many.heldOut);
  assert.deepEqual([few.train.labels.length, many.train.labels.length], [10, 80]);
  assert.deepEqual(many.train.inputs['input_ids'].shape, [80, 48]);
  assert.throws(() => textTask(reader, library, { subject: 'animals', shots: 5, seed: 1 }), RangeError);
});
