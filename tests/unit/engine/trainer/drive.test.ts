/** A driven training stops where it is told to, goes on from there, and is kept in a store. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemoryStore } from '../../../../src/engine/download/byte-store.ts';
import {
  decodeCheckpoint,
  encodeCheckpoint,
  openCheckpointStore,
} from '../../../../src/engine/trainer/checkpoint.ts';
import { createTrainingGate, driveTraining } from '../../../../src/engine/trainer/drive.ts';
import type { DriveOptions } from '../../../../src/engine/trainer/drive.ts';
import type { StepReport } from '../../../../src/engine/trainer/types.ts';
import { follow, open, settingsFor } from './small-training.ts';

function driving(changes: Partial<DriveOptions> = {}) {
  const reports: StepReport[] = [];
  const gate = createTrainingGate();
  const controller = new AbortController();
  const options: DriveOptions = {
    gate,
    signal: controller.signal,
    turn: (work) => work(),
    onReport: (report) => reports.push(report),
    onPhase: () => undefined,
    now: () => 0,
    ...changes,
  };
  return { reports, gate, controller, options };
}

test('pause holds the next step, step lets one through, resume all', async () => {
  const training = open(settingsFor());
  const { reports, gate, options } = driving();
  const seen = [1, 2, 3].map(() => Promise.withResolvers<undefined>());
  const done = driveTraining(training, {
    ...options,
    onReport(report) {
      reports.push(report);
      if (report.step === 2) gate.pause();
      seen[report.step - 1]?.resolve(undefined);
    },
  });
  await seen[1].promise;
  await new Promise(setImmediate);
  assert.equal(reports.length, 2);
  gate.step();
  await seen[2].promise;
  await new Promise(setImmediate);
  assert.equal(reports.length, 3);
  gate.resume();
  assert.deepEqual(await done, { kind: 'finished', keptStep: 9 });
  const plain = open(settingsFor());
  assert.deepEqual(reports, await follow(plain), 'pausing changes no number');
  await Promise.all([training.release(), plain.release()]);
});

test('cancel stops before the next step, paused or not', async () => {
  for (const isPaused of [false, true]) {
    const training = open(settingsFor());
    const { reports, gate, controller, options } = driving();
    const done = driveTraining(training, {
      ...options,
      onReport(report) {
        reports.push(report);
        if (isPaused) gate.pause();
        setImmediate(() => controller.abort());
      },
    });
    await assert.rejects(done, { code: 'cancelled' });
    assert.equal(training.step, reports.length);
    assert.ok(reports.length < 9);
    await training.release();
  }
});

test('a training kept in a store goes on after a reload; another task or damaged bytes start anew', async () => {
  const bytes = createMemoryStore();
  const store = await openCheckpointStore(bytes, 'training test', 'a task');
  const training = open(settingsFor());
  const { gate, options, controller } = driving({ store });
  await assert.rejects(
    driveTraining(training, {
      ...options,
      onReport({ step }) {
        if (step === 4) gate.pause();
        if (step === 4) setImmediate(() => controller.abort());
      },
    }),
    { code: 'cancelled' },
  );
  await training.release();
  const again = await openCheckpointStore(bytes, 'training test', 'a task');
  const from = await again.find();
  assert.equal(from?.step, 4);
  const rest = open(settingsFor(), { from });
  const whole = open(settingsFor());
  assert.deepEqual(await follow(rest), (await follow(whole)).slice(4));
  await Promise.all([rest.release(), whole.release()]);

  const other = await openCheckpointStore(bytes, 'training test', 'another task');
  assert.equal(await other.find(), undefined);
  await again.forget();
  assert.equal(await again.find(), undefined);
});

test('a training is kept once a second, and less often where writing takes long', async () => {
  for (const [writeMs, kept] of [
    [0, 5],
    [100, 3],
  ]) {
    let clock = 0;
    let count = 0;
    const store = {
      save: () => Promise.resolve(void ((clock += writeMs), (count += 1))),
      find: () => Promise.resolve(undefined),
      forget: () => Promise.resolve(),
    };
    const training = open(settingsFor());
    const { options } = driving({ store, now: () => clock, onReport: () => (clock += 501) });
    // nine steps of half a second; at the end it is kept in any case
    await driveTraining(training, options);
    assert.equal(count, kept, `${writeMs} ms`);
    await training.release();
  }
});

test('damaged checkpoints are refused, not half read', () => {
  const whole = encodeCheckpoint({
    step: 3,
    weights: new Map([['w', Float32Array.of(1, 2)]]),
    moments: new Map(),
    firstLoss: undefined,
    best: undefined,
    end: undefined,
  });
  assert.deepEqual(decodeCheckpoint(whole).weights.get('w'), Float32Array.of(1, 2));
  for (const bytes of [whole.slice(0, 2), whole.slice(0, -4), new Uint8Array(64), whole.toReversed()])
    assert.throws(() => decodeCheckpoint(bytes), { code: 'bad-input' });
});
