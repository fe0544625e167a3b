/** Trainings that cannot work are refused in words; small ones that can, run. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isThawError } from '../../../../src/engine/errors.ts';
import type { TrainingSettings, TrainingTask } from '../../../../src/engine/trainer/types.ts';
import { cornerPictures, follow, headPhase, open, settingsFor, task } from './small-training.ts';

const none = { ...cornerPictures(1, 1), labels: new Int32Array() };

const cases: readonly [
  what: string,
  message: RegExp,
  task: Partial<TrainingTask>,
  settings?: Partial<TrainingSettings>,
][] = [
  ['no class', /no class/, { classes: [] }],
  ['one class', /only one class, “cat”/, { classes: ['cat'] }],
  ['a class named like another', /Two classes are called “Cat ”/, { classes: ['cat', 'Cat ', 'dog'] }],
  ['a class without a name', /no name/, { classes: ['cat', ' ', 'dog'] }],
  ['a class without examples', /no example of “below”/, { train: cornerPictures(1, 6, 2) }],
  ['no pictures', /no examples to learn from/, { train: none }],
  ['no pictures to measure with', /no examples to measure with/, { heldOut: none }],
  ['labels beyond the classes', /of class 3; there are 3/, { heldOut: cornerPictures(1, 8, 4) }],
  [
    'more labels than pictures',
    /do not fit together/,
    { train: { ...cornerPictures(1, 3), labels: new Int32Array(5) } },
  ],
  ['no epochs', /no epoch/, {}, { phases: [{ ...headPhase, epochs: 0 }] }],
  ['an empty batch', /batch of 0/, {}, { batchSize: 0 }],
  [
    'a learning rate that is none',
    /learning rate of “head” is NaN/,
    {},
    {
      phases: [{ ...headPhase, groups: [{ ...headPhase.groups[0], learningRate: NaN }] }],
    },
  ],
  ['early stopping that sees nothing', /nothing to watch/, {}, { patience: 2 }],
];

for (const [what, message, changes, settings] of cases)
  test(`refused: ${what}`, () => {
    assert.throws(
      () => open(settingsFor(settings), { of: { ...task, ...changes } }),
      (error) => isThawError(error, 'bad-input') && message.test(error.message) && error.advice !== '',
    );
  });

test('nothing thawed is refused with what to do', async () => {
  const training = open(settingsFor({ phases: [{ groups: [], epochs: 1 }] }));
  await assert.rejects(training.next(), /nothing to train/);
});

test('one picture a class and duplicates train', async () => {
  const one = cornerPictures(1, 3);
  const { data, shape } = one.inputs['input'];
  const twice = Float32Array.from([...(data as Float32Array), ...(data as Float32Array)]);
  const input = { dtype: 'float32', shape: [6, ...shape.slice(1)], data: twice };
  for (const train of [one, { inputs: { input }, labels: Int32Array.of(0, 1, 2, 0, 1, 2) }]) {
    const training = open(settingsFor({ phases: [{ ...headPhase, epochs: 5 }] }), { of: { ...task, train } });
    const reports = await follow(training);
    assert.equal(reports.length, 5);
    assert.ok(reports[4].loss < reports[0].loss);
    await training.release();
  }
});

test('five thousand pictures train; more than memory holds are refused', async () => {
  const training = open(settingsFor({ phases: [{ ...headPhase, epochs: 1 }], evaluateEvery: 0 }), {
    of: { ...task, train: cornerPictures(1, 5000) },
  });
  assert.equal(training.steps, 625);
  const losses = (await follow(training, 80)).map(({ loss }) => loss);
  const sum = (some: readonly number[]) => some.reduce((total, one) => total + one, 0);
  assert.ok(sum(losses.slice(-20)) < 0.95 * sum(losses.slice(0, 20)), losses.join(' '));
  await training.release();
  const shape = [20_001, 3, 16, 16];
  const data = new Float32Array(20_001 * 3 * 16 * 16);
  const labels = Int32Array.from({ length: 20_001 }, (_, at) => at % 3);
  const train = { inputs: { input: { dtype: 'float32' as const, shape, data } }, labels };
  assert.throws(
    () => open(settingsFor(), { of: { ...task, train } }),
    /20001 examples .*more than the 20000/,
  );
});
